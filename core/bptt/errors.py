"""The error of what does not fit: one line that names the argument, what was got and what was expected."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_SHOWN = 60
"""Characters shown of a name that came from outside."""


class InputError(ValueError):
    """A parameter, sequence, file or setting that cannot be used as given."""

    def __init__(self, reason: str, argument: str = "") -> None:
        """`argument`: what is at fault, as its caller knows it; empty where the reason names it."""
        self.reason = " ".join(reason.split())
        self.argument = " ".join(argument.split())
        named = self.reason.startswith(self.argument)
        super().__init__(self.reason if named else f"{self.argument}: {self.reason}")

    def __reduce__(self) -> tuple[type[InputError], tuple[str, str]]:
        return InputError, (self.reason, self.argument)


def quoted(name: object) -> str:
    """A name from outside in quotes, control characters escaped, cut where it is long; other things as Python
    shows them."""
    if isinstance(name, str):
        return repr(name if len(name) <= _SHOWN else name[: _SHOWN - 1] + "…")
    try:
        text = ascii(name)
    except ValueError:  # Python does not print integers of thousands of digits
        text = "a huge number"
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def near(name: object, known: Iterable[str]) -> str:
    """A question, did you mean …, with the known names nearest to `name`; all of them where none is near."""
    names = list(known)
    if not names:
        return "there are none"
    typed = name[:_SHOWN].casefold() if isinstance(name, str) else ""
    folded = {other.casefold(): other for other in names}
    found = [n for n in folded if typed and (n.startswith(typed) or typed.startswith(n))][:3]
    found = found or get_close_matches(typed, folded)
    if not found:
        return f"there are {', '.join(names)}"
    return f"did you mean {' or '.join(folded[n] for n in found)}?"
