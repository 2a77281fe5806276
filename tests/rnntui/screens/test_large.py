"""The largest size: everything has its place at once."""

import pytest

from rnntui.app import DebuggerApp
from rnntui.screens.strips import text


@pytest.mark.parametrize(
    ("cell", "place"),
    [
        ("rnn", "backward t=5 W"),
        ("lstm", "backward t=5 s"),
        ("gru", "forward t=5 h"),
        (None, "backward t=5 mem"),
    ],
)
async def test_at_200_by_55_everything_has_its_place(sessions, snapshot, cell, place):
    session = sessions(name=cell or "qmem", **({"cell": cell} if cell else {}))
    session.goto_place(place)
    async with DebuggerApp(session).run_test(size=(200, 55)) as pilot:
        for _ in range(3):
            await pilot.pause()
        assert text(pilot.app) == snapshot
