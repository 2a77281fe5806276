"""The table of keys as Textual wants it."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from rnntui.screens.keys import KEYS


def bindings() -> list[BindingType]:
    """The bindings of the table."""
    return [Binding(",".join(key.keys), key.id, key.label, show=False, id=key.id) for key in KEYS]
