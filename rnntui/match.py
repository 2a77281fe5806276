"""Two runs to be compared, and the duels between them: by all their losses, or by the last loss alone."""

from __future__ import annotations

import numpy as np

from bptt.run import Run
from rnntui.duel import Duel
from rnntui.safe import InputError
from rnntui.session import Session
from rnntui.sources.request import Request
from rnntui.sources.targets import last_alone


class Match:
    """Two sessions on the same data. A duel has sessions of its own, so that theirs stay where they are."""

    def __init__(self, a: Session, b: Session, alone: bool = True, title: str = "") -> None:
        """`title`: what A is called, where that is not what its session is."""
        self.alone = alone
        """Whether the last loss alone is looked at first."""
        self._sessions = (a, b)
        self._titles = (title or a.title, b.title)
        self._duels: dict[bool, Duel] = {}
        self.has_several_losses = any(not np.array_equal(s.run.y, last_alone(s.run.y), equal_nan=True) for s in (a, b))
        """Whether the last loss alone is something else than all of them."""

    def duel(self, alone: bool) -> Duel:
        """The duel by the last loss alone, or by all of them; made once, and standing where the sessions stand. Raises
        bptt.InputError for runs that cannot be locked."""
        alone = alone and self.has_several_losses
        if alone not in self._duels:
            pairs = zip(self._sessions, self._titles, strict=True)
            a, b = (_copy(session, alone, title) for session, title in pairs)
            self._duels[alone] = Duel(a, b)
        return self._duels[alone]


def _copy(session: Session, alone: bool, title: str) -> Session:
    run = session.run
    copied = run.with_targets(last_alone(run.y) if alone else run.y)
    made = Session(copied, session.source, title)
    made.hide(session.hidden)
    made.show_sequence(session.sequence)
    made.goto(session.position)
    return made


def rival(session: Session, cell: str) -> Session:
    """A session of another cell, by its name or file, on the same data, with the same sizes, seed and window. Raises
    InputError."""
    run, source = session.run, session.source
    if source is None:
        raise InputError("", "", "it is not known what this run reads: there is nothing to give to a second cell")
    mine = run.model
    window, stride = run.schedule.truncation
    request = Request(
        cell=cell,
        hidden=mine.hidden,
        layers=mine.layers,
        seed=mine.seed or 0,
        init=mine.init if mine.init and "=" not in mine.init else "glorot",
        dtype=mine.dtype.name,
        window=window,
        stride=stride,
    )
    made = request.model(source)
    if made.loss != mine.loss:
        made = made.replaced({}, loss=mine.loss)
    return Session(Run(made, run.x, run.y, window=window, stride=stride), source)
