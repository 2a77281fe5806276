"""A session talked to line by line: every line said gives lines of answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from rnntui.plain.command import BorderError, CommandError, Commands
from rnntui.session import Session

LONGEST_LINE = 1_000
"""Characters of one line."""
ERROR = "*** "
"""Begins the answer to a line that could not be acted on, as in pdb."""


class Conversation:
    """Understands one line at a time. Holds what a line may refer to: the session, the table, the last move."""

    on_empty_line = "repeat the last move, at first a step"

    def __init__(self, session: Session, commands: Commands, arrives: bool = True) -> None:
        """`arrives`: whether a move answers with the step at which it arrives; a screen shows that anyway."""
        self.session = session
        self.commands = commands
        self.arrives = arrives
        self.over = False
        """Whether it was said to stop."""
        self.failed = False
        """Whether a line could not be acted on."""
        self._last_move = "step"

    @property
    def prompt(self) -> str:
        """What stands before a line that is asked for."""
        return "(rnntui) "

    def say(self, line: str) -> Iterator[str]:
        """The answer to a line; an error is one line of it and changes nothing."""
        try:
            if len(line) > LONGEST_LINE:
                raise CommandError(f"a line of over {LONGEST_LINE:,} characters: say it shorter")
            yield from self.answer(line.strip())
        except CommandError as error:
            self.failed = self.failed or not isinstance(error, BorderError)
            yield f"{ERROR}{error}"

    def answer(self, line: str) -> Iterable[str]:
        """The same for a line without space around it. Raises CommandError, perhaps after some lines."""
        line = line or self._last_move
        name, argument = split(line)
        command = self.commands.find(name)
        if command.moves:
            self._last_move = line
        return command.act(self, argument)


def split(line: str) -> tuple[str, str]:
    """A line's first word, and the rest."""
    name, _, argument = line.partition(" ")
    return name, argument.strip()


def converse(
    conversation: Conversation,
    read: Callable[[str], str],
    write: Callable[[str], object],
    interrupted: str = "",
) -> int:
    """Talk until the end of input or until told to stop; returns how many lines were read.

    `read(prompt)` gives a line, or raises EOFError. `interrupted` is written when Ctrl-C abandons a line; where it is
    empty, Ctrl-C ends everything."""
    lines = 0
    while not conversation.over:
        try:
            line = read(conversation.prompt)
            lines += 1
            for answer in conversation.say(line):
                write(answer)
        except EOFError:
            break
        except KeyboardInterrupt:
            if not interrupted:
                raise
            write(f"\n{interrupted}")
    return lines
