"""Any keys at any sizes on any screen raise nothing, whatever the tensors hold."""

from __future__ import annotations

import random

import numpy as np
import pytest
from textual import events
from textual.keys import key_to_character

import bptt
from bptt.run import Run
from rnntui.app import DebuggerApp
from rnntui.screens.keys import KEYS
from rnntui.screens.strips import text
from rnntui.session import Session
from rnntui.sources import from_text

CELL = """
q[t] = sigmoid(A @ x[t] + B @ mem[t-1] + d)
r2[t] = tanh(C @ x[t] + E @ (q[t] * mem[t-1]))
mem[t] = (1 - q[t]) * mem[t-1] + q[t] * r2[t]
"""
STRAIGHT = "mem[t] = A @ x[t] + B @ mem[t-1] + d * mem[t-1]"
FILLS = {
    "not finite": (float("nan"), float("inf"), float("-inf")),
    "huge and tiny": (1e300, 1e-300, -1e300),
    "zero": (0.0, 0.0, 0.0),
}
SIZES = ((80, 24), (120, 36), (60, 20), (160, 45), (59, 19), (200, 55), (99, 29), (61, 50), (20, 5), (1, 1))
LEAVES = ("quit", "help_quit", "suspend_process")
"""Actions that end the walk."""
WALKED = (*(key for entry in KEYS if entry.id not in LEAVES for key in entry.keys), "tab", "escape", "escape")
DOORS = ("T", "D", "M", "J", "E", "L", "y", "colon", "ctrl+p", "B")
"""Keys of the debugger that lead to other screens."""


def session_with(cell, values, hidden, T):
    """A session in whose parameters these values stand here and there."""
    source = from_text(("hello world " * T)[: T + 1])
    sizes = {"inputs": source.inputs, "hidden": hidden, "outputs": source.outputs}
    model = bptt.Model.create(bptt.Cell.parse(cell, "odd"), seed=1, **sizes)
    parameters = {name: np.array(array) for name, array in model.parameters.items()}
    for row, value in enumerate(values):
        parameters["A"][row] = value
    parameters["B"].flat[-1] = values[0]
    model = bptt.Model(model.cell, parameters, **sizes, allow_nonfinite=True)
    return Session(Run(model, source.x, source.y), source, "odd")


def pressed(key):
    """The event of a key, as a terminal sends it."""
    return events.Key(key, key_to_character(key))


def key_of(draw, app, elsewhere):
    """A key at random: of the debugger, or, `elsewhere`, one that the screen in front has, or that opens another."""
    if not elsewhere or draw.random() < 0.3:
        return draw.choice(WALKED)
    if draw.random() < 0.1:
        return draw.choice(DOORS)
    bound = [key for key, bound in app.screen.active_bindings.items() if bound.binding.action not in LEAVES]
    return draw.choice(bound)


async def walk(session, steps, seed, burst=5, size=(120, 36), first=(), elsewhere=False):
    """Press the `first` keys, then random ones, `burst` of them at a time; now and then another size."""
    draw = random.Random(seed)
    app = DebuggerApp(session)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        for key in first:
            await pilot.press(key)
        for n in range(steps):
            app.post_message(pressed(key_of(draw, app, elsewhere)))
            if n % (8 * burst) == 0:
                await pilot.resize_terminal(*draw.choice(SIZES))
            if n % burst == 0:
                await pilot.pause()
                text(app)
        await pilot.press("escape", "escape")
        await pilot.resize_terminal(*size)
        await pilot.pause()
        return text(app)


@pytest.mark.parametrize(("fill", "cell"), [("not finite", STRAIGHT), ("huge and tiny", STRAIGHT), ("zero", CELL)])
async def test_a_short_walk_with_any_numbers_raises_nothing(fill, cell):
    assert await walk(session_with(cell, FILLS[fill], 3, 6), 100, seed=1)


@pytest.fixture
def opens_nothing(monkeypatch):
    """What the library opens would take the place of the odd run, and what is found by name may be to quit."""
    monkeypatch.setattr(DebuggerApp, "open", lambda *_: None)
    monkeypatch.setattr(DebuggerApp, "exit", lambda *_: None)


@pytest.mark.parametrize("first", ["T", "D", "M", "J", "E", "L", "y"])
async def test_a_short_walk_on_every_screen_raises_nothing(opens_nothing, first):
    fill = "not finite" if first in "TMy" else "huge and tiny"
    keys = (first, "enter") if first == "D" else (first,)
    assert await walk(session_with(STRAIGHT, FILLS[fill], 3, 6), 30, seed=3, first=keys, elsewhere=True)


@pytest.mark.nightly
@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("seed", range(4))
async def test_a_long_walk_over_all_screens_raises_nothing(opens_nothing, fill, seed):
    cell = CELL if seed % 2 else STRAIGHT
    assert await walk(session_with(cell, FILLS[fill], 3, 6), 5_000, seed, burst=20, elsewhere=True)


@pytest.mark.nightly
@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize(("cell", "hidden", "T"), [(CELL, 3, 6), (STRAIGHT, 40, 130)])
async def test_a_long_walk_with_any_numbers_raises_nothing(fill, cell, hidden, T):
    assert await walk(session_with(cell, FILLS[fill], hidden, T), 5_000, seed=2, burst=20)
