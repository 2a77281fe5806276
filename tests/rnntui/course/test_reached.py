"""What is told of a goal is what was to be reached and what is, and is never false as it stands there."""

from __future__ import annotations

import operator
import re
from typing import Any

import numpy as np
import pytest

import bptt
from bptt.queries import parse_query
from bptt.run import Run
from rnntui.course.reached import reached

CELL = bptt.Cell.parse("mem[t] = A @ x[t] + B @ mem[t-1]\nmiss[t] = squared_error(mem[t], y[t])", "odd")


def run_with(a: float) -> Run:
    parameters: dict[str, Any] = {"A": np.array([[a], [-1.0]]), "B": np.zeros((2, 2))}
    model = bptt.Model(CELL, parameters, inputs=1, hidden=2, outputs=2)
    return Run(model, np.ones((2, 1)), np.zeros((2, 2)))


@pytest.mark.parametrize(
    ("goal", "a", "told"),
    [
        ("mem[2][0] < 0", 0.6591, "mem[2][0] is 0.6591; it is to be below 0"),
        ("mem[2][0] < 0", -0.5, "mem[2][0] is −0.5, below 0"),
        ("mem[2][0] > 0.001 * norm(B - 1)", 1e-9, "mem[2][0] is 1e−9; it is to be above 0.001 * norm(B - 1) = 0.002"),
        ("0 < mem[2][0]", -1.0, "mem[2][0] is −1; it is to be above 0"),
        ("norm(B - B) == 0", 1.0, "norm(B - B) is 0, as it was to be"),
        ("mem[1][0] == mem[2][0]", 1.0, "mem[1][0] is 1, equal to mem[2][0] = 1"),
        ("mem[1][0] != 1", 1.0, "mem[1][0] is 1; it is to be other than 1"),
        ("grad(mem[1])[0] > 3 and mem[1][0] > 0", 1.0, "∇mem[1][0] is 1; it is to be above 3"),
        (
            "mem[1][0] > 3 or mem[1][0] > 2",
            1.0,
            "mem[1][0] is 1; it is to be above 3; mem[1][0] is 1; it is to be above 2",
        ),
        ("not mem[1][0] > 0", 1.0, "not mem[1][0] > 0 does not hold"),
        ("norm(grad(mem[2])) < 0.5", 1.0, "‖∇mem[2]‖ is 1.414; it is to be below 0.5"),
        ("0.5 < mem[1][0] < 1", 0.25, "mem[1][0] is 0.25; it is to be above 0.5"),
    ],
)
def test_a_goal_is_told_in_words(goal: str, a: float, told: str) -> None:
    run = run_with(a)
    assert reached(parse_query(goal, CELL), run, 1)[1] == told


COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


@pytest.mark.parametrize("sign", COMPARE)
@pytest.mark.parametrize("a", [0.00999999, 0.01, 0.01000001, 0.0100000000001])
def test_rounding_makes_no_falsehood(sign: str, a: float) -> None:
    met, told = reached(parse_query(f"mem[2][0] {sign} 0.01", CELL), run_with(a), 1)
    found = re.search(r" is (\S+?)[,;]", told)
    assert found is not None
    assert COMPARE[sign](float(found[1]), 0.01) == met
