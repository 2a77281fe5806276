"""The tables of keys as Textual, and the key bar, want them."""

from __future__ import annotations

from collections.abc import Sequence

from textual.binding import Binding, BindingType

from rnntui.screens.keys import KEYS, Key
from rnntui.widgets.key_bar import Hint


def bindings(table: Sequence[Key] = KEYS) -> list[BindingType]:
    """The bindings of a table."""
    return [Binding(",".join(key.keys), key.id, key.label, show=False, id=key.id) for key in table]


def hints(table: Sequence[Key], worth: Sequence[str] = ()) -> tuple[Hint, ...]:
    """What a table puts into the key bar: in its order, or in that of `worth`, ids."""
    ids = [key.id for key in table]
    ordered = [table[ids.index(name)] for name in worth] if worth else table
    return tuple(Hint(*key.bar, key.id) for key in ordered if key.bar is not None)
