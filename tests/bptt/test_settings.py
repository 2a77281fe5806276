"""A method is chosen by name with its settings, as data or text; what cannot be is named."""

import pytest

from bptt import InputError
from bptt.settings import Choice, Setting, choose

TABLE = {
    "plain": {},
    "decay": {"share": Setting(0.9, 0, 1), "floor": Setting(1e-8, open=True)},
    "bound": {"bound": Setting(None, open=True), "every": Setting(5, 1, whole=True)},
}


def line(value):
    with pytest.raises(InputError) as caught:
        choose(value, TABLE, "method")
    return str(caught.value)


@pytest.mark.parametrize(
    ("value", "settings"),
    [
        ("decay", {"share": 0.9, "floor": 1e-8}),
        ("decay:0.5", {"share": 0.5, "floor": 1e-8}),
        ({"decay": 0.5}, {"share": 0.5, "floor": 1e-8}),
        ("decay: 0.5, floor=1e-3", {"share": 0.5, "floor": 1e-3}),
        ("decay:floor=1e-3,share=0", {"share": 0.0, "floor": 1e-3}),
        ({"decay": {"floor": 2}}, {"share": 0.9, "floor": 2.0}),
        ({"bound": {"bound": 3, "every": 2}}, {"bound": 3.0, "every": 2.0}),
        ("plain", {}),
    ],
)
def test_a_choice_is_read_in_each_of_its_forms(value, settings):
    chosen = choose(value, TABLE, "method")
    assert dict(chosen.settings) == settings
    assert choose(chosen, TABLE, "method") == chosen
    assert choose(str(chosen), TABLE, "method") == chosen


def test_the_text_form_names_every_setting():
    assert str(Choice("decay", {"share": 0.5, "floor": 1e-8})) == "decay:share=0.5,floor=1e-08"
    assert str(Choice("plain", {})) == "plain"


def test_what_cannot_be_is_one_line_that_names_it():
    assert line("decai") == "method: there is no 'decai'; did you mean decay?"
    assert line({"decay": {"shore": 1}}) == "method: decay has no setting 'shore'; did you mean share?"
    assert line({"decay": 1.5}) == "method: got 1.5, expected a number in 0…1"
    assert line("decay:floor=0") == "method floor: got 0.0, expected a finite number > 0"
    assert line({"decay": float("nan")}) == "method: got nan, expected a number in 0…1"
    assert line({"decay": True}) == "method: got True, expected a number in 0…1"
    assert line({"bound": 10**400}).endswith("…, expected a finite number > 0")
    assert line({"bound": {"bound": 1, "every": 1.5}}) == "method every: got 1.5, expected a finite whole number ≥ 1"
    assert line("bound") == "method: bound needs a number: bound:0.1"
    assert line("plain:3") == "method: plain takes no number, got 3.0"
    assert line("decay:x") == "method: 'x' in 'decay:x' is not a number"
    assert line("decay:0.1,0.2") == "method: '0.2' in 'decay:0.1,0.2': write NAME=NUMBER"
    assert line({"plain": {}, "decay": {}}).endswith("expected a name, or one name with its settings")
    assert line(3) == "method: got 3, expected a name, or one name with its settings"
    assert line("d" * 501) == "method: got 501 characters, expected at most 500"
