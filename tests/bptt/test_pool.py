"""Workspaces are lent again when nothing of a trace is left, and only so many wait."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from bptt.execution import pool
from bptt.execution.pool import Loan, Pool


@dataclass
class Room:
    """A workspace as the pool sees it."""

    T: int
    B: int
    array: np.ndarray = field(default_factory=lambda: np.zeros(3))

    @property
    def size(self) -> int:
        return self.T * self.B


def test_what_nobody_holds_is_lent_again_and_what_a_view_holds_is_not() -> None:
    lender = Pool(Room)
    loan = lender.lend(5, 2)
    room, view = loan.workspace, loan.show(loan.workspace.array)[1:]
    del loan
    assert lender.lend(5, 2).workspace is not room
    del view
    assert room in [held.workspace for held in (lender.lend(5, 2), lender.lend(5, 2))]
    assert lender.lend(4, 2).workspace is not room


def test_two_loans_at_once_are_two_workspaces() -> None:
    lender = Pool(Room)
    loans = [lender.lend(5, 1) for _ in range(4)]
    assert len({id(loan.workspace) for loan in loans}) == 4


@pytest.mark.parametrize(("size", "waiting"), [(1, 2), (200, 1)], ids=["small", "large"])
def test_only_so_many_of_a_size_wait(monkeypatch, size: int, waiting: int) -> None:
    monkeypatch.setattr(pool, "LARGEST", 300)
    made = []
    lender = Pool(lambda T, B: made.append(T) or Room(T, B))
    for _ in range(3):
        loans = [lender.lend(size, 1) for _ in range(3)]
        del loans
    assert len(made) == 3 + 2 * (3 - waiting)


def test_other_sizes_go_where_all_together_are_too_large(monkeypatch) -> None:
    monkeypatch.setattr(pool, "LARGEST", 300)
    made = []
    lender = Pool(lambda T, B: made.append(T) or Room(T, B))
    for T in (200, 190, 10, 190, 200):
        lender.lend(T, 1)
    assert made == [200, 190, 10, 200]


def test_the_end_of_a_loan_runs_no_code_in_which_a_signal_could_be_lost() -> None:
    lender = Pool(Room)
    lender.lend(5, 1)
    assert not hasattr(Loan, "__del__")
    assert [kept.loan.__callback__ for each in lender._kept.values() for kept in each] == [None]
