"""What the Score shows: hand-written cells at two sizes, and facts that hold for every run."""

import random

import numpy as np
import pytest
from rich.cells import cell_len

from bptt import Cell, Model, Run
from bptt.numerals import positive_text
from rnntui.explain.tracks import Track
from rnntui.frame import Slot
from rnntui.session import Session
from rnntui.sources.source import Source
from rnntui.widgets.palette import palette
from rnntui.widgets.score import draw
from rnntui.widgets.score_layout import Band, layout_of
from rnntui.widgets.view import View

GATED = """
q[t] = sigmoid(A @ x[t] + B @ mem[t-1] + d)
r2[t] = tanh(E @ x[t] + F @ (q[t] * mem[t-1]) + e)
mem[t] = (1 - q[t]) * mem[t-1] + q[t] * r2[t]
"""
PLAIN = """
pre[t] = b + W @ mem[t-1] + U @ x[t]
mem[t] = tanh(pre[t])
"""


def session_of(text: str = GATED, letters: str = "helloohel", hidden: int = 4, scale: float = 1.0) -> Session:
    """A filled run on next-letter prediction; `scale` multiplies every parameter."""
    vocabulary = tuple(sorted(set(letters)))
    codes = np.array([vocabulary.index(letter) for letter in letters])
    x, y = codes[:-1], codes[1:]
    count = len(vocabulary)
    source = Source(x, y, tuple(letters[:-1]), vocabulary, count, count, "classes", "a test", {})
    model = Model.create(Cell.parse(text, "mine"), inputs=count, hidden=hidden, outputs=count, seed=3)
    model = model.replaced({name: scale * value for name, value in model.parameters.items()})
    run = Run(model, x, y)
    run.fill(len(run))
    return Session(run, source, "mine")


def view_of(session: Session, colourless: bool = False, **how) -> View:
    """What is seen of a session now."""
    return View(session.frame(), palette("dark", colourless), **how)


def drawn(session: Session, width: int, height: int, colourless: bool = False, **how):
    """The rows of the Score, with their styles."""
    return draw(view_of(session, colourless, **how), width, height)


def text_of(rows) -> str:
    """The rows as text."""
    return "\n".join("".join(segment.text for segment in row).rstrip() for row in rows)


def at(session, place):
    session.goto_place(place)
    return session


# -- the look


@pytest.mark.parametrize(("width", "height"), [(80, 13), (70, 31)])
@pytest.mark.parametrize("place", ["f5 mem", "b5 ∇mem"])
def test_a_hand_written_cell_has_its_tracks(snapshot, width, height, place):
    assert text_of(drawn(at(session_of(), place), width, height)) == snapshot


def test_a_plain_cell_names_its_matrices_between_the_rows():
    rows = text_of(drawn(at(session_of(PLAIN), "f5 mem"), 70, 32)).splitlines()
    assert sum("↑V" in row for row in rows) == 1
    assert sum("↑U" in row for row in rows) == 1
    assert "─W→" in "".join(rows)


def test_the_readouts_matrix_turns_round_where_a_gradient_comes_through_it():
    session = at(session_of(PLAIN), "b5 ∇mem")
    rows = text_of(drawn(session, 70, 32))
    assert rows.count("↓Vᵀ") == 1
    assert rows.count("↑V") == session.run.T - 1


def test_gradients_that_are_not_computed_yet_are_dots():
    rows = text_of(drawn(at(session_of(), "f8 L"), 70, 31)).splitlines()
    under_rule = rows[next(n for n, row in enumerate(rows) if "gradients arrive" in row) + 1 :]
    assert not any(mark in row for row in under_rule for mark in "+▁▂▃▄▅▆▇█")


def test_before_the_function_its_argument_stands_in_italics():
    session = at(session_of(PLAIN), "f5 pre")
    italic = [s for row in drawn(session, 80, 13) for s in row if s.style.italic]
    values = session.run.read("pre", 5)[0]
    assert [float(s.text) for s in italic] == pytest.approx(values, abs=0.006)
    session.step()
    assert not [s for row in drawn(session, 80, 13) for s in row if s.style.italic]


def test_read_and_written_cells_have_edges_of_their_own():
    session = at(session_of(), "b5 ∇mem")
    layout = layout_of(session.frame(), 70, 31)
    rows = text_of(drawn(session, 70, 31)).splitlines()
    band = next(b for b in layout.bands if (b.track.name, b.track.kind) == ("mem", "gradient"))
    assert rows[band.top][layout.columns.x(4) - 1] == "▐"
    assert rows[band.top][layout.columns.x(5) - 1] == "▕"


