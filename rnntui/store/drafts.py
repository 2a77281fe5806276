"""Texts that were being written and are in no file yet: what a closed terminal would take with it."""

from __future__ import annotations

from rnntui.safe import clean
from rnntui.store.store import Store, now

LONGEST = 100_000
"""Characters of a text that is kept."""


def draft(store: Store, name: str) -> str | None:
    """The text that was being written under a name; None where there is none."""
    rows = store.read("SELECT text FROM draft WHERE name = ?", (clean(name),))
    return str(rows[0][0]) if rows else None


def keep_draft(store: Store, name: str, text: str) -> None:
    """Keep a text; one that is too long is not kept, nor what was kept before it."""
    if len(text) > LONGEST:
        drop_draft(store, name)
        return
    whole = text.encode("utf-8", "replace").decode("utf-8")
    store.write(("INSERT OR REPLACE INTO draft (name, text, at) VALUES (?, ?, ?)", (clean(name), whole, now())))


def drop_draft(store: Store, name: str) -> None:
    """Forget it: it is in a file, or is not wanted."""
    store.write(("DELETE FROM draft WHERE name = ?", (clean(name),)))
