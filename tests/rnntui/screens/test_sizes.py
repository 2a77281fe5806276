"""The debugger at every size, for cells of every kind, forward and back, with colours, without, and in ASCII."""

from __future__ import annotations

import pytest

from rnntui.app import DebuggerApp
from rnntui.screens.strips import text

CELLS = ("rnn", "lstm", "gru", "written by hand")
PLACES = ("forward t=4", "backward t=5")


@pytest.mark.parametrize("look", ["dark", "colourless", "ascii"])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("cell", CELLS)
async def test_a_screen_looks_as_it_was_looked_at(sessions, snapshot, monkeypatch, cell, place, look):
    if look == "colourless":
        monkeypatch.setenv("NO_COLOR", "1")
    session = sessions(name=cell) if cell == CELLS[-1] else sessions(cell, name=cell)
    session.goto_place(f"{place} {session.cell.equations[-4].target}")
    shown = []
    for size in ((80, 24), (120, 36), (200, 55)):
        async with DebuggerApp(session, ascii=look == "ascii").run_test(size=size) as pilot:
            for _ in range(3):
                await pilot.pause()
            shown.append(text(pilot.app))
    assert "\n\n".join(shown) == snapshot
