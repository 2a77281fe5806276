"""The line of NumPy on the screen: it can be pasted, in however many rows, and gives the number beside it."""

import numpy as np
import pytest

import bptt
from bptt.numpy_source import PREAMBLE
from bptt.run import Run
from rnntui.explain.numpy_line import numpy_rows

TEXT = """
q[t] = sigmoid(A @ x[t] + B @ mem[t-1] + d)
mem[t] = (1 - q[t]) * mem[t-1] + q[t] * tanh(C @ x[t] + E @ (q[t] * mem[t-1]))
"""


class Recorded(dict):
    """`mem[3]`, `dmem[4]` … of a run of one sequence."""

    def __init__(self, run):
        super().__init__(run.model.parameters)
        for name in (*run.model.cell.definitions, "x"):
            self[name] = _Times(run, name, False)
            self["d" + name] = _Times(run, name, True)
        self["y"] = {t: int(run.y[t - 1, 0]) for t in range(1, run.T + 1)}
        self |= {"np": np, "K": run.model.outputs}
        exec(PREAMBLE, self)  # noqa: S102  # the text under test


class _Times:
    def __init__(self, run, name, gradient):
        self._run, self._name, self._gradient = run, name, gradient

    def __getitem__(self, t):
        return self._run.read(self._name, t, self._gradient)[0]


@pytest.mark.parametrize("width", [24, 34, 47, 76])
@pytest.mark.parametrize("expanded", [False, True])
def test_the_rows_together_are_one_expression_that_gives_the_steps_value(width, expanded):
    model = bptt.Model.create(bptt.Cell.parse(TEXT), inputs=3, hidden=4, outputs=3, seed=2)
    run = Run(model, [0, 1, 2, 1], [1, 2, 1, 0])
    run.fill(len(run))
    names = Recorded(run)
    for index in range(len(run)):
        step = run.at(index)
        rows = numpy_rows(step.equation, step.t, expanded, width)
        pasted = "\n".join(row.text for row in rows)
        target, _, side = pasted.partition("+=" if step.equation.kind == "parameter" else "=")
        expected = step.value if step.value.ndim < 2 or step.equation.kind == "parameter" else step.value[0]
        if step.equation.kind == "parameter":
            expected = run.contribution(step.target, step.t)
            assert target == f"d{step.target} "
        if step.target == model.cell.loss and step.phase == "backward":
            continue  # where the gradient begins: no line computes it
        value = eval(side.strip(), names)  # noqa: S307  # the text under test
        assert value == pytest.approx(expected, abs=1e-12), pasted


def test_rows_are_as_wide_as_the_pane_at_most():
    cell = bptt.CELLS["lstm"]
    for equation in (*cell.equations, *cell.backward):
        for width in (40, 47, 76):
            rows = numpy_rows(equation, 5, True, width)
            assert all(len(row.text) <= width for row in rows), [row.text for row in rows]
