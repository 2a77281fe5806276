"""The table of modes: terminals, TERM and --plain → full screen, lines, or nothing asked."""

from __future__ import annotations

import sys

import pytest

from rnntui.commands.mode import choose_mode


class Stream:
    def __init__(self, terminal: bool) -> None:
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize(
    ("stdin", "stdout", "term", "plain", "wanted"),
    [
        (True, True, "xterm", False, "screen"),
        (True, True, "xterm", True, "lines"),
        (True, True, "dumb", False, "lines"),
        (True, True, "dumb", True, "lines"),
        (False, True, "xterm", False, "pipe"),
        (True, False, "xterm", False, "pipe"),
        (False, False, "xterm", True, "pipe"),
        (False, False, "dumb", False, "pipe"),
        (True, False, "dumb", True, "pipe"),
    ],
)
def test_the_table_of_modes(
    monkeypatch: pytest.MonkeyPatch, stdin: bool, stdout: bool, term: str, plain: bool, wanted: str
) -> None:
    monkeypatch.setattr(sys, "stdin", Stream(stdin))
    monkeypatch.setattr(sys, "stdout", Stream(stdout))
    monkeypatch.setenv("TERM", term)
    assert choose_mode(plain) == wanted


def test_a_closed_or_missing_stream_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Stream(True))
    monkeypatch.setattr(sys, "stdin", None)
    assert choose_mode(False) == "pipe"
