"""The runs that were opened last."""

from __future__ import annotations

from dataclasses import dataclass

from rnntui.store.store import Store, now

MOST = 20
"""How many are kept."""
LONGEST = 4_000
"""Characters of a request that is kept."""


@dataclass(frozen=True, slots=True)
class Recent:
    """One run, as it was asked for."""

    request: str
    """What makes it again; the store does not read it."""
    title: str


def recents(store: Store) -> tuple[Recent, ...]:
    """The latest first."""
    rows = store.read("SELECT request, title FROM recent ORDER BY at DESC, rowid DESC LIMIT ?", (MOST,))
    return tuple(Recent(*row) for row in rows)


def keep_recent(store: Store, recent: Recent) -> None:
    """Put a run before the others; the oldest goes. A request that is too long is not kept."""
    if len(recent.request) > LONGEST:
        return
    store.write(
        ("DELETE FROM recent WHERE request = ?", (recent.request,)),
        ("INSERT INTO recent (request, title, at) VALUES (?, ?, ?)", (recent.request, recent.title, now())),
        (
            "DELETE FROM recent WHERE rowid NOT IN (SELECT rowid FROM recent ORDER BY at DESC, rowid DESC LIMIT ?)",
            (MOST,),
        ),
    )
