"""What a question hides is told nowhere: with other numbers in its place every cell of every screen is the same."""

from __future__ import annotations

from itertools import zip_longest

import pytest
from textual import events
from textual.keys import key_to_character

from rnntui.app import DebuggerApp
from rnntui.frame import Slot
from rnntui.plain.debugger import debugger
from rnntui.screens.strips import strips
from rnntui.widgets.notice import Notice
from rnntui.widgets.score import Score


def typed(text):
    """The keys of a line."""
    names = {" ": "space", "[": "left_square_bracket", "]": "right_square_bracket", "(": "left_parenthesis",
             ")": "right_parenthesis", ":": "colon", "=": "equals_sign"}  # fmt: skip
    return [names.get(letter, letter) for letter in text]


STAYING = [*"jk0eeeemmmmvvx", "minus", "minus", "equals_sign", *"3554zzzPPs"]
"""Keys of the debugger that stay on its screen."""
SCREENS = "M J D W i S y E".split()
LINES = ("print norm(mem[3])", "print grad(mem[4])", "where", "why mem[3][0]", "watch")
LEADING_AWAY = [
    *(key for screen in SCREENS for key in (screen, "escape")),
    *(key for line in LINES for key in ("colon", *typed(line), "enter", "escape")),
]
WATCHES = ("mem[4]", "norm(mem[t])", "norm(grad(mem[t]))", "1 - q[t]", "L[t]")


async def screens(session, slot, place, changed, keys):
    """Yields (key, every cell) after each key, `slot` being hidden, and its numbers others where they are `changed`."""
    run = session.run
    run.fill(len(run))
    if changed:
        numbers = (run.tape.gradients if slot.gradient else run.tape.values)[slot.name]
        numbers[run.tape.row(slot.name, slot.t, slot.gradient)] *= -0.377
    app = DebuggerApp(session)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        for watch in WATCHES:
            debugger(session).say(f"watch {watch}")
        session.hide([slot])
        session.goto_place(place)
        session.look_at(slot, 1)
        await pilot.pause()
        await pilot.hover(Score, (30, 12))
        yield "", strips(app)
        for key in keys:
            app.post_message(events.Key(key, key_to_character(key)))
            if key in ("escape", "colon"):
                await pilot.pause()  # the next key is for another screen
            if key in STAYING or key in SCREENS or key == "enter":
                await pilot.pause()
                await app.workers.wait_for_complete()
                if key not in STAYING:
                    await pilot.pause()  # what a thread has computed is drawn
                yield key, strips(app)


@pytest.mark.parametrize(
    ("slot", "place"),
    [
        (Slot("mem", 3), "forward t=3 mem"),
        (Slot("mem", 4, True), "backward t=4 mem"),
        (Slot("q", 4), "forward t=4 q"),
        (Slot("r2", 4, True), "backward t=4 r2"),
    ],
    ids=["a state", "a gradient", "a gate", "the gradient of a candidate"],
)
async def test_nothing_on_any_screen_depends_on_what_is_hidden(sessions, monkeypatch, slot, place):
    say = Notice.say
    monkeypatch.setattr(Notice, "say", lambda notice, text, seconds, *rest: say(notice, text, 600, *rest))
    keys = [*STAYING, *LEADING_AWAY] if slot.name == "mem" else STAYING
    plain = [shown async for shown in screens(sessions(), slot, place, False, keys)]
    changed = [shown async for shown in screens(sessions(), slot, place, True, keys)]
    for n, (before, after) in enumerate(zip_longest(plain, changed)):
        for mine, other in zip(before[1], after[1], strict=True):
            assert mine == other, (n, before[0], mine.text, other.text)
    assert len(plain) == len(changed) > len(STAYING)
