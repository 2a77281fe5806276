"""Every key of every screen is pressed, every region clicked, and each key does what the table says."""

from __future__ import annotations

import pytest
from textual import events
from textual.keys import key_to_character

from rnntui.app import DebuggerApp
from rnntui.match import Match
from rnntui.screens.bench import Bench
from rnntui.screens.blame import BlameScreen
from rnntui.screens.debugger import Debugger
from rnntui.screens.duel import DuelScreen
from rnntui.screens.help import Help
from rnntui.screens.jacobian import JacobianScreen
from rnntui.screens.keys import KEYS
from rnntui.screens.library import LibraryScreen
from rnntui.screens.other_keys import BENCH_KEYS, BLAME_KEYS, DUEL_KEYS, JACOBIAN_KEYS, LIBRARY_KEYS
from rnntui.screens.strips import strips, text
from rnntui.screens.training import TrainingScreen
from rnntui.screens.training_keys import TRAINING_KEYS
from rnntui.training.plan import Plan

SIZES = ((80, 24), (120, 36))
SCREENS = {
    "debugger": (Debugger, KEYS, ""),
    "training": (TrainingScreen, TRAINING_KEYS, ""),
    "duel": (DuelScreen, DUEL_KEYS, ""),
    "blame": (BlameScreen, BLAME_KEYS, "M"),
    "jacobian": (JacobianScreen, JACOBIAN_KEYS, "J"),
    "bench": (Bench, BENCH_KEYS, "E"),
    "library": (LibraryScreen, LIBRARY_KEYS, "L"),
    "help": (Help, (), "question_mark"),
}
"""Name → its class, its table of keys, and the key of the debugger that opens it."""
PLAIN = "k[t] = tanh(A @ x[t] + B @ k[t-1])"
LEADING_AWAY = ("leave", "quit", "open")
OWN = {("bench", "over"), ("bench", "undo"), ("library", "open")}
"""Keys that a widget answers by itself."""


@pytest.fixture
def app_of(sessions, monkeypatch):
    """Makes the app that shows a screen by its name, or from whose debugger a key opens it."""
    monkeypatch.setattr(LibraryScreen, "on_contents_chosen", lambda *_: None)

    def make(name):
        session = sessions()
        session.goto_place("backward t=5 mem")
        if name == "duel":
            return DebuggerApp(lambda: Match(session, sessions(PLAIN, name="plain")))
        if name == "training":
            session.train(Plan(iterations=3))
        return DebuggerApp(session)

    return make


async def opened(pilot, name):
    """The screen of that name, shown."""
    kind, _, key = SCREENS[name]
    await pilot.pause()
    if key:
        await pilot.press(key)
    for _ in range(100):  # a match is made after the first paint
        await pilot.pause()
        if isinstance(pilot.app.screen, kind) and pilot.app.screen.query("*"):
            break
    await pilot.pause()
    assert isinstance(pilot.app.screen, kind)
    return pilot.app.screen


def recorded(monkeypatch, kind, table):
    """A list to which every action of the table adds its name when it is called; those that leave do nothing else."""
    called = []
    away = LEADING_AWAY + (("confirm",) if kind is not Debugger else ())

    def wrap(name, action):
        def record(self, *arguments):
            called.append(name)
            return None if name in away else action(self, *arguments)

        return record

    for key in table:
        if not hasattr(kind, f"action_{key.id}"):
            continue
        name = f"action_{key.id}"
        monkeypatch.setattr(kind, name, wrap(key.id, getattr(kind, name)))
    return called


def uncovered(app, screen):
    """Take away what lies over the screen."""
    assert screen in app.screen_stack
    while app.screen is not screen:
        app.pop_screen()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCREENS)
async def test_every_key_does_what_the_table_says(app_of, monkeypatch, name, size):
    kind, table, _ = SCREENS[name]
    called = recorded(monkeypatch, kind, table)
    app = app_of(name)
    missed = []
    async with app.run_test(size=size) as pilot:
        screen = await opened(pilot, name)
        focused = screen.focused
        for entry in table:
            for key in entry.keys:
                del called[:]
                app.post_message(events.Key(key, key_to_character(key)))
                await pilot.pause()
                if entry.id not in called and (name, entry.id) not in OWN:
                    missed.append(key)
                uncovered(app, screen)
                screen.set_focus(focused)
        await pilot.pause()
        assert {row.cell_length for row in strips(app)} == {size[0]}
    assert missed == []


@pytest.mark.parametrize(("size", "most"), [(SIZES[0], 2), (SIZES[1], 3)])
@pytest.mark.parametrize("name", SCREENS)
async def test_every_region_can_be_clicked(app_of, monkeypatch, name, size, most):
    """At `most` points in each direction."""
    kind, table, _ = SCREENS[name]
    recorded(monkeypatch, kind, table)
    app = app_of(name)
    async with app.run_test(size=size) as pilot:
        screen = await opened(pilot, name)
        points = set()
        for widget in screen.query("*"):
            region = widget.region.intersection(screen.region)
            across, down = (max(1, length // most) for length in region.size)
            points |= {
                (x, y)
                for x in range(region.x + across // 2, region.right, across)
                for y in range(region.y + down // 2, region.bottom, down)
            }
        assert len(points) >= 4
        for n, point in enumerate(sorted(points)):
            await pilot.click(offset=point, button=1 + 2 * (n % 4 == 3), control=n % 7 == 6)
            uncovered(app, screen)
        await pilot.pause()
        assert text(app).strip()


async def test_keys_that_come_faster_than_screens_raise_nothing(app_of):
    """A burst, as from a paste or a slow line: screens are opened, used and left before they are drawn."""
    app = app_of("debugger")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        first = app.screen
        for key in "L/ LL M=cM Jh? TT DD yy BB".replace(" ", ""):
            for each in (key, "escape", "escape") if key in "?DyB" else (key,):
                app.post_message(events.Key(each, each if len(each) == 1 else None))
        for key in ("escape",) * 4:
            app.post_message(events.Key(key, None))
        for _ in range(4):
            await pilot.pause()
        assert app.screen is first
        for key in "qLM":
            app.post_message(events.Key(key, key))
        await pilot.pause()
    assert app.return_code == 0
