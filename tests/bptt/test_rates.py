"""The rate of each iteration, worked out by hand for every schedule."""

import pytest

from bptt import InputError
from bptt.rates import RATES, Rate


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (0.1, [0.1] * 5),
        ("0.1", [0.1] * 5),
        ({"constant": 0.1}, [0.1] * 5),
        ("step:0.8,every=2", [0.8, 0.8, 0.4, 0.4, 0.2]),
        ("step:0.9,every=1,factor=0.1", [0.9, 0.09, 0.009, 0.0009, 0.00009]),
        ("exponential:1,factor=0.5", [1, 0.5, 0.25, 0.125, 0.0625]),
        ("linear:1", [1, 0.75, 0.5, 0.25, 0]),
        ("linear:1,end=0.2", [1, 0.8, 0.6, 0.4, 0.2]),
        ("cosine:1", [1, 0.8535533905932737, 0.5, 0.14644660940672627, 0]),
        ({"cosine": {"start": 1, "end": 0.5}}, [1, 0.9267766952966369, 0.75, 0.5732233047033631, 0.5]),
        ("constant:0.4,warmup=4", [0.1, 0.2, 0.3, 0.4, 0.4]),
        ("linear:1,warmup=2", [0.5, 0.75, 0.5, 0.25, 0]),
    ],
)
def test_rates_of_the_first_iterations(given, expected):
    rate = Rate.of(given, 4)
    assert [rate.at(n) for n in range(5)] == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_every_schedule_starts_at_its_start_and_never_rises():
    for name in RATES:
        rate = Rate.of({name: 0.3}, 500)
        rates = [rate.at(n) for n in range(500)]
        assert rates[0] == 0.3
        assert rates == sorted(rates, reverse=True)
        assert min(rates) > 0


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (0, "rate: got 0, expected a finite number > 0"),
        (-0.1, "rate: got -0.1, expected a finite number > 0"),
        ("nan", "rate: got nan, expected a finite number > 0"),
        ("cosin:0.1", "rate: there is no 'cosin'; did you mean cosine?"),
        ("cosine", "rate: cosine needs a number: cosine:0.1"),
        ("step:0.1,factor=1", "rate factor: got 1.0, expected a number between 0 and 1"),
        ("step:0.1,every=0", "rate every: got 0.0, expected a finite whole number ≥ 1"),
        (True, "rate: got True, expected a name, or one name with its settings"),
        (None, "rate: got None, expected a name, or one name with its settings"),
    ],
)
def test_a_rate_that_cannot_be_is_named(given, expected):
    with pytest.raises(InputError) as caught:
        Rate.of(given, 10)
    assert str(caught.value) == expected
