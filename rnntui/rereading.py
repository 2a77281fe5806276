"""A lesson that is read again whenever its file changes: for the one who writes it."""

from __future__ import annotations

from pathlib import Path

from rnntui.playthrough import take_up
from rnntui.store import Store
from rnntui.walk import Walk


class Rereading:
    """Looks after one file."""

    def __init__(self, path: Path, store: Store) -> None:
        self.path = path
        self._store = store
        self._seen = self._state()

    def _state(self) -> tuple[int, int]:
        """When the file was written and how long it is; (0, 0) where it is not there."""
        try:
            found = self.path.stat()
        except OSError:
            return 0, 0
        return found.st_mtime_ns, found.st_size

    def changed(self) -> bool:
        """Whether the file is another than when this was last asked; not while it is away."""
        state = self._state()
        if state in (self._seen, (0, 0)):
            return False
        self._seen = state
        return True

    def begin(self) -> Walk:
        """The lesson where it was left. Raises InputError or InputErrors."""
        self._seen = self._state()
        return take_up(self.path, self._store)

    def again(self, place: int) -> Walk:
        """The lesson as it is now, at the step at which it was, or its last. Raises InputError or InputErrors."""
        walk = take_up(self.path, self._store)
        walk.taken_up = False
        walk.jump(min(place, walk.count - 1))
        return walk
