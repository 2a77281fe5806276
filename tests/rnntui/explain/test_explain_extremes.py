"""NaN, infinities and numbers at the ends of the range crash no picture."""

import numpy as np
import pytest

from rnntui.explain.drill import drill
from rnntui.explain.sentence import sentence_of
from rnntui.explain.terms import explain
from rnntui.explain.tiles import plan_tiles

EXTREME = [float("nan"), float("inf"), float("-inf"), 1e300, -1e300, 1e-300, 0.0]


def picture_everything(seen, step, read):
    forms = explain(seen.cell, step.equation, step.t, seen.run.weight)
    for width in (30, 78):
        plan_tiles(seen.cell, forms, read, width, 9, seen.tokens, seen.vocabulary)
    for form in forms:
        text = sentence_of(seen.cell, form, read, 1, seen.tokens, seen.vocabulary)
        assert text.endswith(".") and len(text) < 260
        drill(seen.cell, form, read, 1, 9, seen.tokens, seen.vocabulary)


@pytest.mark.parametrize("values", [EXTREME, EXTREME[:1], EXTREME[1:2]], ids=["mixed", "NaN", "inf"])
def test_any_number_can_be_pictured(any_cell, see, values):
    seen = see(any_cell, hidden=3, T=3)

    def read(expression, t):
        return np.resize(values, np.shape(seen.read(expression, t)))

    for step in seen.steps(2):
        picture_everything(seen, step, read)


@pytest.mark.parametrize("scale", [1e300, 1e-300])
def test_runs_of_extreme_weights_can_be_pictured(any_cell, see, scale):
    seen = see(any_cell, hidden=3, T=3, scale=scale)
    for step in seen.steps(2):
        picture_everything(seen, step, seen.read)
