"""A lesson taken up where it was left: its walk, with the notebook in which that is kept."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from rnntui.course.script import open_script
from rnntui.course.shelf import entry_of, known_as
from rnntui.safe import read_text
from rnntui.session import Session
from rnntui.store import Notebook, Store
from rnntui.walk import Walk

_LONGEST = 1_000_000
"""Bytes of a lesson; one that opens is shorter."""


def take_up(path: Path, store: Store) -> Walk:
    """The walk through the lesson in a file. Raises InputError where it cannot be read, and InputErrors with
    everything that is wrong with it."""
    script = open_script(path, tried=False)
    digest = sha256(read_text(path, _LONGEST).encode()).hexdigest()
    notebook = Notebook(store, known_as(path), digest, len(script.stops))
    return Walk(Session(script.run, script.source), script, notebook, entry_of(path))
