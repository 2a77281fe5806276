"""The duel on the screen."""

import pytest

import bptt
from bptt.run import Run
from rnntui.app import DebuggerApp
from rnntui.course.script import open_script
from rnntui.frame import Slot
from rnntui.match import Match
from rnntui.screens.debugger import Debugger
from rnntui.screens.duel import DuelScreen
from rnntui.screens.keys import GROUPS
from rnntui.screens.other_keys import DUEL_KEYS
from rnntui.screens.rival import RivalDialog
from rnntui.screens.strips import strips, text
from rnntui.session import Session
from rnntui.sources import from_text
from rnntui.walk import Walk

PLAIN = "k[t] = tanh(A @ x[t] + B @ k[t-1])"
TWO = """
belt[t] = 0.9 * belt[t-1] + A @ x[t]
seen[t] = tanh(belt[t] + B @ seen[t-1])
"""


@pytest.fixture
def match(sessions):
    return Match(sessions(PLAIN, name="plain"), sessions(name="qmem"))


async def drawn(match, size, keys=(), **options):
    app = DebuggerApp(lambda: match, **options)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        await pilot.pause()
        return text(app), strips(app)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 55)])
@pytest.mark.parametrize("keys", [("end", "N", "N", "N"), ("n", "n", "right")], ids=["backward", "forward"])
async def test_looks(match, size, keys, snapshot):
    picture, _ = await drawn(match, size, keys)
    assert picture == snapshot


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_what_is_said_at_the_end_does_not_cover_how_the_runs_compare(match, size):
    before, _ = await drawn(match, size, ("end",))
    after, _ = await drawn(match, size, ("end", "f"))
    assert "N and F lead back" in after
    line = next(row for row in before.splitlines() if "keeps" in row)
    assert line in after.splitlines()


