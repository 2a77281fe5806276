"""A session on a cell that is not built in, its app, and snapshots as text."""

import gc
import os

import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

import bptt
from bptt.run import Run
from rnntui.app import DebuggerApp
from rnntui.session import Session
from rnntui.sources import from_text
from tests.settling import settled

os.environ["TEXTUAL_ANIMATIONS"] = "none"

CELL = """
q[t] = sigmoid(A @ x[t] + B @ mem[t-1] + d)        # gate
r2[t] = tanh(C @ x[t] + E @ (q[t] * mem[t-1]))     # candidate
mem[t] = (1 - q[t]) * mem[t-1] + q[t] * r2[t]      # state
"""


class Screens(SingleFileSnapshotExtension):
    """A screen as it can be read in a terminal."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.fixture(autouse=True)
def cwd(tmp_path, monkeypatch):
    """Keys that save save here."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True, scope="session")
def seldom():
    """What is imported stays and is not gone through for garbage at every key, which takes a quarter of the time."""
    gc.freeze()
    before = gc.get_threshold()
    gc.set_threshold(20_000, 10, 10)
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.fixture(autouse=True)
def waits(monkeypatch):
    """What a pilot waits for."""
    monkeypatch.setattr("textual.app.wait_for_idle", settled)
    monkeypatch.setattr("textual.pilot.wait_for_idle", settled)


@pytest.fixture
def snapshot(snapshot):
    return snapshot.use_extension(Screens)


@pytest.fixture
def sessions():
    """Makes a session of any cell text, or built-in cell, on a text."""

    def make(cell=CELL, text="hello hell", hidden=4, name="qmem", batch=1):
        source = from_text(text * batch, batch=batch)
        parsed = bptt.CELLS[cell] if cell in bptt.CELLS else bptt.Cell.parse(cell, name)
        sizes = {"inputs": source.inputs, "hidden": hidden, "outputs": source.outputs}
        return Session(Run(bptt.Model.create(parsed, seed=3, **sizes), source.x, source.y), source, name)

    return make


@pytest.fixture
def session(sessions):
    return sessions()


@pytest.fixture
def app(session):
    return DebuggerApp(session)