def test_forward_cells_that_the_step_does_not_read_step_back():
    session = at(session_of(PLAIN), "b5 ∇mem")
    colours = _tile_colours(session, "mem")
    assert colours[6] not in (colours[4], colours[5])
    forward = _tile_colours(at(session, "f8 L"), "mem")
    assert colours[6] == forward[6], "what is read keeps its colour"
    assert colours[4] != forward[4]


def _tile_colours(session, name):
    """Time → the colours of a variable's tiles."""
    view = view_of(session)
    layout = layout_of(view.frame, 70, 31)
    band = next(b for b in layout.bands if (b.track.name, b.track.kind) == (name, "value"))
    found = {}
    for column, t in enumerate(layout.columns.starts):
        x = layout.columns.x(column)
        rows = drawn(session, 70, 31)[band.top : band.top + band.track.rows]
        found[t] = tuple(_style_at(row, x).bgcolor.name for row in rows)
    return found


def _style_at(row, x):
    for segment in row:
        if x < segment.cell_length:
            return segment.style
        x -= segment.cell_length
    raise AssertionError("outside the row")


def test_a_lag_of_several_columns_is_told_on_the_edge():
    session = at(session_of("v[t] = tanh(A @ x[t] + S @ v[t-3])"), "f8 L")
    assert "S³→" in text_of(drawn(session, 80, 20))


def test_float_inputs_show_their_number():
    model = Model.create(Cell.parse(GATED, readout="linear"), inputs=1, hidden=3, outputs=1, seed=1)
    run = Run(model, np.array([[0.25], [-0.5]]), np.array([[0.1], [0.2]]))
    run.fill(len(run))
    rows = text_of(drawn(Session(run), 60, 20))
    line = next(row for row in rows.splitlines() if row.startswith(" x"))
    assert line.split() == ["x", "+.25", "-.50"]


def test_an_input_without_room_is_not_called_not_computed_and_is_told_at_the_cursor():
    model = Model.create(Cell.parse(GATED, readout="linear"), inputs=1, hidden=3, outputs=1, seed=1)
    run = Run(model, np.linspace(0.1, 0.5, 20)[:, None], np.zeros((20, 1)))
    run.fill(len(run))
    line = next(row for row in text_of(drawn(at(Session(run), "f3 mem"), 72, 20)).splitlines() if row[:2] == " x")
    assert line.split() == ["x", "…", "…", "+.14", *["…"] * 16]


# -- nothing depends on history


def test_so_many_steps_back_every_character_is_what_it_was():
    session = session_of()
    before = []
    while True:
        before.append(drawn(session, 70, 31))
        if not session.step():
            break
    for rows in reversed(before):
        assert drawn(session, 70, 31) == rows
        session.back()


def test_rows_move_only_when_the_phase_turns():
    session = session_of()
    layouts = {}
    for position in range(session.total + 1):
        session.goto(position)
        layouts.setdefault(session.phase == "backward", set()).add(layout_of(session.frame(), 80, 13).bands)
    assert [len(found) for found in layouts.values()] == [1, 1]


@pytest.mark.parametrize("zoom", [3, 8])
def test_the_cursors_column_is_visible_in_a_zoomed_run(zoom):
    session = session_of(letters="hello" * 20)
    for position in range(0, session.total + 1, 13):
        session.goto(position)
        columns = layout_of(session.frame(), 70, 13, zoom).columns
        assert columns.pitch == zoom
        assert columns.of(session.t) is not None


# -- what a question hides


@pytest.mark.parametrize("slot", [Slot("mem", 4), Slot("q", 4), Slot("r2", 4), Slot("p", 4), Slot("mem", 4, True)])
@pytest.mark.parametrize("size", [(80, 13), (70, 31), (30, 31), (12, 31)])
@pytest.mark.parametrize("colourless", [False, True])
def test_nothing_drawn_depends_on_what_is_hidden(slot, size, colourless):
    def screen(factor):
        session = session_of()
        slots = session.run.tape.gradients if slot.gradient else session.run.tape.values
        slots[slot.name][session.run.tape.row(slot.name, slot.t)] *= factor
        session.goto_place("b4 ∇mem")
        session.hide([slot])
        return drawn(session, *size, colourless=colourless)

    assert screen(1.0) == screen(0.5)


def test_a_hidden_gradient_hides_its_norm():
    session = at(session_of(), "end")
    session.hide([Slot("mem", 4, True)])
    rows = text_of(drawn(session, 70, 31)).splitlines()
    norms = next(row for row in rows if "‖∇mem‖" in row)
    assert norms.count("???") == 1


def test_in_narrow_columns_the_norm_at_the_cursor_stands_alone():
    session = at(session_of(letters="hello" * 30), "b40 ∇mem")
    norm = np.linalg.norm(session.run.read("mem", 40, True)[0])
    assert float(_norms_of(session)) == pytest.approx(norm, abs=0.006)
    session.goto_place("b40 ∇L")
    assert _norms_of(session).strip(" ·") == ""
    session.goto_place("b40 ∇mem")
    session.hide([Slot("mem", 40, True)])
    assert _norms_of(session).strip(" ·") == "?"


