"""A run with checkpoints is shown while it is recorded; its screen is that of the whole record."""

import asyncio
import os
import subprocess
import sys

import numpy as np
import pytest

from bptt import Run
from rnntui.app import DebuggerApp
from rnntui.explain.scales import scales_of
from rnntui.screens import recording
from rnntui.screens.recorder import Recorder
from rnntui.screens.strips import text
from rnntui.session import Session
from rnntui.widgets.columns import columns_of

LONG = "abracadabra" * 30


def with_policy(session, policy):
    run = session.run
    return Session(Run(run.model, session.source.x, session.source.y, policy=policy), session.source, session.title)


@pytest.fixture
def slow(monkeypatch):
    """Nothing is recorded until `slow()` says so."""
    gate = {"open": False}
    own = Recorder.run_for

    def run_for(self, seconds):
        if gate["open"]:
            return own(self, seconds)
        self._run.fill(1)
        return False

    monkeypatch.setattr(Recorder, "run_for", run_for)
    monkeypatch.setattr(recording, "PROGRESS", 0.0)
    return lambda: gate.update(open=True)


async def settled(pilot):
    for _ in range(4):
        await pilot.pause()


async def test_the_first_screen_comes_before_the_run_is_recorded(sessions, slow):
    session = with_policy(sessions(text=LONG), "checkpoints")
    async with DebuggerApp(session).run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        assert "press → for the first equation" in text(pilot.app)
        await pilot.press("right")
        assert session.position == 1
        await pilot.press("end")
        await settled(pilot)
        assert session.position == 1
        assert "recording the run" in text(pilot.app)
        slow()
        for _ in range(2000):
            await asyncio.sleep(0.01)
            if session.position == session.total:
                break
        await settled(pilot)
        assert session.position == session.total
        assert "∇" in text(pilot.app)


@pytest.mark.parametrize("zoom", [0, 1])
@pytest.mark.parametrize("place", ["f200 mem", "b329 mem", "b170 r2", "b1 A", "end"])
async def test_its_screen_is_that_of_the_whole_record(sessions, monkeypatch, place, zoom):
    monkeypatch.setattr("bptt.run.segment_length", lambda T: 10)
    begins = with_policy(sessions(text=LONG), "checkpoints").run.overview.begins
    # the same columns for both
    monkeypatch.setattr("rnntui.widgets.score_layout._columns", lambda *given: columns_of(*given[:6], begins))
    shown = []
    for policy in ("full", "checkpoints"):
        session = with_policy(sessions(text=LONG), policy)
        async with DebuggerApp(session).run_test(size=(100, 30)) as pilot:
            await settled(pilot)
            session.goto_place(place)
            pilot.app.screen._zoom = zoom
            pilot.app.screen._show()
            await settled(pilot)
            shown.append(text(pilot.app))
    assert shown[0] == shown[1]


def test_shares_and_scales_are_those_of_the_whole_record(sessions):
    full, kept = (with_policy(sessions(text=LONG), policy).run for policy in ("full", "checkpoints"))
    for run in (full, kept):
        run.fill(len(run))
    a, b = scales_of(full), scales_of(kept)
    for name in full.model.cell.definitions:
        assert a.value(name) == pytest.approx(b.value(name), rel=1e-6)
        assert a.gradient(name) == pytest.approx(b.gradient(name), rel=1e-6)
        assert np.allclose(a.norms(name), b.norms(name), rtol=1e-6)
    for name in full.model.parameters:
        assert np.allclose(a.shares(name), b.shares(name), rtol=1e-5)
        assert a.decades(name) == b.decades(name)


APP = """
import asyncio, resource
from rnntui.app import DebuggerApp
from rnntui.session import Session
from rnntui.sources.request import Request

async def main():
    run, source = Request(cell="lstm", hidden=64, text=LETTERS, length=100_001).run()
    session = Session(run, source)
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        while run.filled < len(run):
            await asyncio.sleep(0.1)
        for place in ("b50000 h", "f777", "b3 W_f", "b99000 V"):
            session.goto_place(place)
            await pilot.pause()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)

LETTERS = "the quick brown fox jumps over a lazy dog, " * 2400
asyncio.run(main())
"""


@pytest.mark.nightly
def test_the_screen_of_a_hundred_thousand_times_fits_into_150_megabytes():
    one = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    found = subprocess.run(
        [sys.executable, "-c", APP], env={**os.environ, **one}, capture_output=True, text=True, check=True
    )
    assert int(found.stdout) < 150
