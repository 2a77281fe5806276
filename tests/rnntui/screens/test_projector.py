"""On a projector: everything can be read, the columns are wide, and a clicker steps."""

import pytest

from rnntui.app import DebuggerApp
from rnntui.course.script import open_script
from rnntui.course.shelf import find
from rnntui.screens.strips import strips, text
from rnntui.session import Session
from rnntui.walk import Walk
from rnntui.widgets.palette import contrast
from rnntui.widgets.readable import _SHAPES
from rnntui.widgets.score import Score


async def settle(pilot):
    await pilot.pause()
    await pilot.pause()


def faint(app):
    """The texts with too little contrast, and their contrast."""
    found = []
    for row in strips(app):
        for segment in row:
            if segment.style is None or _SHAPES.issuperset(segment.text):
                continue
            ink, ground = segment.style.color, segment.style.bgcolor
            ratio = contrast(ink.get_truecolor().hex, ground.get_truecolor().hex)
            if ratio < 4.45:
                found.append((segment.text, round(ratio, 2)))
    return found


@pytest.mark.parametrize("keys", [(), ("question_mark",), ("g",), ("M",)])
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("depth", ["all", "256"])
async def test_every_letter_has_contrast(session, theme, depth, keys):
    app = DebuggerApp(session, theme=theme, depth=depth)
    async with app.run_test(size=(120, 36)) as pilot:
        session.goto_place("backward t=4 mem")
        await settle(pilot)
        assert faint(app)
        await pilot.press("P", *keys)
        await settle(pilot)
        assert faint(app) == []


async def test_without_colours_too(session, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    app = DebuggerApp(session)
    async with app.run_test(size=(80, 24)) as pilot:
        session.goto_place("backward t=4 mem")
        await pilot.press("P")
        await settle(pilot)
        assert faint(app) == []


@pytest.mark.parametrize(("size", "pitch"), [((80, 24), 12), ((120, 36), 12), ((200, 55), 14)])
async def test_columns_are_wide_and_the_panes_lie_below(session, size, pitch):
    app = DebuggerApp(session)
    async with app.run_test(size=size) as pilot:
        await pilot.press("w", "enter", "P")
        await settle(pilot)
        screen = app.screen
        assert screen.query_one(Score).pitch == pitch
        panes = screen.query_one("#panes").region
        assert panes.width == size[0] and panes.y == screen.query_one(Score).region.bottom
        assert not screen.query_one("#pins").display


@pytest.mark.parametrize(("size", "named"), [((120, 36), "q r2 mem ∇mem"), ((100, 30), "q ∇mem")])
async def test_the_numbers_keep_their_rows(session, size, named):
    """What is told about one equation does not take the rows of the whole run."""
    async with DebuggerApp(session).run_test(size=size) as pilot:
        session.goto_place("backward t=4 mem")
        await pilot.press("P")
        await settle(pilot)
        score = pilot.app.screen.query_one(Score)
        bands = score._layout(score.view).bands
        assert {("∇" if band.gradient else "") + band.track.name for band in bands} >= set(named.split())
        assert all(band.full for band in bands if band.track.kind == "gradient")


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)])
async def test_the_same_key_leaves_it_as_it_was(session, size):
    app = DebuggerApp(session)
    async with app.run_test(size=size) as pilot:
        session.goto_place("backward t=4 mem")
        await settle(pilot)
        before = [list(row) for row in strips(app)]
        for _ in range(2):
            await pilot.press("P")
            await settle(pilot)
        assert [list(row) for row in strips(app)] == before


async def test_what_is_stepped_to_is_visible(session):
    app = DebuggerApp(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("P")
        for t in range(1, session.run.T + 1):
            session.goto_place(f"forward t={t}")
            await settle(pilot)
            assert f"▸ {t} ▸" in text(app)


async def test_a_clicker_steps(session):
    async with DebuggerApp(session).run_test(size=(80, 24)) as pilot:
        await pilot.press("pagedown", "pagedown", "pageup")
        assert session.position == 1


async def test_in_a_lesson_a_clicker_goes_on():
    script = open_script(find("unrolling"))
    session = Session(script.run, script.source, script.lesson.id)
    walk = Walk(session, script)
    async with DebuggerApp(session, walk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        place = walk.place
        await pilot.press("pagedown")
        await settle(pilot)
        assert walk.place == place + 1
        await pilot.press("pageup")
        await settle(pilot)
        assert walk.place == place


async def test_looks(session, snapshot):
    app = DebuggerApp(session)
    async with app.run_test(size=(80, 24)) as pilot:
        session.goto_place("backward t=4 mem")
        await pilot.press("P")
        await settle(pilot)
        assert text(app) == snapshot
