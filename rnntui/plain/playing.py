"""A lesson by lines: asked and answered in a terminal."""

from __future__ import annotations

from rnntui.plain.conversation import converse
from rnntui.plain.lesson import LessonConversation
from rnntui.plain.lines import from_terminal
from rnntui.plain.stepping import INTERRUPTED
from rnntui.walk import Walk


def play_by_lines(walk: Walk) -> int:
    """Play until the lesson is left; the exit code, which wrong answers never change."""
    conversation = LessonConversation(walk)
    for line in conversation.opening():
        print(line)
    converse(conversation, from_terminal, print, INTERRUPTED)
    if not conversation.over:
        print()
    return 0
