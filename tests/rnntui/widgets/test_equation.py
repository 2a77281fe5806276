"""What the equation pane shows: a hand-written cell at two sizes, and facts that hold for every step of any cell."""

import re

import numpy as np
import pytest
from rich.cells import cell_len

from bptt import CELLS, Cell, Model, Run
from rnntui.frame import Slot
from rnntui.session import Session
from rnntui.sources.source import Source
from rnntui.widgets.equation import equation_rows
from rnntui.widgets.palette import palette
from rnntui.widgets.view import View

HAND = """
q[t] = sigmoid(Q @ x[t] + R @ mem[t-1] + k)           # how much stays
r2[t] = tanh(S @ x[t] + W2 @ (q[t] * mem[t-1]) + k2)  # what is offered
mem[t] = q[t] * mem[t-1] + (1 - q[t]) * r2[t]         # what is remembered
"""
ODD = {
    "hand": HAND,
    "peeping": """
f[t] = sigmoid(A @ x[t] + B @ v[t-1] + p * m[t-1] + a)
m[t] = f[t] * m[t-1] + tanh(C @ x[t] + D @ v[t-1])
v[t] = sigmoid(E @ x[t] + pp * m[t]) * tanh(m[t])
""",
    "far": "v[t] = tanh(A @ x[t] + B @ v[t-1] + C @ v[t-3] + d)\n",
    "scalar": "n[t] = norm(v[t-1])\nv[t] = tanh(A @ x[t] + B @ v[t-1]) / (1 + n[t])\n",
    "clocked": "v[t] = hold(2, tanh(A @ x[t] + B @ v[t-1]))\nw[t] = tanh(C @ v[t] + D @ w[t-1])\n",
    "growing": "e[t] = exp(A @ x[t] + B @ v[t-1])\nv[t] = e[t] * v[t-1] - sin(C @ x[t]) * e[t]\n",
    "wordy": "the_state_of_it_all[t] = tanh(InputWeights @ x[t] + StateWeights @ the_state_of_it_all[t-1] + bias)\n",
}
SIZES = ((30, 3), (34, 7), (49, 33), (66, 20), (80, 8), (120, 40))


def source_of(letters):
    vocabulary = tuple(sorted(set(letters)))
    codes = np.array([vocabulary.index(letter) for letter in letters])
    count = len(vocabulary)
    return Source(codes[:-1], codes[1:], tuple(letters[:-1]), vocabulary, count, count, "classes", "a test", {})


def session_of(cell=HAND, letters="hello", hidden=4, change=lambda parameters: parameters):
    """A filled run on next-letter prediction; `change` gets and gives the parameters."""
    source = source_of(letters)
    cell = cell if isinstance(cell, Cell) else Cell.parse(cell, "mine")
    model = Model.create(cell, source.inputs, hidden, source.outputs, seed=3)
    model = Model(cell, change(dict(model.parameters)), loss="sum", allow_nonfinite=True)
    x, y = source.x, source.y
    if "batch_norm" in cell.functions:  # it needs a batch
        x, y = (np.stack([given, given[::-1]], axis=1) for given in (x, y))
    run = Run(model, x, y)
    run.fill(len(run))
    return Session(run, source, "mine")


def rows_of(session, width, height, colourless=False, theme="dark", **how):
    return equation_rows(View(session.frame(), palette(theme, colourless), **how), width, height)


def text_of(session, width, height, **how):
    rows = rows_of(session, width, height, **how)
    return "\n".join("".join(segment.text for segment in row).rstrip() for row in rows)


def at(session, place, unit=1):
    session.goto_place(place)
    session.move_lens(units=unit - session.lens.unit)
    return session


def styles_of(rows, text):
    """The styles of the segments that hold a text."""
    return [segment.style for row in rows for segment in row if text in segment.text]


# -- the look


@pytest.mark.parametrize(("width", "height"), [(80, 8), (49, 33)])
@pytest.mark.parametrize("place", ["f2 r2", "f2 mem", "b2 ∇mem", "b2 W2"])
def test_a_hand_written_cell_at_two_sizes(snapshot, width, height, place):
    assert text_of(at(session_of(), place), width, height) == snapshot


