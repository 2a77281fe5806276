"""What-ifs: listed, removable, compared; any walk through a run and its edits reads as a fresh run."""

import numpy as np
import pytest

from bptt import Cell, InputError, Model, Run
from bptt.debugger.whatif import WhatIf, compare
from bptt.edits import Edit

LINEAR = "h[t] = W @ h[t-1] + U @ x[t]\no[t] = V @ h[t]\nL[t] = squared_error(o[t], y[t])"


def by_hand():
    """h = 2 h′ + 3 x, o = 5 h, x = 1, 1, targets 0: h = 3, 9; L = 112.5, 1012.5."""
    model = Model(Cell.parse(LINEAR), {"W": [[2.0]], "U": [[3.0]], "V": [[5.0]]})
    return Run(model, [[1.0], [1.0]], [[0.0], [0.0]])


def test_an_edit_is_compared_with_the_original_and_where_it_begins_is_named():
    whatif = WhatIf(by_hand())
    whatif.make(Edit("h", 1.0, (2, 2)))
    found = whatif.compare()
    assert found.loss == (112.5 + 1012.5, 112.5 + 12.5)
    first = found.differences[0]
    assert (first.name, first.gradient, first.largest, first.phase, first.t) == ("h", False, 8, "forward", 2)
    assert first.relative == pytest.approx(8 / (np.hypot(3, 9) + np.hypot(3, 1)))
    named = {(d.name, d.gradient): (d.phase, d.t) for d in found.differences}
    assert named["h", True] == ("backward", 2)
    assert named["W", True] == (None, None)
    assert ("L", True) not in named  # ∇L is 1 whatever is edited
    assert compare(whatif.original, by_hand()).differences == ()


def test_edits_are_listed_and_taken_back_one_by_one():
    whatif = WhatIf(by_hand())
    edits = [Edit("h", 1.0, (1, 1)), Edit("W", 0.0), Edit("U", 1.0)]
    for edit in edits:
        whatif.make(edit)
    assert whatif.run.trace().values["h"].ravel().tolist() == [1, 1]
    assert whatif.remove(2) == edits[1]
    assert whatif.edits == (edits[0], edits[2])
    assert whatif.run.trace().values["h"].ravel().tolist() == [1, 3]
    assert whatif.remove() == edits[2]
    whatif.clear()
    assert whatif.run is whatif.original


def test_what_does_not_fit_changes_nothing():
    whatif = WhatIf(by_hand())
    run = whatif.make(Edit("h", 1.0))
    with pytest.raises(InputError, match=r"h\[3\] = 0 does not exist"):
        whatif.make(Edit("h", 0, (3, 3)))
    with pytest.raises(InputError, match="no edit has the number 2: there are 1…1"):
        whatif.remove(2)
    assert (whatif.run, whatif.edits) == (run, (Edit("h", 1.0),))
    whatif.clear()
    with pytest.raises(InputError, match="nothing is edited"):
        whatif.remove()


def test_edits_of_a_run_that_is_edited_already_are_made_on_top_of_it():
    whatif = WhatIf(by_hand().edited([Edit("W", 0.0)]))
    whatif.make(Edit("U", 1.0))
    assert whatif.run.trace().values["h"].ravel().tolist() == [1, 1]
    assert whatif.run.edits == (Edit("W", 0.0), Edit("U", 1.0))
    whatif.clear()
    assert whatif.run.trace().values["h"].ravel().tolist() == [3, 3]


@pytest.mark.parametrize(("window", "stride"), [(None, None), (3, 2), (2, 2)])
def test_any_walk_of_steps_edits_and_undoing_reads_as_a_fresh_run(any_cell, run_of, window, stride):
    plain = run_of(any_cell, T=5, B=2)
    initial = {name: plain.tape.initial(name) for name in any_cell.lags if name != "x"}
    arguments = (plain.model, plain.x, plain.y, initial, window, stride)
    random = np.random.default_rng(5)
    whatif = WhatIf(Run(*arguments))
    names = [*any_cell.definitions, *any_cell.parameters, "x"]
    for _ in range(25):
        match random.integers(0, 6):
            case 0:
                name = str(random.choice(names))
                t = int(random.integers(1, 6))
                times = None if name in any_cell.parameters or random.random() < 0.3 else (t, t)
                whatif.make(Edit(name, float(random.normal()), times, (0,)))
            case 1 if whatif.edits:
                whatif.remove(int(random.integers(1, len(whatif.edits) + 1)))
            case 2:
                whatif.run.goto(int(random.integers(0, len(whatif.run) + 1)))
            case 3:
                whatif.run.back()
            case _:
                whatif.run.step()
    position = whatif.run.position
    fresh = Run(*arguments, edits=whatif.edits)
    fresh.goto(position)
    for run in (fresh, whatif.run):
        run.finish()
    for name in any_cell.definitions:
        for gradient in (False, True):
            assert fresh.times(name, gradient).tobytes() == whatif.run.times(name, gradient).tobytes()
    for name in any_cell.parameters:
        assert fresh.trace().grads[name].tobytes() == whatif.run.trace().grads[name].tobytes()
