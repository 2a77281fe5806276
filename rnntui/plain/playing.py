"""A lesson by lines: asked and answered in a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rnntui.plain.conversation import converse
from rnntui.plain.lesson import LessonConversation
from rnntui.plain.lines import from_terminal
from rnntui.plain.stepping import INTERRUPTED
from rnntui.rereading import Rereading
from rnntui.safe import InputError, InputErrors
from rnntui.walk import Walk


class WatchedConversation(LessonConversation):
    """One that reads its lesson again when the file was changed."""

    def __init__(self, walk: Walk, rereading: Rereading) -> None:
        super().__init__(walk)
        self.rereading = rereading

    def answer(self, line: str) -> Iterable[str]:
        """The answer; where the file was changed, the step as it is now. Raises CommandError."""
        if not self.rereading.changed():
            return super().answer(line)
        try:
            self.walk = self.rereading.again(self.walk.place)
        except (InputError, InputErrors) as error:
            return str(error).splitlines()
        self.session = self.walk.session
        return ["the lesson was changed, and is read again", *self.shown()]


def begun(rereading: Rereading, ask: Callable[[str], str] = from_terminal) -> Walk | None:
    """The lesson where it was left; while its file is at fault that is told, and it is tried again at each line that is
    entered. None where there is none any more."""
    while True:
        try:
            return rereading.begin()
        except (InputError, InputErrors) as error:
            print(error)
        try:
            ask("mend it, and press enter to read it again (ctrl+D leaves): ")
        except (EOFError, KeyboardInterrupt):
            return None


def play_by_lines(walk: Walk, rereading: Rereading | None = None) -> int:
    """Play until the lesson is left; the exit code, which wrong answers never change."""
    conversation = LessonConversation(walk) if rereading is None else WatchedConversation(walk, rereading)
    for line in conversation.opening():
        print(line)
    converse(conversation, from_terminal, print, INTERRUPTED)
    if not conversation.over:
        print()
    return 0
