"""Stepping a run by lines: asked for in a terminal, or read from standard input."""

from __future__ import annotations

import sys

from rnntui.plain.conversation import converse
from rnntui.plain.debugger import debugger
from rnntui.plain.header import backward_lines, header_lines
from rnntui.plain.lines import from_stream, from_terminal
from rnntui.reports.step_text import step_lines
from rnntui.session import Session

INTERRUPTED = "(the line is dropped; quit or Ctrl-D leaves)"


def step_by_lines(session: Session) -> int:
    """Ask for commands until the user leaves; the exit code."""
    for line in (*header_lines(session), "", *_beginning(session), "help lists the commands; enter makes a step."):
        print(line)
    conversation = debugger(session)
    converse(conversation, from_terminal, print, INTERRUPTED)
    if not conversation.over:
        print()
    return 0


def step_from_input(session: Session) -> int:
    """Do what standard input says, to its end; with nothing there show the backward equations too. The exit code: 2
    where a line could not be acted on."""
    for line in (*header_lines(session), "", *_beginning(session)):
        print(line)
    said, conversation = 0, debugger(session)
    if not sys.stdin.isatty():
        said = converse(conversation, lambda prompt: from_stream(sys.stdin), print)
    if not said:
        for line in backward_lines(session):
            print(line)
    return 2 if conversation.failed else 0


def _beginning(session: Session) -> list[str]:
    return step_lines(session.frame()) if session.position else []
