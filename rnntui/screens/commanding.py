"""Commands by name: a line that is typed, or one that is found by some of its letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.screen import Screen

from rnntui.session import Session

if TYPE_CHECKING:
    from rnntui.screens.verbs import Verb

LONG = 4
"""Seconds for which an answer is shown."""


class Commanding(Screen[int]):
    """The part of the debugger that does what it is told. What it says with is imported when it is first asked."""

    _session: Session

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[str] = []

    def action_command_line(self) -> None:
        """Ask for a line."""
        self._ask_for_line("")

    def action_palette(self) -> None:
        """Offer every verb."""
        from rnntui.screens.finder import Finder

        self.app.push_screen(Finder(), self._do)

    def _ask_for_line(self, text: str) -> None:
        from rnntui.screens.command_line import CommandLine

        self.app.push_screen(CommandLine(self._say, self._lines, text), self._answered)

    async def _do(self, verb: Verb | None) -> None:
        if verb is None:
            return
        if verb.action:
            await self.run_action(verb.action)
        elif verb.needs:
            self._ask_for_line(f"{verb.name} ")
        else:
            answer = self._say(verb.name)
            if len(answer) > 1:
                self._ask_for_line(verb.name)
            else:
                await self._answered("".join(answer))

    def _show(self) -> None:
        raise NotImplementedError

    async def _answered(self, answer: Verb | str | None) -> None:
        self._show()
        if isinstance(answer, str):
            if answer:
                self.notify(answer, timeout=LONG, markup=False)
        else:
            await self._do(answer)

    def _say(self, line: str) -> Sequence[str]:
        """The line debugger's answer, without the steps that the screen shows anyway."""
        from rnntui.plain.command import CommandError
        from rnntui.plain.conversation import ERROR
        from rnntui.plain.debugger import DEBUGGER, debugger
        from rnntui.screens.verbs import check_known

        try:
            check_known(line, [command.short for command in DEBUGGER])
        except CommandError as error:
            return [f"{ERROR}{error}"]
        return list(debugger(self._session, arrives=False).say(line))
