"""What is pinned to a run follows from the run and the cursor, and shows nothing that is hidden."""

from __future__ import annotations

import numpy as np
import pytest

from bptt.run import Run
from rnntui.explain.marks import HIDDEN, PENDING
from rnntui.frame import Slot
from rnntui.plain.breaking import break_at, toggle
from rnntui.plain.command import CommandError
from rnntui.plain.editing import set_as
from rnntui.plain.pins import lens_expression, pins_of
from rnntui.plain.watching import watch_for
from rnntui.session import Session


def test_a_watch_has_its_value_at_the_lens_and_goes_over_t(by_hand: Session) -> None:
    watch_for(by_hand, "q[t][1]")
    assert pins_of(by_hand).watches[0].value is PENDING
    by_hand.goto_place("f2 q")
    pin = pins_of(by_hand).watches[0]
    assert pin.value == -0.5
    assert pin.history is not None and pin.history.tolist() == [-1, -0.5]
    assert pin.ends == (-1, -0.5)
    by_hand.look_at(Slot("mem", 1), 0)
    assert pins_of(by_hand).watches[0].value == -1


def test_a_watch_of_a_time_that_the_run_does_not_have_is_not_here(by_hand: Session) -> None:
    watch_for(by_hand, "q[t+1]")
    by_hand.goto_place("f2 q")
    assert pins_of(by_hand).watches[0].value is None


def test_a_vector_and_a_constant_have_no_line_over_t(by_hand: Session) -> None:
    watch_for(by_hand, "mem[t]")
    watch_for(by_hand, "max(A)")
    by_hand.goto_place("end")
    assert [pin.history for pin in pins_of(by_hand).watches] == [None, None]


def test_nothing_hidden_is_in_a_watch(by_hand: Session) -> None:
    for text in ("mem[1][0]", "max(mem[t])", "loss", "norm(grad(B))", "q[t][1]"):
        watch_for(by_hand, text)
    by_hand.goto_place("end")
    by_hand.hide([Slot("mem", 1), Slot(by_hand.cell.loss, 2)])
    by_hand.look_at(Slot("mem", 1), 0)
    pins = pins_of(by_hand).watches
    assert [pin.value is HIDDEN for pin in pins] == [True, True, True, True, False]
    assert [pin.history is None for pin in pins[:3]] == [True] * 3
    assert [pin.ends for pin in pins[:3]] == [(0, 0)] * 3


def test_a_breakpoint_tells_how_many_of_its_stops_lie_behind_and_not_what_was_done(by_hand: Session) -> None:
    break_at(by_hand, "mem")
    before = [(pin.behind, pin.total, pin.here) for pin in pins_of(by_hand).breakpoints]
    assert before == [(0, 4, False)]
    by_hand.run_on()
    assert [(pin.behind, pin.here) for pin in pins_of(by_hand).breakpoints] == [(1, True)]
    by_hand.run_on()
    by_hand.run_back()
    by_hand.home()
    assert [(pin.behind, pin.total, pin.here) for pin in pins_of(by_hand).breakpoints] == before
    assert pins_of(by_hand).stops.tolist() == [3, 7, 10, 16]


def test_a_breakpoint_at_the_lens_is_set_and_taken_away(by_hand: Session) -> None:
    slot = Slot("mem", 1, True)
    assert toggle(by_hand, slot)[0]
    assert str(pins_of(by_hand).breakpoints[0].text) == "∇mem t=1"
    assert not toggle(by_hand, slot)[0]
    assert len(by_hand.breakpoints) == 0
    with pytest.raises(CommandError, match="no forward step computes 'x'"):
        toggle(by_hand, Slot("x", 1))


def test_a_disabled_breakpoint_is_no_stop(by_hand: Session) -> None:
    break_at(by_hand, "mem t=1")
    by_hand.breakpoints.enable(1, False)
    assert pins_of(by_hand).stops.tolist() == []
    assert by_hand.stops == frozenset()


def test_a_condition_neither_stops_nor_counts_while_something_is_hidden(by_hand: Session) -> None:
    break_at(by_hand, "max(mem[t]) > 0.5")
    break_at(by_hand, "q t=2")
    by_hand.hide([Slot("mem", 1)])
    first, second = pins_of(by_hand).breakpoints
    assert (first.resting, first.behind, first.total) == (True, 0, 0)
    assert not second.resting
    assert by_hand.stops == {5, 12}
    stop = by_hand.run_on()
    assert stop is not None and stop.position == 5
    by_hand.home()
    by_hand.reveal()
    stop = by_hand.run_on()
    assert stop is not None and stop.position == 3


def test_an_edit_is_seen_beside_the_original(by_hand: Session) -> None:
    by_hand.goto_place("end")
    set_as(by_hand, "mem[1][0] = 3")
    by_hand.look_at(Slot("mem", 1), 0)
    pins = pins_of(by_hand)
    assert [pin.text for pin in pins.edits] == ["mem[1][0] = 3"]
    loss, lens = pins.changes
    assert loss.name == "loss" and loss.before == 1 and loss.after != 1
    assert (lens.name, lens.after) == ("mem[1][0]", 3)
    by_hand.hide([Slot("mem", 1)])
    assert pins_of(by_hand).changes[1].before is HIDDEN


def test_what_the_lens_is_on_is_an_expression_at_any_time(by_hand: Session) -> None:
    by_hand.look_at(Slot("mem", 2, True), 1)
    assert lens_expression(by_hand.lens, by_hand.frame()) == "∇mem[t][1]"
    watch_for(by_hand, "∇mem[t][1]")
    by_hand.goto_place("end")
    assert np.isfinite(pins_of(by_hand).watches[0].value)  # type: ignore[arg-type]  # a number


def test_a_run_with_checkpoints_is_not_computed_again_for_what_is_pinned(by_hand: Session) -> None:
    run = Run(by_hand.run.model, np.ones((40, 1)), np.zeros((40, 2)), policy="checkpoints")
    session = Session(run)
    for text in ("max(mem[t]) > 0.5", "mem t=3", "mem t=39 if t == 1"):
        break_at(session, text)
    watch_for(session, "q[t][1]")
    session.goto_place("end")
    pins = pins_of(session)
    assert [pin.passed for pin in pins.breakpoints] == ["", "2 of 2 passed", ""]
    assert pins.watches[0].history is None and pins.watches[0].value == -1
    assert session.run_back() is not None


def test_a_condition_that_never_holds_is_never_met(by_hand: Session) -> None:
    break_at(by_hand, "max(mem[t]) > 99")
    assert pins_of(by_hand).breakpoints[0].passed == "never met"
