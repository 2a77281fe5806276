"""What can be said on a line: commands as data, found by name, short name or a near one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from rnntui.safe import clean, cut

if TYPE_CHECKING:
    from rnntui.plain.conversation import Conversation

CLOSE = 0.7
"""How alike, of 1, a name must be to one that is proposed: `export` is not `next`."""
LONGEST_COUNT = 9
"""Digits of a repeat count."""
_LONGEST_QUOTE = 40


class CommandError(ValueError):
    """A line that cannot be acted on; the message is one line."""


class BorderError(CommandError):
    """A move that went as far as there is: no mistake of who asked for it."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be said."""

    name: str
    short: str
    usage: str
    """How it is written, as in `step [N]`."""
    help: str
    """One sentence."""
    act: Callable[[Conversation, str], Iterable[str]]
    """(conversation, what follows the name) → the lines to answer with. Raises CommandError."""
    moves: bool = False
    """Whether an empty line repeats it."""


class Commands:
    """A table of commands."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self._commands = tuple(commands)
        self._named = {name: command for command in self._commands for name in (command.name, command.short) if name}

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands)

    def get(self, name: str) -> Command | None:
        """The command of this name or short name."""
        return self._named.get(name)

    def find(self, name: str) -> Command:
        """The same; raises CommandError with near names where there is none."""
        command = self.get(name)
        if command is not None:
            return command
        near = get_close_matches(name.lower(), [known for known in self._named if len(known) > 1], n=2, cutoff=CLOSE)
        hint = f"did you mean {' or '.join(near)}?" if near else "help lists what there is"
        raise CommandError(f"no command is called {quoted(name)}; {hint}")


def count(argument: str, usage: str, hint: str = "") -> int:
    """A repeat count; 1 where nothing is said. Raises CommandError, which ends in the hint."""
    if not argument:
        return 1
    if not (argument.isascii() and argument.isdigit() and len(argument) <= LONGEST_COUNT) or int(argument) == 0:
        raise CommandError(f"{quoted(argument)} is not a count: write {usage}, N a whole number from 1{hint}")
    return int(argument)


def nothing(argument: str, usage: str) -> None:
    """Raise CommandError where something follows a command that stands alone."""
    if argument:
        raise CommandError(f"nothing can follow {usage}, and here {quoted(argument)} does")


def quoted(text: str) -> str:
    """What was typed, clean and short, for an error."""
    return f"'{cut(clean(text), _LONGEST_QUOTE)}'"
