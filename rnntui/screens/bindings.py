"""The table of keys as Textual wants it."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from rnntui.screens.keys import KEYS, Key


def bindings(table: tuple[Key, ...] = KEYS) -> list[BindingType]:
    """The bindings of a table."""
    return [Binding(",".join(key.keys), key.id, key.label, show=False, id=key.id) for key in table]