def test_before_the_first_step_the_equations_stand_with_their_comments():
    rows = text_of(session_of(), 80, 9).splitlines()
    assert rows[0] == " Press → to compute the first equation."
    assert re.search(r"^ mem\[t\] = q\[t\] ⊙ mem\[t-1\] .* what is remembered$", "\n".join(rows), re.MULTILINE)
    assert rows[-1] == " next → q₁ = σ(Q·x₁ + R·mem₀ + k)"
    beneath = text_of(session_of(), 49, 33).splitlines()
    assert "   what is remembered" in beneath


def test_the_last_line_is_the_next_equation_and_at_the_end_says_that_it_is_the_end():
    session = at(session_of(), "f2 mem")
    assert text_of(session, 49, 33).splitlines()[-1] == " next → z₂ = c + V·mem₂"
    session.end()
    assert text_of(session, 49, 33).splitlines()[-1] == " end of the run: every gradient is summed"


def test_a_next_equation_that_is_too_long_ends_before_a_sign():
    session = at(session_of(), "f2 mem")
    session.goto(session.position - 2)
    assert text_of(session, 36, 33).splitlines()[-1] == " next → r2₂ = tanh(S·x₂ + …"


def test_a_term_has_the_colour_of_where_it_comes_from():
    rows = rows_of(at(session_of(), "f2 mem"), 80, 8)
    forward, new = palette("dark").style("forward"), palette("dark").style("input")
    assert styles_of(rows[:1], "q₂ ⊙ mem₁") == [forward]
    assert styles_of(rows[:1], "(1−q₂) ⊙ r2₂") == [new]
    assert styles_of(rows[1:2], "keep") == [forward]


def test_the_row_of_the_lens_is_marked_and_bold():
    rows = rows_of(at(session_of(), "f2 mem", unit=2), 80, 8)
    texts = ["".join(segment.text for segment in row) for row in rows]
    (row,) = [number for number, text in enumerate(texts) if text.startswith("▸")]
    number = re.search(r"[-+]?\.\d\d", texts[row]).group()
    assert styles_of(rows[row : row + 1], number)[0].underline
    bold = [segment for segment in rows[row] if segment.style.bold and re.search(r"\d", segment.text)]
    assert len(bold) == 5
    above = [segment for segment in rows[row - 1] if segment.style.bold]
    assert not above


def test_what_a_matrix_multiplies_is_not_marked_as_the_lens_row():
    rows = rows_of(at(session_of(), "b2 z", unit=1), 80, 8)
    session = at(session_of(), "f2 z", unit=1)
    rows = rows_of(session, 80, 8)
    row = next(row for row in rows if row[0].text.startswith("▸"))
    value = session.frame().vector(Slot("mem", 2))[1]
    shown = f"{value:+.2f}".replace("0.", ".")
    assert [segment.style.bold for segment in row if shown in segment.text][-1] is None


def test_the_drill_adds_up_to_the_number_on_the_tile():
    session = at(session_of(), "b2 ∇mem")
    text = text_of(session, 66, 40)
    rows = re.findall(r" ([+−]\d\.\d{3}|[+−]\d(?:\.\d+)?e−\d) +[▐█▕│]", text)
    products = [float(found.replace("−", "-")) for found in rows]
    total = float(re.search(r"Σ = +([+−]\d\.\d{3})", text).group(1).replace("−", "-"))
    assert len(products) == 13
    assert total == pytest.approx(sum(products), abs=0.008)
    assert total == pytest.approx(session.frame().vector(Slot("mem", 2, True))[1], abs=0.001)


def test_bars_point_the_way_of_their_sign():
    text = text_of(at(session_of(), "b2 ∇mem"), 66, 40)
    found = re.findall(r" ([+−])\d\S+ +([▐█▕]*)│([█▌▏]*)", text)
    assert len(found) == 13
    for sign, left, right in found:
        assert (bool(left), bool(right)) == (sign == "−", sign == "+")


