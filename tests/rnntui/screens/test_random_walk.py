"""Anything done at any size on any screen raises nothing, whatever the tensors hold."""

from __future__ import annotations

import random

import numpy as np
import pytest

import bptt
from bptt.run import Run
from rnntui.app import DebuggerApp
from rnntui.bench.sheet import sheet_of
from rnntui.library.library import read_library
from rnntui.match import Match
from rnntui.playthrough import take_up
from rnntui.safe import InputError
from rnntui.screens.strips import text
from rnntui.session import Session
from rnntui.sources import from_text
from rnntui.store import Store
from tests.rnntui.screens.wandering import Wanderer

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
SCREENS = {
    *"Debugger TrainingScreen DuelScreen BlameScreen JacobianScreen Bench LibraryScreen".split(),
    *"Ask EditField CommandLine Finder PinList Why PlanDialog RivalDialog NameDialog Alternatives Help".split(),
}
"""What a long walk sees; beside these there are the screens of a lesson and those that stand for a moment."""
MISSED = 2
"""How many of these chance may leave out."""


def session_with(cell, values, hidden=3, T=6, batch=1, window=None, layers=1):
    """A session in whose parameters these values stand here and there."""
    source = from_text(("hello world " * T)[: (T + 1) * batch], batch=batch)
    sizes = {"inputs": source.inputs, "hidden": hidden, "outputs": source.outputs}
    model = bptt.Model.create(bptt.Cell.parse(cell, "odd"), seed=1, layers=layers, **sizes)
    parameters = {name: np.array(array) for name, array in model.parameters.items()}
    if values:
        first, second, *_ = parameters
        for row, value in enumerate(values):
            parameters[first][row] = value
        parameters[second].flat[-1] = values[0]
        model = bptt.Model(model.cell, parameters, **sizes, allow_nonfinite=True)
    return Session(Run(model, source.x, source.y, window=window), source, "odd")


class World:
    """What can be shown, with these values in the parameters; what is opened is drawn, not what was asked for."""

    def __init__(self, seed, values, store, lesson):
        self.draw = random.Random(seed)
        self.values = values
        self.store = store
        self.lesson = lesson

    def session(self):
        shapes = ({}, {"batch": 2}, {"window": 2}, {"layers": 2}, {"T": 1, "hidden": 1}, {"hidden": 40, "T": 130})
        values = self.draw.choice((self.values, self.values, ()))
        shape = self.draw.choice(shapes)
        return session_with(self.draw.choice((CELL, STRAIGHT)), values[: shape.get("hidden", 3)], **shape)

    def wrong(self):
        raise InputError("odd.txt", "3:1", "[/b] is no cell; write another")

    def walk(self):
        walk = take_up(self.lesson, self.store)
        walk.jump(self.draw.choice((self.draw.randrange(walk.count), walk.count - 1)))
        return walk.session, walk

    def match(self):
        return Match(session_with(CELL, self.values), session_with(STRAIGHT, self.values))

    def anything(self):
        """Makes something to be shown."""
        kinds = (
            *(self.walk, self.walk, self.match, self.wrong),
            lambda: (self.session(), None),
            lambda: sheet_of(self.session()),
            lambda: read_library(self.store),
        )
        return self.draw.choice(kinds)


async def wander(monkeypatch, session, actions, seed, first=(), world=None, burst=8, size=(120, 36)):
    """Press the `first` keys, then do so many things at random; the kinds of screens that were seen. What is
    opened comes from the world, if there is one, and what leaves opens something else."""
    real = DebuggerApp.open

    def another(app, *_):
        if world is not None and app.failure is None:
            real(app, world.anything())

    monkeypatch.setattr(DebuggerApp, "open", another)
    monkeypatch.setattr(DebuggerApp, "exit", another)
    app = DebuggerApp(session, store=world.store if world else None)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press(*first)
        wanderer = Wanderer(seed, pilot)
        try:
            await wanderer.wander(actions, burst)
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert text(app).strip()
            assert app.failure is None
        except BaseException as error:
            error.add_note("the last that was done:\n" + "\n".join(wanderer.trail))
            raise
        if app._exception is not None:
            app._exception.add_note("the last that was done:\n" + "\n".join(wanderer.trail))
    return set(wanderer.seen)


@pytest.mark.parametrize(("fill", "cell"), [("not finite", STRAIGHT), ("huge and tiny", STRAIGHT), ("zero", CELL)])
async def test_a_short_walk_with_any_numbers_raises_nothing(monkeypatch, fill, cell):
    assert await wander(monkeypatch, session_with(cell, FILLS[fill]), 100, seed=1)


@pytest.mark.parametrize("first", ["T", "D", "M", "J", "E", "L", "y"])
async def test_a_short_walk_on_every_screen_raises_nothing(monkeypatch, first):
    fill = "not finite" if first in "TMy" else "huge and tiny"
    keys = (first, "enter") if first == "D" else (first,)
    assert await wander(monkeypatch, session_with(STRAIGHT, FILLS[fill]), 30, seed=3, first=keys)


@pytest.fixture
def store(home):
    return Store()


@pytest.mark.nightly
@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("seed", range(4))
async def test_a_long_walk_over_all_screens_raises_nothing(monkeypatch, store, every_kind, fill, seed):
    cell = CELL if seed % 2 else STRAIGHT
    world = World(seed, FILLS[fill], store, every_kind)
    seen = await wander(monkeypatch, session_with(cell, FILLS[fill]), 5_000, seed, world=world)
    assert len(SCREENS - seen) <= MISSED, SCREENS - seen


@pytest.mark.nightly
@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize(("cell", "hidden", "T"), [(CELL, 3, 6), (STRAIGHT, 40, 130)])
async def test_a_long_walk_with_any_numbers_raises_nothing(monkeypatch, fill, cell, hidden, T):
    session = session_with(cell, FILLS[fill], hidden=hidden, T=T)
    assert len(await wander(monkeypatch, session, 5_000, seed=2, burst=20)) > 10
