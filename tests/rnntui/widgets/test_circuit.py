"""The circuit pane: expected drawings forward and backward, and facts that hold for every cell at every size."""

import numpy as np
import pytest
from rich.cells import cell_len
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from bptt import CELLS, Cell, Model, Run
from rnntui.explain.circuit import rows_of
from rnntui.frame import Slot
from rnntui.session import Session
from rnntui.widgets.circuit import circuit_fits, circuit_rows
from rnntui.widgets.palette import palette
from rnntui.widgets.view import View

RNN = "a[t] = b + W @ h[t-1] + U @ x[t]\nh[t] = tanh(a[t])\n"
QMEM = """
q[t] = sigmoid(A @ x[t] + B @ mem[t-1] + d)
r2[t] = tanh(C @ x[t] + E @ (q[t] * mem[t-1]))
mem[t] = (1 - q[t]) * mem[t-1] + q[t] * r2[t]
"""
PEEPING = """
f[t] = sigmoid(U_f @ x[t] + W_f @ h[t-1] + p_f * s[t-1] + b_f)
i[t] = sigmoid(U_i @ x[t] + W_i @ h[t-1] + p_i * s[t-1] + b_i)
g[t] = tanh(U_g @ x[t] + W_g @ h[t-1] + b_g)
s[t] = f[t] * s[t-1] + i[t] * g[t]
o[t] = sigmoid(U_o @ x[t] + W_o @ h[t-1] + p_o * s[t] + b_o)
h[t] = o[t] * tanh(s[t])
"""
RESIDUAL = "v[t] = v[t-1] + tanh(W @ v[t-1] + U @ x[t] + b)\n"
MULT = """
e[t] = exp(W_e @ h[t-1] + b_e)
k[t] = sigmoid(U_k @ x[t] + b_k)
c1[t] = k[t] * c1[t-1] - e[t] * tanh(U @ x[t])
h[t] = sin(c1[t]) * (W @ h[t-1]) + tanh(U_h @ x[t])
"""
DRAWN = {
    "rnn": RNN,
    "lstm": CELLS["lstm"],
    "gru": CELLS["gru"],
    "gru-reset-after": CELLS["gru-reset-after"],
    "peeping": PEEPING,
    "residual": RESIDUAL,
    "mult": MULT,
    "qmem": QMEM,
}
ODD = {
    "long": "the_state_of_it_all[t] = tanh(InputWeights @ x[t] + StateWeights @ the_state_of_it_all[t-1] + bias)\n",
    "scalar": "n[t] = norm(v[t-1])\nv[t] = tanh(A @ x[t] + B @ v[t-1]) / (1 + n[t])\n",
    "clocked": "v[t] = hold(2, tanh(A @ x[t] + B @ v[t-1]))\nw[t] = tanh(C @ v[t] + D @ w[t-1])\n",
    "power": "v[t] = tanh(A @ x[t] + B @ v[t-1])\nu[t] = v[t]**3\nw[t] = sigmoid(v[t]) * (D @ x[t])\n",
    "crossed": "a[t] = tanh(A @ b[t-1] + C @ x[t])\nb[t] = tanh(B @ a[t-1])\n",
    "many": "v[t] = tanh(W @ v[t-1]) " + " ".join(f"+ p{n} * (M{n} @ x[t])" for n in range(9)) + "\n",
}
ALL = {**dict(CELLS.items()), **DRAWN, **ODD}