def test_a_parameters_sum_says_how_many_times_are_in_it():
    session = at(session_of(), "b3 W2")
    assert text_of(session, 80, 8).splitlines()[0].endswith("Σ of 2/4")
    session.goto_place("b1 W2")
    assert text_of(session, 80, 8).splitlines()[0].endswith("Σ of 4/4")
    assert "time by time" in text_of(session, 49, 33)


def test_the_sum_over_time_is_the_sum_of_its_rows():
    text = text_of(at(session_of(), "b1 W2"), 49, 40)
    after = text[text.index("time by time") :]
    rows = [float(number.replace("−", "-")) for number in re.findall(r"t=\d +([+−]?\d\S*)", after)]
    total = float(re.search(r"Σ = +(\S+)", after).group(1).replace("−", "-"))
    assert len(rows) == 4 and total == pytest.approx(sum(rows), abs=0.003)


def test_a_batch_says_that_the_sum_goes_over_it():
    rng = np.random.default_rng(0)
    cell = Cell.parse(HAND, "mine", readout="linear")
    run = Run(Model.create(cell, 2, 4, 2), rng.normal(size=(4, 3, 2)), rng.normal(size=(4, 3, 2)))
    run.fill(len(run))
    session = Session(run)
    for sequence in range(3):
        session.show_sequence(sequence)
        for position in range(len(run) + 1):
            session.goto(position)
            rows_of(session, 49, 33)
    assert text_of(at(session, "b2 W2"), 66, 20).splitlines()[0].endswith("Σ of 3/4, Σ batch")


def test_depths_show_the_line_then_tiles_then_the_drill():
    session = at(session_of(), "b2 ∇mem")
    line, tiles, drill = (text_of(session, 49, 33, depth=depth) for depth in (1, 2, 3))
    assert "straight back" in line and "▸" not in line and "term by term" not in line
    assert "▸" in tiles and "term by term" not in tiles
    assert "▸" not in drill and "term by term" in drill


def test_a_lens_on_an_input_says_that_it_is_given():
    session = session_of()
    session.look_at(Slot("x", 2), 0)
    assert text_of(session, 80, 8).splitlines()[0] == " x₂ is given: no equation computes it."


def test_thumbnails_stand_for_more_units_than_there_are_rows():
    rows = text_of(at(session_of(hidden=32), "b2 ∇mem"), 80, 8).splitlines()
    assert sum("▀" in row for row in rows) == 4


# -- what may not be seen


def test_what_is_hidden_is_a_question_mark_on_its_tiles_and_in_the_drill():
    session = at(session_of(), "b2 ∇mem")
    session.hide([Slot("mem", 2, True)])
    text = text_of(session, 49, 33)
    assert len(re.findall(r"^[▸ ] +\? ", text, re.MULTILINE)) == 4
    assert "hidden until you predict" in text and "│" not in text


def test_what_is_not_computed_yet_is_a_dot():
    session = at(session_of(), "b3 ∇mem")
    session.look_at(Slot("mem", 2, True), 0)
    text = text_of(session, 49, 33)
    assert len(re.findall(r"^[▸ ] +· ", text, re.MULTILINE)) >= 4
    assert "term by term" not in text


HIDDEN = [Slot("mem", 3, True), Slot("mem", 2), Slot("q", 2), Slot("r2", 2), Slot("r2", 3, True)]


@pytest.mark.parametrize("slot", HIDDEN)
def test_no_mask_leaks(slot):
    """With the hidden numbers changed, every character and every colour is what it was."""
    plain, changed = session_of(), session_of()
    tape = changed.run.tape
    numbers = (tape.gradients if slot.gradient else tape.values)[slot.name]
    numbers[tape.row(slot.name, slot.t)] *= -1
    plain.hide([slot])
    changed.hide([slot])
    for position in range(len(plain.run) + 1):
        plain.goto(position)
        changed.goto(position)
        for width, height in ((49, 33), (80, 8), (30, 9)):
            assert rows_of(plain, width, height) == rows_of(changed, width, height), (position, width)


