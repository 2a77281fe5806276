"""What a question hides appears nowhere: in no tile, no drill and no sentence; nor does what is not computed yet."""

import numpy as np
import pytest

from rnntui.explain.drill import drill
from rnntui.explain.marks import HIDDEN, PENDING
from rnntui.explain.sentence import sentence_of
from rnntui.explain.terms import explain
from rnntui.explain.tile_plan import Operator
from rnntui.explain.tiles import plan_tiles
from rnntui.frame import Slot


def forms_of(seen, step):
    return explain(seen.cell, step.equation, step.t, seen.run.weight)


def numbers_shown(seen, step, read):
    """Every number of every picture of a step, and all its words."""
    numbers, words = [], []
    forms = forms_of(seen, step)
    for width, rows in ((47, 6), (78, 11), (30, 20)):
        plan = plan_tiles(seen.cell, forms, read, width, rows, seen.tokens, seen.vocabulary)
        for item in (item for line in plan.lines for item in line):
            if isinstance(item, Operator):
                words.append(item.text)
            elif item.mark is None:
                numbers.append(item.values.ravel())
            else:
                assert not item.values.any()
                words.append(item.label)
    for form in forms:
        for unit in range(4):
            words.append(sentence_of(seen.cell, form, read, unit, seen.tokens, seen.vocabulary))
            found = drill(seen.cell, form, read, unit, 30, seen.tokens, seen.vocabulary)
            if found is not None and not found.hidden:
                numbers.append(np.array([found.result, found.total, *(row.value for row in found.rows)]))
            elif found is not None:
                assert (found.rows, found.subtotals, found.total, found.result) == ((), (), 0, 0)
    return (np.concatenate(numbers) if numbers else np.zeros(0)), words


def reads(step, slot):
    """Whether the step writes this slot or reads it."""
    if (step.target, step.t, step.phase == "backward") == (slot.name, slot.t, slot.gradient):
        return True
    return f"{'∇' if slot.gradient else ''}{slot.name}[{slot.t}]" in step.reads


@pytest.mark.parametrize(
    ("name", "slot"),
    [
        ("rnn", Slot("h", 3, True)),
        ("rnn", Slot("h", 3)),
        ("rnn", Slot("p", 3)),
        ("lstm", Slot("s", 3)),
        ("lstm", Slot("f", 3)),
        ("lstm", Slot("s", 4, True)),
        ("gru", Slot("n", 2)),
        ("helpers", Slot("kept", 3)),
        ("odd", Slot("mem", 3, True)),
    ],
)
def test_a_hidden_slot_is_shown_nowhere(cell_named, see, name, slot):
    seen = see(cell_named(name))
    secret = seen.run.read(slot.name, slot.t, slot.gradient)[0]
    seen.session.hide([slot])
    read = seen.session.frame().evaluate
    steps = [step for step in seen.steps() if reads(step, slot)]
    assert steps
    for step in steps:
        numbers, words = numbers_shown(seen, step, read)
        for value in secret:
            assert not np.isclose(numbers, value, rtol=1e-9, atol=0).any(), str(step.equation)
        spoken = [text for text in words if " at t=" in text]
        assert spoken and all(text.endswith("is hidden until you answer.") for text in spoken)


def test_what_is_predicted_and_the_truth_are_shown_beside_a_hidden_error(cell_named, see):
    seen = see(cell_named("rnn"))
    target = int(seen.run.y[2, 0])
    secret = float(seen.run.read("z", 3, True)[0, target])
    seen.session.hide([Slot("z", 3, True)])
    step = next(s for s in seen.steps(3) if s.target == "z" and s.phase == "backward")
    numbers, words = numbers_shown(seen, step, seen.session.frame().evaluate)
    assert np.isclose(numbers, secret + 1).any()
    assert not np.isclose(numbers, secret).any()
    assert "∇z at t=3 is hidden until you answer." in words


def test_a_hidden_probability_is_not_told_by_the_loss(cell_named, see):
    seen = see(cell_named("rnn"))
    chance = float(np.exp(-seen.run.read("L", 3)[0, 0]))
    seen.session.hide([Slot("p", 3)])
    step = next(s for s in seen.steps(3) if s.target == "L" and s.phase == "forward")
    numbers, words = numbers_shown(seen, step, seen.session.frame().evaluate)
    assert not np.isclose(numbers, chance).any()
    assert not any("probability" in text for text in words)


def test_after_the_answer_everything_is_shown(cell_named, see):
    seen = see(cell_named("rnn"))
    step = next(s for s in seen.steps(3) if s.target == "h" and s.phase == "backward")
    before = numbers_shown(seen, step, seen.read)
    seen.session.hide([Slot("h", 3, True)])
    seen.session.reveal()
    after = numbers_shown(seen, step, seen.read)
    assert np.array_equal(before[0], after[0]) and before[1] == after[1]


def test_what_lies_ahead_of_the_cursor_is_not_shown(cell_named, see):
    seen = see(cell_named("lstm"))
    seen.session.goto(seen.run.schedule.turn + 3)
    frame = seen.session.frame()
    step = next(s for s in seen.steps(2) if s.target == "s" and s.phase == "backward")
    numbers, words = numbers_shown(seen, step, frame.evaluate)
    secret = seen.run.read("s", 2, True)[0]
    assert not np.isclose(numbers[:, None], secret).any()
    assert any(text == "∇s at t=2 is not computed yet." for text in words)


@pytest.mark.parametrize("mark", [HIDDEN, PENDING])
def test_where_nothing_may_be_read_nothing_is_shown(any_cell, see, mark):
    seen = see(any_cell)
    for step in seen.steps(1, 3, 5):
        numbers = numbers_shown(seen, step, lambda expression, t: mark)[0]
        assert not numbers.any(), str(step.equation)
