"""Lists to choose from."""

from __future__ import annotations

import pytest
from textual.app import App

from rnntui.widgets.choices import Choices
from rnntui.widgets.line_list import LineList
from rnntui.widgets.ordering import Ordering


def filled(kind):
    made = kind()
    if kind is LineList:
        made.add_options(["q", "r2", "mem"])
    else:
        made.offer(("q", "r2", "mem"))
    return made


@pytest.mark.parametrize("kind", [LineList, Choices, Ordering])
@pytest.mark.parametrize(("turn", "row"), [("page_down", 2), ("page_up", 0)])
async def test_pages_can_be_turned_before_there_was_anything_to_be_seen(kind, turn, row):
    shown = filled(kind)
    shown.display = False

    class One(App):
        def compose(self):
            yield shown

    async with One().run_test(size=(20, 10)) as pilot:
        shown.highlighted = 1
        for _ in range(3):
            getattr(shown, f"action_{turn}")()
        await pilot.pause()
        assert shown.highlighted == row