def _norms_of(session):
    """The row of norms of a joined run, without its name."""
    rows = text_of(drawn(session, 70, 31)).splitlines()
    return next(row for row in rows if "‖∇mem‖" in row).replace("‖∇mem‖", "").replace("·", " ")


def test_what_is_hidden_is_not_shown_before_its_function_either():
    session = at(session_of(PLAIN), "f5 pre")
    session.hide([Slot("pre", 5)])
    assert not [s for row in drawn(session, 80, 13) for s in row if s.style.italic]
    assert "???" in text_of(drawn(session, 80, 13))


# -- numbers that are none, and runs of every size


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300, -1e300, 1e-300, 0.0, 5e-324])
@pytest.mark.parametrize("size", [(80, 13), (70, 31), (20, 12), (110, 50)])
def test_numbers_of_any_size_are_drawn(bad, size):
    session = session_of()
    for arrays in (session.run.tape.values, session.run.tape.gradients):
        for name in ("q", "r2", "mem", "p", "z", "L"):
            arrays[name][2:5] = bad
    for place in ("f5", "end"):
        rows = drawn(at(session, place), *size)
        assert all(sum(segment.cell_length for segment in row) == size[0] for row in rows)


def test_what_is_not_finite_is_red():
    session = session_of()
    session.run.tape.values["mem"][3] = np.nan
    rows = drawn(at(session, "end"), 70, 31)
    trouble = view_of(session).palette.colour("trouble")
    assert [s.text.strip() for row in rows for s in row if s.style.bgcolor.name == trouble] == ["NaN"] * 4


