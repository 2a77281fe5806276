"""The verbs of the debugger: what its keys do and what its lines say, as one list for the command line, the palette and
the documentation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from rnntui.plain.command import CLOSE, CommandError, quoted
from rnntui.plain.debugger import DEBUGGER
from rnntui.screens.keys import GROUPS, KEYS
from rnntui.screens.other_keys import OTHERS


@dataclass(frozen=True, slots=True)
class Verb:
    """Something that can be done by name."""

    name: str
    usage: str
    """How it is written, as in `step [N]`."""
    help: str
    """What its key does; what it does as a line, where it has none."""
    keys: str = ""
    """The keys that do it, as people call them; empty for what can only be written."""
    action: str = ""
    """The action of the screen that does it where nothing follows the name; empty where there is none."""
    takes: bool = False
    """Whether a line with something after the name is understood."""
    said: str = ""
    """What it does as a line that is written; empty where it has no line of its own."""

    @property
    def as_line(self) -> str:
        """`break [PLACE] [if EXPR] · Stop at a place, …`"""
        return f"{self.usage} · {self.said or self.help}"

    @property
    def needs(self) -> bool:
        """Whether something must follow the name."""
        return self.takes and not self.action and not self.usage.removeprefix(self.name).strip().startswith("[")


@cache
def verbs() -> tuple[Verb, ...]:
    """All verbs: those with keys in the order of the keys, then the others."""
    lines = {command.name: command for command in DEBUGGER}
    found: list[Verb] = []
    for key in KEYS:
        line = lines.pop(key.verb, None)
        usage = line.usage if line else key.name
        takes = line is not None and usage != key.name
        found.append(Verb(key.name, usage, key.help, key.shown, key.id, takes, line.help if line else ""))
    others = (
        Verb(line.name, line.usage, line.help, takes=line.usage != line.name, said=line.help) for line in lines.values()
    )
    return (*found, *others)


def named(line: str) -> Verb | None:
    """The verb that a line begins with, by its whole name."""
    name = line.split(maxsplit=1)[0] if line.strip() else ""
    return next((verb for verb in verbs() if verb.name == name), None)


def beginning(text: str) -> list[Verb]:
    """The verbs whose name begins so."""
    return [verb for verb in verbs() if verb.name.startswith(text)]


def check_known(line: str, shorts: Iterable[str]) -> None:
    """Raise CommandError, with near names, for a line whose first word is neither a verb nor one of these."""
    name = line.split(maxsplit=1)[0]
    if named(line) is None and name not in shorts:
        near = get_close_matches(name.lower(), [verb.name for verb in verbs()], n=2, cutoff=CLOSE)
        hint = f"did you mean {' or '.join(near)}?" if near else "ctrl+p finds what there is"
        raise CommandError(f"nothing is called {quoted(name)}; {hint}")


def key_rows() -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """(heading, (keys, name, help) of each key under it)."""
    for group, title in GROUPS.items():
        yield title, [(key.shown, key.name, key.help) for key in KEYS if key.group == group]
    for title, table in OTHERS.items():
        yield title, [(key.shown, key.label, key.help) for key in table]


def line_rows() -> list[tuple[str, str]]:
    """(usage, help) of what can be said with more than its name, or has no key."""
    lines = {command.name: command for command in DEBUGGER}
    said = [verb for verb in verbs() if verb.takes or not verb.keys]
    return [(verb.usage, lines[verb.name].help.split(". ")[0].removesuffix(".")) for verb in said]