class Drawings(SingleFileSnapshotExtension):
    """A drawing as it can be read in a terminal."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


def session_of(cell, hidden=4, T=5, change=lambda parameters: parameters):
    cell = cell if isinstance(cell, Cell) else Cell.parse(cell, "mine")
    model = Model.create(cell, inputs=3, hidden=hidden, outputs=3, seed=3)
    model = Model(cell, change(dict(model.parameters)), loss="sum", allow_nonfinite=True)
    x, y = np.arange(T) % 3, np.arange(1, T + 1) % 3
    if "batch_norm" in cell.functions:
        x, y = (np.stack([given, given[::-1]], axis=1) for given in (x, y))
    run = Run(model, x, y)
    run.fill(len(run))
    return Session(run, None, "mine")


def rows(session, width=49, height=13):
    return circuit_rows(View(session.frame(), palette("dark")), width, height)


def text(session, width=49, height=13):
    lines = ["".join(segment.text for segment in row).rstrip() for row in rows(session, width, height)]
    return "\n".join(lines).rstrip() + "\n"


def state_of(cell):
    cell = cell if isinstance(cell, Cell) else Cell.parse(cell, "mine")
    return next(name for name in cell.definitions if name in cell.lags and name != "x")


# -- the look


@pytest.mark.parametrize("phase", ["forward", "backward"])
@pytest.mark.parametrize("name", DRAWN)
def test_the_drawing(name, phase, snapshot):
    session = session_of(DRAWN[name])
    session.end()
    session.look_at(Slot(state_of(DRAWN[name]), 4, phase == "backward"), 1)
    assert text(session) == snapshot(extension_class=Drawings)


def test_the_two_grus_differ_in_what_their_reset_valve_is_on():
    before, after = (session_of(CELLS[name]) for name in ("gru", "gru-reset-after"))
    for session in (before, after):
        session.goto_place("forward t=4 h")
    assert "on h₃" in text(before)
    assert "on W·h₃" in text(after)


def test_what_the_current_equation_is_about_is_lit():
    session = session_of(QMEM)
    session.goto_place("forward t=3 q")
    lit = palette("dark").style("background", "forward", bold=True)
    assert {segment.text for row in rows(session) for segment in row if segment.style is lit} >= {"q"}
    session.goto_place("forward t=3 mem")
    shown = [segment.text for row in rows(session) for segment in row if segment.style is lit]
    assert shown.count("(×)") == 2 and "(+)" in shown and "mem₃" in shown and "q" not in shown


# -- numbers


def number_after(drawing, mark):
    return float(drawing.split(mark)[1].split()[0].strip("━"))


def test_the_shares_of_a_gate_with_three_wires_sum_to_the_number_at_its_name():
    session = session_of(QMEM)
    session.end()
    run, unit = session.run, 1
    session.look_at(Slot("mem", 4, True), unit)
    points = next(line for line in text(session).split("\n") if "▼" in line)
    shares = [float(piece) for piece in points.replace("▼", " ").split()]
    reset = float(text(session).split("(×)")[-1].split()[0])
    total = run.read("q", 4, True)[0, unit]
    assert len(shares) == 2
    assert sum(shares) + reset == pytest.approx(total, abs=0.02)


def test_what_comes_back_by_the_belt_is_the_gradient_times_the_gate():
    session = session_of(CELLS["lstm"])
    session.end()
    session.look_at(Slot("s", 4, True), 2)
    run = session.run
    expected = run.read("f", 4)[0, 2] * run.read("s", 4, True)[0, 2]
    above = text(session).split("\n")[2]
    assert float(above) == pytest.approx(expected, abs=0.006)


# -- masks


@pytest.mark.parametrize("slot", [Slot("mem", 4), Slot("q", 4), Slot("mem", 3, True)])
def test_what_a_question_hides_is_shown_nowhere(slot):
    session = session_of(QMEM)
    session.end()
    session.look_at(Slot("mem", 4, slot.gradient), 1)
    open_text = text(session)
    session.hide([slot])
    hidden = text(session)
    assert "?" in hidden and "?" not in open_text
    value = session.run.read(slot.name, slot.t, slot.gradient)[0, 1]
    for shown in (f"{value:+.2f}".replace("0.", "."), f"{value:.2f}"[1:]):
        assert hidden.count(shown) < max(1, open_text.count(shown))
    session.reveal()
    assert text(session) == open_text


def test_shares_of_a_hidden_gradient_are_hidden_with_it():
    session = session_of(QMEM)
    session.end()
    session.look_at(Slot("mem", 4, True), 1)
    session.hide([Slot("q", 4, True)])
    drawing = text(session)
    assert "(×)?" in drawing
    assert drawing.count("▼?") == 2


def test_a_hidden_past_hides_what_comes_back_to_it():
    session = session_of(CELLS["lstm"])
    session.end()
    session.look_at(Slot("s", 4, True), 1)
    session.hide([Slot("s", 3, True)])
    assert text(session).split("\n")[2].strip() == "?"


def test_nothing_is_shown_before_it_is_computed():
    session = session_of(QMEM)
    session.goto_place("forward t=2 r2")
    end = text(session).split("\n")[3]
    assert end.endswith("mem₂ ·")


# -- every cell, every size


def every_place(session):
    for position in range(0, session.total + 1, 5):
        session.goto(position)
        yield
    session.end()
    for name in session.run.model.cell.definitions:
        for gradient in (False, True):
            session.look_at(Slot(name, 1, gradient), 0)
            yield


@pytest.mark.parametrize("name", ALL)
def test_every_cell_fits_at_every_size(name):
    for hidden in (2, 8) if "norm" in name else (1, 8):
        session = session_of(ALL[name], hidden, T=3)
        for _ in every_place(session):
            for width in (31, 40, 49, 90):
                drawn = rows(session, width, 12)
                assert len(drawn) == 12
                assert all(cell_len("".join(segment.text for segment in row)) == width for row in drawn)


@pytest.mark.parametrize("name", ["rnn", "lstm", "gru", "peeping", "mult", "qmem", "rnn-hierarchy", "rnn-layer-norm"])
def test_a_column_of_49_has_room_for_a_drawing(name):
    session = session_of(ALL[name])
    session.goto_place("forward t=3")
    assert "━━" in text(session)


def test_what_does_not_fit_is_counted():
    session = session_of(ODD["many"])
    session.goto_place("forward t=3 v")
    assert "more" in text(session, 49, 8)
    assert "━━" not in text(session)


def test_long_names_are_cut():
    session = session_of(ODD["long"])
    session.goto_place("forward t=3")
    assert "thest…₂" in text(session)


def test_a_cell_in_which_nothing_recurs_has_no_circuit():
    cell = Cell.parse("v[t] = tanh(A @ x[t])\n", "flat")
    assert rows_of(cell) == 0
    assert not circuit_fits(cell, 4, 50)
    assert text(session_of(cell), 49, 5).strip("─\n ") == ""


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300, 1e-300, 0.0])
@pytest.mark.parametrize("name", ["lstm", "mult", "qmem", "rnn-layer-norm", "scalar", "clocked"])
def test_any_number_can_be_drawn(name, bad):
    session = session_of(ALL[name], T=2, change=lambda p: {k: np.full_like(v, bad) for k, v in p.items()})
    for _ in every_place(session):
        rows(session)


@pytest.mark.parametrize("name", ["lstm", "qmem", "mult"])
def test_there_and_back_is_the_same_drawing(name):
    session = session_of(ALL[name])
    for position in (7, session.total // 2 + 9):
        session.goto(position)
        before = text(session)
        for _ in range(6):
            session.step()
        for _ in range(6):
            session.back()
        assert text(session) == before


def test_nothing_but_numbers_and_names_changes_from_step_to_step():
    session = session_of(CELLS["lstm"], T=12)
    wires = set()
    for position in range(1, session.run.schedule.turn):
        session.goto(position)
        if session.current.target in ("z", "p", "L"):
            continue
        road = text(session).split("\n")[3]
        wires.add((road.index("(×)"), road.index("(+)"), road.index("┳")))
    assert len(wires) == 1


def test_the_pane_goes_below_the_equation_where_both_have_room():
    lstm = CELLS["lstm"]
    assert circuit_fits(lstm, 4, 32)
    assert not circuit_fits(lstm, 8, 32)
    assert circuit_fits(lstm, 8, 41)
    assert not circuit_fits(lstm, 4, 18)


def test_what_is_made_on_the_way_is_shown_when_its_equation_is_computed():
    session = session_of(RNN)
    number_of_u = 8
    assert rows_of_text(session)[number_of_u].split()[0] == "·"
    session.goto_place("forward t=1 a")
    u = session.run.model.parameters["U"]
    assert float(rows_of_text(session)[number_of_u].split()[0]) == pytest.approx(u[0, 0], abs=0.05)


def rows_of_text(session):
    return text(session).splitlines()