@pytest.mark.parametrize("length", [1, 2, 3, 8, 61, 62, 63, 64, 100, 1000])
@pytest.mark.parametrize("colourless", [False, True])
def test_runs_of_any_length_fill_the_width(length, colourless):
    session = session_of(letters="hello" * (length // 5) + "hello"[: length % 5 + 1], hidden=2)
    assert length == session.run.T
    for place in ("start", "f1", "end"):
        for width, height in ((70, 31), (80, 13)):
            rows = drawn(at(session, place), width, height, colourless)
            assert len(rows) == height
            assert all(cell_len("".join(s.text for s in row)) == width for row in rows)
    columns = layout_of(session.frame(), 70, 31).columns
    assert columns.starts[0] == 1
    assert columns.end == length + 1
    assert columns.x(len(columns)) - columns.gap <= 70


def test_every_size_is_drawn():
    sessions = [at(session_of(text, hidden=hidden), "b5") for text, hidden in ((GATED, 4), (PLAIN, 9), (GATED, 33))]
    for width in (*range(20, 60, 3), 80, 99, 150, 200):
        for height in (*range(3, 20), 24, 31, 40, 55):
            for session in sessions:
                rows = drawn(session, width, height)
                assert len(rows) == height
                assert all(sum(segment.cell_length for segment in row) == width for row in rows)


def test_odd_letters_and_names_do_not_break_a_row():
    text = "a_very_long_name_indeed[t] = tanh(W @ a_very_long_name_indeed[t-1] + U @ x[t])"
    session = session_of(text, "h\n\x1b漢é\u202e ")
    for width, zoom in ((80, 0), (70, 0), (30, 0), (40, 1), (40, 4)):
        for row in drawn(at(session, "end"), width, 31, zoom=zoom):
            text = "".join(segment.text for segment in row)
            assert cell_len(text) == width
            assert text.isprintable()


# -- gates and candidates


def styles(row, left, right):
    """The style of each screen column of a row."""
    found = [segment.style for segment in row for _ in segment.text]
    return found[left:right]


def test_few_units_have_wide_bars():
    session = at(session_of(hidden=1), "f5 mem")
    layout = layout_of(session.frame(), 80, 13)
    row = next(band.top for band in layout.bands if band.track.name == "q")
    text = "".join(segment.text for segment in drawn(session, 80, 13)[row])
    left = layout.columns.x(1)
    bar = text[left : left + layout.columns.number]
    assert layout.columns.number == 5 and len(set(bar)) == 1 and bar[0] in "▁▂▃▄▅▆▇█"


DOTS = ((0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08))
"""Of a Braille sign, left and right, from below."""


def test_a_closed_unit_is_seen_where_two_share_a_screen_column():
    """Four units in two columns: each has a bar of its own, up to four dots high."""
    session = session_of(letters="helloohelhelloohelhel")
    session.run.tape.values["q"][4, 0] = [1.0, 0.5, 0.75, 0.0]
    at(session, "f9 mem")
    layout = layout_of(session.frame(), 80, 13)
    assert layout.columns.number == 2
    row = next(band.top for band in layout.bands if band.track.name == "q" and band.track.rows == 1)
    left = layout.columns.x(layout.columns.of(5))
    glyphs = "".join(segment.text for segment in drawn(session, 80, 13)[row])[left : left + 2]
    heights = [sum(bool(ord(glyph) - 0x2800 & dot) for dot in side) for glyph in glyphs for side in DOTS]
    assert heights == [4, 2, 3, 1]  # nothing keeps its foot


@pytest.mark.parametrize("colourless", [False, True])
def test_a_candidate_in_one_row_shows_the_sign_of_each_unit(colourless):
    session = at(session_of(scale=2.0), "f5 mem")
    layout = layout_of(session.frame(), 80, 13)
    row = next(band.top for band in layout.bands if band.track.name == "r2")
    rows = drawn(session, 80, 13, colourless)
    shades, inks = {}, {}
    for t in (1, 2, 3):
        left = layout.columns.x(layout.columns.of(t))
        text = "".join(segment.text for segment in rows[row])[left : left + 4]
        values = session.run.tape.values["r2"][t - 1, 0]
        for value, glyph, style in zip(values, text, styles(rows[row], left, left + 4), strict=True):
            if abs(value) > 0.4:
                inks.setdefault(value > 0, set()).add(glyph)
                shades.setdefault(value > 0, set()).add(style.color)
    assert set(inks) == {False, True}
    assert not (inks if colourless else shades)[True] & (inks if colourless else shades)[False]


# -- the mouse


@pytest.mark.parametrize(
    ("hidden", "size", "zoom"),
    [(4, (80, 13), 0), (4, (70, 31), 0), (33, (70, 31), 0), (4, (40, 31), 3), (1, (80, 13), 0), (2, (80, 13), 0)],
)
def test_a_click_finds_what_is_drawn_there(hidden, size, zoom):
    session = at(session_of(hidden=hidden), "end")
    layout = layout_of(session.frame(), *size, zoom)
    columns = layout.columns
    for column, t in enumerate(columns.starts):
        x = columns.x(column)
        assert layout.hit(x, 0) == (t, None, 0)
        for band in layout.bands:
            track = band.track
            if track.kind in ("input", "rule", "edge"):
                assert layout.hit(x, band.top) is None
            elif track.kind in ("value", "gradient", "probability", "logit gradient"):
                for row in range(track.rows):
                    lanes = band.lanes_of_row(row)
                    if lanes:
                        found = layout.hit(x, band.top + row)
                        assert found == (t, Slot(track.name, t, band.gradient), lanes[0][0])
            elif track.kind in ("meter", "candidate"):
                for bar, (first, _) in enumerate(layout.bars(track.units)):
                    for column in range(layout.bar_width(track.units)):
                        left = x + bar * layout.bar_width(track.units)
                        assert layout.hit(left + column, band.top) == (t, Slot(track.name, t), first)


def test_a_click_on_names_finds_nothing():
    session = session_of()
    layout = layout_of(session.frame(), 80, 13)
    assert layout.hit(0, 3) is None
    assert layout.hit(79, 3) is None
    assert layout.hit(20, 99) is None


def test_lanes_cover_every_unit_once():
    randomly = random.Random(4)
    for _ in range(200):
        units, rows = randomly.randint(1, 70), randomly.randint(1, 70)
        band = Band(Track("value", "mem", rows, units), 1)
        assert [unit for first, end in band.lanes for unit in range(first, end)] == list(range(units))
        assert all(end > first for first, end in band.lanes)


@pytest.mark.parametrize(
    ("value", "width", "shown"),
    [(1.33, 5, " 1.33"), (1.33, 3, "1.3"), (0.94, 3, ".94"), (0.996, 3, "1.0"), (0.94, 2, ".9"), (12.34, 4, "12.3"),
     (12.34, 3, " 12"), (0.0, 5, "    0"), (3e-5, 5, " 3e-5"), (np.inf, 4, " inf")],
)  # fmt: skip
def test_a_loss_keeps_as_many_digits_as_its_column_has_room_for(value, width, shown):
    assert positive_text(value, width) == shown


def test_nothing_is_called_hidden_that_is_not_computed_yet():
    session = at(session_of(), "f3 mem")
    session.hide([Slot("mem", 3), Slot("mem", 5)])
    rows = text_of(drawn(session, 100, 31)).splitlines()
    assert all(row.count("???") <= 1 for row in rows)
    shares = [row for row in rows if row.startswith(" ‖∇") or row.lstrip().startswith("‖∇")]
    assert shares and not any("???" in row for row in shares)
    session.goto_place("end")
    rows = text_of(drawn(session, 100, 31)).splitlines()
    assert any(row.count("???") == 2 for row in rows)
