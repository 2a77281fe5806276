"""The tables of keys as Textual, and the key bar, want them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.binding import Binding, BindingType

from rnntui.screens.keys import KEYS, Key
from rnntui.widgets.hints import Hint

AROUND = ("help", "leave", "quit")
FOREMOST = 2
"""Hints that stand before these."""


def bindings(table: Sequence[Key] = KEYS) -> list[BindingType]:
    """The bindings of a table."""
    return [Binding(",".join(key.keys), key.id, key.label, show=False, id=key.id) for key in table]


def hints(table: Sequence[Key], worth: Sequence[str] = ()) -> tuple[Hint, ...]:
    """What a table puts into the key bar, where the last go first if there is little room: in the order of `worth`,
    ids; without one what the screen is for, then help and the ways out, then the rest."""
    named = {name: key.id for key in table for name in key.shown.split()}
    shown = {key.id: Hint(*key.bar, key.id, _each(key.bar[0], named)) for key in table if key.bar is not None}
    if worth:
        return tuple(shown[name] for name in worth if name in shown)
    leading = [name for name in shown if name not in AROUND][:FOREMOST]
    return tuple(shown[name] for name in dict.fromkeys((*leading, *AROUND, *shown)) if name in shown)


def _each(keys: str, named: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The keys of a hint that stands for several, like ←→ and home end, with the action of each."""
    parts = keys.split() if " " in keys else list(keys)
    actions = [named.get(part.replace("−", "-"), "") for part in parts]
    if keys in named or not all(actions) or len(set(actions)) < 2:
        return ()
    return tuple(zip(parts, actions, strict=True))
