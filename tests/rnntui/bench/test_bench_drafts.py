"""Texts of cells: the template runs, faults have their place, and a cell's own text makes the same cell."""

from __future__ import annotations

import numpy as np
import pytest

import bptt
from rnntui.bench.draft import TEMPLATE, read_draft, text_of
from rnntui.bench.ground import ground_of
from rnntui.bench.sheet import new_sheet, sheet_of
from rnntui.reports.coloured_rows import coloured_rows
from rnntui.reports.equation_rows import derived_rows
from rnntui.safe import InputError
from rnntui.session import Session
from rnntui.sources.request import Request

ODD = "q[t] = sigmoid(A @ x[t] + B @ mem[t-1])\nmem[t] = q[t] * mem[t-1] + (1 - q[t]) * tanh(C @ x[t])\n"


def session(**given) -> Session:
    run, source = Request(**given).run()
    return Session(run, source)


def test_the_template_is_a_cell_that_runs_and_fits_half_a_screen() -> None:
    draft = read_draft(TEMPLATE, "mine", "softmax")
    assert draft.cell is not None and draft.fault is None
    run = new_sheet().ground.session(draft.cell).run
    assert run.first_nonfinite() is None
    assert np.abs(run.read("mem", 5)).min() > 0
    assert max(map(len, TEMPLATE.splitlines())) <= 54


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("q[t] = tahn(A @ x[t])\n", (1, 8), "did you mean 'tanh'?"),
        ("# nothing\n\nq[t] = A @ x[t] +\n", (3, 18), ""),
        ("", (1, 1), ""),
        ("q[t] = A @ x[t]\nq[t] = B @ x[t]\n", (2, 1), ""),
    ],
)
def test_a_fault_has_line_column_and_cause(text: str, place: tuple[int, int], words: str) -> None:
    fault = read_draft(text, "mine", "softmax").fault
    assert fault is not None and fault.reason and words in fault.reason
    assert (fault.line, fault.column) == place
    assert fault.typed == text.split("\n")[place[0] - 1]


@pytest.mark.parametrize("name", bptt.CELLS)
def test_the_text_of_a_built_in_cell_makes_it_again(name: str) -> None:
    cell = bptt.CELLS[name]
    assert "cross_entropy" not in text_of(cell)
    assert read_draft(text_of(cell), name, "softmax").cell == cell


def test_the_text_of_a_stacked_cell_is_that_of_one_layer_and_a_loss_of_ones_own_stays() -> None:
    assert text_of(bptt.CELLS["gru"].stacked(3)) == text_of(bptt.CELLS["gru"])
    own = ODD + "miss[t] = squared_error(mem[t], y[t])\n"
    assert text_of(bptt.Cell.parse(own)) == own


def test_a_changed_cell_runs_on_the_same_data_with_the_parameters_that_it_shares() -> None:
    before = session(cell="rnn", text="abcab", hidden=3, seed=5)
    changed = text_of(before.cell).replace("tanh(a[t])", "relu(a[t] + Q @ x[t])")
    ground = ground_of(before)
    after = ground.session(read_draft(changed, "mine", ground.readout).cell)
    old, new = before.run.model.parameters, after.run.model.parameters
    assert set(new) - set(old) == {"Q"}
    assert all(np.array_equal(old[name], new[name]) for name in old)
    assert after.source is before.source and after.run.T == before.run.T


def test_layers_and_windows_are_those_of_the_session() -> None:
    before = session(cell="rnn", text="abcabcab", hidden=2, layers=2, window=3, stride=1)
    ground = ground_of(before)
    after = ground.session(read_draft(ODD, "mine", ground.readout).cell)
    assert after.cell.layers == 2
    assert (after.run.schedule.window, after.run.schedule.stride) == (3, 1)


def test_what_does_not_fit_the_data_is_one_line() -> None:
    ground = ground_of(session(cell="rnn", text="abc"))
    cell = read_draft(ODD + "miss[t] = squared_error(mem[t], y[t])\n", "mine", ground.readout).cell
    with pytest.raises(InputError, match=r"write .*cross_entropy"):
        ground.session(cell)


def test_a_sheet_is_of_a_file_or_of_a_session(tmp_path) -> None:
    file = tmp_path / "odd.txt"
    assert new_sheet(str(file)).text == TEMPLATE
    file.write_text(ODD, encoding="utf-8")
    assert (new_sheet(str(file)).text, new_sheet(str(file)).name) == (ODD, "odd")
    with pytest.raises(InputError, match="there is no folder"):
        new_sheet(str(tmp_path / "nowhere" / "odd.txt"))
    assert sheet_of(session(cell=str(file), text="abc")).text == ODD


@pytest.mark.parametrize("width", [36, 58, 78, 200])
@pytest.mark.parametrize("name", ["lstm-peephole", "rnn-batch-norm", "rnn-hierarchy", None])
def test_coloured_rows_say_what_derive_says_and_keep_to_the_width(name: str | None, width: int) -> None:
    cell = bptt.Cell.parse(ODD) if name is None else bptt.CELLS[name]
    for equation in cell.backward:
        rows = ["".join(run.text for run in row) for row in coloured_rows(cell, equation, width)]
        said = "".join("".join(rows).split())
        plain = "".join("".join(derived_rows(cell, equation)).split())
        assert sorted(said.replace("#", "")) == sorted(plain.replace("#", "")) or "#" in said
        breakable = [row for row in rows if " + " in row[6:] or " − " in row[6:]]
        assert all(len(row) <= width for row in breakable if "(" not in row and "#" not in row)


def test_terms_have_the_colour_of_where_they_come_from() -> None:
    cell = bptt.CELLS["rnn"]
    (gradient,) = [e for e in cell.backward if e.target == "h" and e.kind == "gradient"]
    runs = [run for row in coloured_rows(cell, gradient, 200) for run in row]
    coloured = {run.text: run.colour for run in runs}
    assert coloured["Vᵀ∇z[t]"] == coloured["from this output"] == "loss"
    assert coloured["from the future"] == "backward"