# -- every step of every cell


@pytest.mark.parametrize("name", [*CELLS, *ODD])
def test_every_step_fits_and_never_fails(name):
    session = session_of(CELLS[name] if name in CELLS else ODD[name], letters="help")
    for position in range(len(session.run) + 1):
        session.goto(position)
        for place, (width, height) in enumerate(SIZES):
            rows = rows_of(session, width, height, depth=(position + place) % 4 if position % 3 == 0 else 0)
            assert len(rows) == height
            assert {sum(cell_len(segment.text) for segment in row) for row in rows} == {width}


@pytest.mark.parametrize("hidden", [1, 2, 13])
def test_any_number_of_units_fits(hidden):
    session = session_of(ODD["peeping"], letters="help", hidden=hidden)
    for position in range(0, len(session.run) + 1, 2):
        session.goto(position)
        for width, height in SIZES:
            rows = rows_of(session, width, height)
            assert {sum(cell_len(segment.text) for segment in row) for row in rows} == {width}


@pytest.mark.parametrize("width", range(30, 121, 6))
def test_every_width_and_height_is_filled_exactly(width):
    session = at(session_of(), "b2 ∇mem")
    for height in (*range(3, 13), 20, 33, 40):
        rows = rows_of(session, width, height)
        assert len(rows) == height
        assert {sum(cell_len(segment.text) for segment in row) for row in rows} == {width}


def test_no_number_is_cut(monkeypatch):
    """Nothing is put where it would be cut off."""
    from rnntui.widgets.canvas import Canvas

    put, cut = Canvas.put, []

    def watched(self, x, y, text, style):
        inside = x >= 0 and x + cell_len(text.rstrip()) <= self.width and 0 <= y < self.height
        if text.strip() and not inside:
            cut.append((x, y, text))
        return put(self, x, y, text, style)

    monkeypatch.setattr(Canvas, "put", watched)
    for text in ODD.values():
        session = session_of(text, letters="help")
        for position in range(0, len(session.run) + 1, 2):
            session.goto(position)
            for width, height in ((30, 7), (49, 33), (80, 8), (30, 40)):
                rows_of(session, width, height)
    assert cut == []


@pytest.mark.parametrize("size", [1e300, 1e-300, np.nan, np.inf, 0.0])
def test_numbers_of_any_size_are_drawn(size):
    def change(parameters):
        parameters["Q"] = np.full_like(parameters["Q"], size)
        return {**parameters, "k2": np.full_like(parameters["k2"], size)}

    session = session_of(letters="help", change=change)
    for position in range(len(session.run) + 1):
        session.goto(position)
        for width, height in ((30, 9), (49, 33), (80, 8)):
            rows = rows_of(session, width, height)
            assert {sum(cell_len(segment.text) for segment in row) for row in rows} == {width}


def test_there_and_back_again_every_row_is_what_it_was():
    session = session_of()
    seen = []
    for position in range(len(session.run) + 1):
        session.goto(position)
        seen.append((rows_of(session, 49, 33), rows_of(session, 80, 8)))
    for position in reversed(range(len(session.run) + 1)):
        session.goto(position)
        assert (rows_of(session, 49, 33), rows_of(session, 80, 8)) == seen[position]


def test_without_colours_the_sign_and_the_size_are_still_there():
    session = at(session_of(), "b2 ∇mem")
    assert text_of(session, 80, 8, colourless=True) == text_of(session, 80, 8)
    session.goto_place("f2 q")
    squares = text_of(session, 49, 33, colourless=True)
    assert re.search("[░▒▓]{2}", squares) and re.search("[-=≡]{2}", squares)
    thumbnails = text_of(at(session_of(hidden=32), "b2 ∇mem"), 80, 8, colourless=True)
    assert "▀" not in thumbnails and re.search("[░▒▓█]", thumbnails) and re.search("[-=≡#]", thumbnails)


def test_the_theme_changes_no_character():
    session = at(session_of(), "b2 ∇mem")
    assert text_of(session, 49, 33, theme="light") == text_of(session, 49, 33)
