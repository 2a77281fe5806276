"""Rows: built once a burst, repainted where they differ."""

from dataclasses import replace

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.geometry import Region
from textual.strip import Strip

import bptt
from bptt.run import Run
from rnntui.session import Session
from rnntui.widgets.palette import palette
from rnntui.widgets.rows import GRAIN, Rows, changed
from rnntui.widgets.view import View

RED, BLUE = Style(color="red"), Style(color="blue")


def strip(*parts):
    return Strip([Segment(text, style) for text, style in parts])


class Counting(Rows):
    """One row for each digit of the zoom, and how often it was built."""

    builds = 0

    def build(self, view, width, height):
        self.builds += 1
        return [[Segment(letter * 20, view.palette.style("text"))] for letter in str(view.zoom)]


class Shown(App[None]):
    CSS = "Counting.away { display: none; }"

    def compose(self):
        yield Counting()


@pytest.fixture
def view():
    cell = bptt.Cell.parse("mem[t] = tanh(A @ x[t] + B @ mem[t-1])", "odd")
    model = bptt.Model.create(cell, inputs=2, hidden=2, outputs=2, seed=0)
    return View(Session(Run(model, [0, 1], [1, 0])).frame(), palette("dark"))


def test_equal_rows_are_not_repainted():
    rows = [strip(("abc", RED), ("def", BLUE))]
    assert list(changed(rows, [strip(("abc", RED), ("def", BLUE))])) == []


def test_a_changed_cell_is_repainted_in_whole_grains():
    old = strip(("a" * 20, RED), ("b", RED), ("c" * 19, BLUE))
    new = strip(("a" * 20, RED), ("x", RED), ("c" * 19, BLUE))
    assert list(changed([old, old], [old, new])) == [Region(20 // GRAIN * GRAIN, 1, GRAIN, 1)]


def test_a_changed_style_is_repainted():
    old, new = strip(("abc", RED)), strip(("abc", BLUE))
    assert list(changed([old], [new])) == [Region(0, 0, 3, 1)]


def test_rows_that_repeat_a_segment_are_covered():
    old, new = strip(("a", RED), ("b", RED), ("a", RED)), strip(("a", RED), ("c", RED), ("a", RED))
    assert list(changed([old], [new])) == [Region(0, 0, 3, 1)]


async def test_a_burst_is_built_once_and_hidden_rows_not_at_all(view):
    app = Shown()
    async with app.run_test(size=(40, 4)) as pilot:
        rows = app.query_one(Counting)
        rows.view = view
        await pilot.pause()
        before = rows.builds
        for zoom in range(1, 30):
            rows.view = replace(view, zoom=zoom)
        await pilot.pause()
        assert rows.builds == before + 1
        assert [row.text.strip() for row in rows.render_lines(Region(0, 0, 40, 3))] == ["2" * 20, "9" * 20, ""]
        rows.add_class("away")
        await pilot.pause()
        before = rows.builds
        rows.view = replace(view, zoom=7)
        await pilot.pause()
        assert rows.builds == before
        rows.remove_class("away")
        await pilot.pause()
        assert app.screen._compositor.render_strips()[0].text.startswith("7" * 20)


async def test_a_part_of_the_rows_is_cut_from_them(view):
    app = Shown()
    async with app.run_test(size=(40, 4)) as pilot:
        rows = app.query_one(Counting)
        rows.view = replace(view, zoom=12)
        await pilot.pause()
        assert [row.text for row in rows.render_lines(Region(18, 0, 4, 2))] == ["11  ", "22  "]