async def test_looks_without_colours(match, snapshot, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    picture, _ = await drawn(match, (80, 24), ("end", "N", "N"))
    assert picture == snapshot


async def test_in_ascii_every_row_is_ascii_and_as_wide_as_the_screen(match):
    picture, rows = await drawn(match, (80, 24), ("end", "N", "N"), ascii=True)
    assert picture.isascii()
    assert {row.cell_length for row in rows} == {80}


async def test_long_runs_are_drawn_in_narrow_columns(sessions):
    match = Match(sessions(PLAIN, text="abcd" * 40), sessions(text="abcd" * 40))
    picture, _ = await drawn(match, (80, 24), ("end",))
    assert "t/2" in picture and "From t=159 to t=1 A keeps" in picture


def test_every_key_is_in_the_table_and_has_its_action():
    assert {binding.action for binding in DuelScreen.BINDINGS} == {key.id for key in DUEL_KEYS}
    for key in DUEL_KEYS:
        assert callable(getattr(DuelScreen, f"action_{key.id}"))
        assert key.help and key.label and key.group in GROUPS
    assert len({name for key in DUEL_KEYS for name in key.keys}) == sum(len(key.keys) for key in DUEL_KEYS)


async def test_keys_forward_and_back_leave_every_cell_as_it_was(match):
    app = DebuggerApp(lambda: match)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await pilot.press("f", "n", "n", "right")
        await pilot.pause()
        before = text(app)
        for there, back in (("right", "left"), ("n", "N"), ("l", "0"), ("t", "t")):
            if there == "n":
                await pilot.press("N")
                await pilot.pause()
                before = text(app)
            await pilot.press(there)
            await pilot.pause()
            assert text(app) != before or there == "t"
            await pilot.press(back)
            await pilot.pause()
            await pilot.pause()
            assert text(app) == before, there


async def test_the_state_to_compare_by_is_chosen_by_key(sessions):
    match = Match(sessions(PLAIN, name="plain"), sessions(TWO, name="two"))
    app = DebuggerApp(lambda: match)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("end")
        await pilot.pause()
        await pilot.pause()
        assert "B two ‖∇belt‖" in text(app)
        await pilot.press("b")
        await pilot.pause()
        await pilot.pause()
        assert "B two ‖∇seen‖" in text(app)
        await pilot.press("a")
        await pilot.pause()
        assert "k is the only variable of A to compare by" in "".join(text(app).split("\n"))


async def test_all_losses_or_the_last_alone_at_the_same_place(match):
    app = DebuggerApp(lambda: match)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("end", "N", "N")
        await pilot.pause()
        place = app.screen._duel.position
        assert "of the last loss alone" in text(app)
        await pilot.press("o")
        await pilot.pause()
        await pilot.pause()
        assert "of all losses" in text(app)
        assert app.screen._duel.position == place


async def test_a_question_hides_the_gradient_in_tracks_bars_and_sentence(match):
    duel = match.duel(True)
    duel.end()
    duel.sides[0].hide([Slot("k", 1, gradient=True)])
    value = f"{duel.standing.a.norms[0]:.1e}"
    picture, _ = await drawn(match, (120, 36))
    assert "?" in picture and "hidden until you have predicted it" in picture
    assert value not in picture and value.replace("e-0", "e-") not in picture


async def test_d_asks_for_a_cell_and_esc_comes_back_to_the_same_screen(session, tmp_path):
    app = DebuggerApp(session)
    file = tmp_path / "mine.txt"
    file.write_text(PLAIN)
    async with app.run_test(size=(120, 36)) as pilot:
        session.goto_place("backward t=4 mem")
        await pilot.pause()
        before = text(app)
        await pilot.press("D")
        await pilot.pause()
        assert isinstance(app.screen, RivalDialog)
        await pilot.press("n", "o", "p", "e", "enter")
        await pilot.pause()
        assert isinstance(app.screen, RivalDialog)
        app.screen.query_one("Input").value = str(file)
        await pilot.press("enter")
        await pilot.pause()
        await pilot.pause()
        assert isinstance(app.screen, DuelScreen)
        assert (app.screen._duel.phase, app.screen._duel.t) == ("backward", 4)
        assert "B  mine H=4" in text(app)
        await pilot.press("N", "escape")
        await pilot.pause()
        await pilot.pause()
        assert isinstance(app.screen, Debugger)
        assert text(app) == before
        await pilot.press("D")
        await pilot.pause()
        assert str(file)[:40] in text(app)


async def test_enter_takes_the_first_cell_of_another_kind(session):
    app = DebuggerApp(session)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("D")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        await pilot.pause()
        assert app.screen._duel.sides[1].title == next(iter(bptt.CELLS))


async def test_while_something_is_hidden_there_is_no_duel(session):
    app = DebuggerApp(session)
    async with app.run_test(size=(120, 36)) as pilot:
        session.hide([Slot("mem", 1)])
        await pilot.press("D")
        await pilot.pause()
        assert isinstance(app.screen, Debugger)
        assert "predict first" in text(app)


async def test_clicks_move_both_and_put_both_lenses_on_a_time(match):
    app = DebuggerApp(lambda: match)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("end")
        await pilot.pause()
        rows = text(app).split("\n")
        y = next(n for n, row in enumerate(rows) if row.startswith(" t "))
        await pilot.click("#duel", offset=(rows[y].index(" 3 ") + 1, y - 1))
        await pilot.pause()
        assert app.screen._duel.t == 3
        y = next(n for n, row in enumerate(rows) if row.startswith(" ∇mem"))
        await pilot.click("#duel", offset=(rows[2].index(" 5 ") + 1, y - 1))
        await pilot.pause()
        a, b = app.screen._duel.sides
        assert (a.lens.slot, b.lens.slot) == (Slot("k", 5, True), Slot("mem", 5, True))


async def test_below_the_smallest_size_there_is_a_card(match):
    picture, _ = await drawn(match, (50, 12))
    assert "rnntui needs 60×20" in picture


async def test_numbers_of_any_size_are_drawn():
    source = from_text("abcabcab")
    sizes = {"inputs": source.inputs, "hidden": 3, "outputs": source.outputs}
    model = bptt.Model.create(bptt.Cell.parse(PLAIN, "odd"), seed=1, **sizes)
    for value in (float("nan"), float("inf"), 1e300, 1e-300, 0.0):
        parameters = {**model.parameters, "B": model.parameters["B"] * 0 + value}
        broken = bptt.Model(model.cell, parameters, **sizes, allow_nonfinite=True)
        match = Match(Session(Run(broken, source.x, source.y), source), Session(Run(model, source.x, source.y), source))
        for keys in (("end",), ("end", "N", "N", "o", "1", "h")):
            picture, _ = await drawn(match, (80, 24), keys)
            assert "rnntui" in picture


HOSTILE = "dh[t] [/b] [@click=app.quit]x[/]"


async def test_titles_are_shown_as_typed(sessions):
    a, b = sessions(PLAIN), sessions()
    a.title = b.title = HOSTILE
    picture, rows = await drawn(Match(a, b), (120, 36), ("end",))
    assert HOSTILE[:20] in picture
    assert not any("@click" in segment.style.meta for row in rows for segment in row if segment.style)


async def test_where_there_is_no_debugger_to_go_back_to_nothing_says_so(match):
    picture, _ = await drawn(match, (200, 55), ("escape",))
    assert "esc back" not in picture and "BACKWARD" not in picture and "START" in picture


LESSON = """
id: pair
title: Two cells
model: {equations: "k[t] = tanh(A @ x[t] + B @ k[t-1])", hidden: 3, seed: 1}
data: {text: hello hell}
compare: {cell: gru, init: {b_i: 2}, label: mixing}
steps:
  - say: One.
    goto: backward t=4 k
  - ask: "How large is ∇k[3][0]?"
    goto: backward t=3 k
    number: grad(k[3])[0]
  - expect: loss > 0
"""


async def test_a_lesson_that_compares_opens_the_duel_with_its_own_second_run(tmp_path):
    file = tmp_path / "pair.yaml"
    file.write_text(LESSON)
    script = open_script(file)
    session = Session(script.run, script.source, "pair")
    walk = Walk(session, script)
    async with DebuggerApp(session, walk).run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        assert "D compare" in text(pilot.app)
        await pilot.press("D")
        await pilot.pause()
        await pilot.pause()
        screen = pilot.app.screen
        assert isinstance(screen, DuelScreen)
        assert (screen._duel.phase, screen._duel.t) == ("backward", 4)
        assert screen._duel.sides[1].run.model.parameters["b_i"].tolist() == [2, 2, 2]
        assert "B  mixing H=3" in text(pilot.app)
        await pilot.press("escape", "enter")
        assert walk.place == 1
        await pilot.press("escape", "D")
        await pilot.pause()
        assert isinstance(pilot.app.screen, Debugger)
        assert "predict first" in text(pilot.app)
