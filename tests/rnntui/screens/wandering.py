"""A user who does anything at all: keys, lines, clicks, drags, wheels, pastes and sizes, drawn by a seed."""

from __future__ import annotations

import random
from collections import Counter, deque

from textual import events
from textual.app import App
from textual.geometry import Region
from textual.keys import key_to_character
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from rnntui.screens.alternatives import Alternatives
from rnntui.screens.keys import KEYS
from rnntui.screens.strips import text

LEAVES = ("help_quit", "suspend_process", "command_palette")
"""Actions of Textual's own that are none of ours."""
WALKED = (*(key for entry in KEYS for key in entry.keys), "tab", "shift+tab", "escape", "escape")
DOORS = (*"TTTT", "D", "M", "J", "E", "L", "y", "colon", "ctrl+p", "B", "g", "i", "S", "question_mark", "w", "o", "f5")
"""Keys that lead from one screen to another."""
SIZES = ((80, 24), (120, 36), (60, 20), (160, 45), (200, 55), (99, 29), (61, 50), (240, 21), (150, 80))
TINY = ((59, 19), (20, 5), (1, 1), (200, 1), (2, 60), (500, 3))
"""Sizes with no room; the walk stays there only for a moment."""
LINES = (
    *"start end nan #7 b2 forward backward wrong 0 1 -1 nan inf -inf 1e300 1e-300 -1e300 0.5 3 gru lstm rnn".split(),
    *("b3 ∇mem", "forward t=3", "set A[0][1] = nan", "set mem[2][0] = 1e300", "clamp mem = 0", "undo all", "undo"),
    *("clamp mem[2..4] = -1e300", "set x[1][0] = inf", "set B[0][0] = 0", "i", "break backward t=2", "edits", "quit"),
    *("break if norm(grad(mem[t])) > 1e9", "break mem[t][0] > 0", "watch norm(grad(mem[t])) / norm(mem[t])", "list"),
    *("watch A[0][0] * 1e308", "watch log(0 * loss)", "why mem[2][0]", "why 3 ∇A[0][0]", "print ∇mem[t]", "say"),
    *("mem[3][1] = 2", "norm(mem[t])", "mem[t] / 0", "delete all", "unwatch all", "why 2 loss", "step 40", "train"),
    *("[/b] [@click=app.quit]x[/]", "\x1b]52;c;eA==\x07", "a" * 300, "∇mem[t][0] < 0", "print A @ mem[t]", "help"),
)
"""What is typed into fields: places, numbers, cells, commands, and what is none of these."""
TEXTS = (
    "odd[t] = tanh(A @ x[t] + B @ odd[t-1])",
    "odd[t] = A @ x[t] + B @ odd[t-1] * odd[t-1]",
    "g[t] = sigmoid(A @ x[t])\nodd[t] = g[t] * odd[t-1] + (1 - g[t]) * relu(B @ odd[t-1])",
    "odd[t] = tanh(",
    "\u202e[/b] = x",
)
"""What is pasted into the text of a cell."""


class Wanderer:
    """Draws what is done next from what there is on the screen, and does it without waiting for what follows."""

    def __init__(self, seed: int, pilot: Pilot[int]) -> None:
        self.draw = random.Random(seed)
        self.pilot = pilot
        self.seen: Counter[str] = Counter()
        """How often each kind of screen was in front."""
        self.trail: deque[str] = deque(maxlen=60)
        """What was done last."""

    @property
    def app(self) -> App[int]:
        return self.pilot.app

    async def wander(self, actions: int, burst: int = 8) -> None:
        """So many actions, a few at a time before it is looked at what there is."""
        while actions > 0:
            now = min(actions, self.draw.choice((1, 2, burst, 2 * burst)))
            for _ in range(now):
                self._act()
            if self.draw.random() < 0.15:
                await self._go_elsewhere()
            actions -= now
            if self.draw.random() < 0.08:
                await self._resize()
            await self._look()

    async def _look(self) -> None:
        await self.pilot.pause()
        self.seen[type(self.app.screen).__name__] += 1
        assert self.app.is_running, "it has ended"
        text(self.app)

    async def _resize(self) -> None:
        if self.draw.random() < 0.3:
            await self._become(self.draw.choice(TINY))
            self._act()
            await self._look()
        await self._become(self.draw.choice(SIZES))

    async def _become(self, size: tuple[int, int]) -> None:
        self.trail.append(f"size {size}")
        await self.pilot.resize_terminal(*size)

    def _act(self) -> None:
        kind = self.draw.random()
        if kind < 0.2:
            self._point()
        elif kind < 0.4 and isinstance(self.app.focused, Input | TextArea):
            self._write()
        else:
            self._press(self._key())

    async def _go_elsewhere(self) -> None:
        """Out of what there is, without what is not saved, and in by a door."""
        for _ in range(self.draw.randrange(6)):
            self._press("l" if isinstance(self.app.screen, Alternatives) else "escape")
            await self._look()
        self._press(self.draw.choice(DOORS))
        if self.draw.random() < 0.3:
            self._press("enter")

    def _key(self) -> str:
        kind = self.draw.random()
        if kind < 0.15:
            return self.draw.choice(WALKED)
        if kind < 0.25:
            return self.draw.choice(DOORS)
        bound = [key for key, each in self.app.screen.active_bindings.items() if each.binding.action not in LEAVES]
        return self.draw.choice(bound or WALKED)

    def _press(self, key: str) -> None:
        self.trail.append(key)
        self.app.post_message(events.Key(key, key_to_character(key)))

    def _write(self) -> None:
        """A line, and enter; a new text for a cell."""
        if isinstance(self.app.focused, TextArea):
            self._press("ctrl+a")
            self._paste(self.draw.choice(TEXTS))
            self._press(self.draw.choice(("f5", "ctrl+s", "ctrl+z", "escape", "x")))
        else:
            self._press("ctrl+u")
            self._paste(self.draw.choice(LINES))
            self._press("enter")

    def _paste(self, line: str) -> None:
        self.trail.append(f"paste {line!r}")
        self.app.post_message(events.Paste(line))

    def _point(self) -> None:
        """A click, a drag or the wheel, most often on something that is there, now and then twice."""
        region = self._region()
        x, y = self._point_in(region)
        button = 3 if self.draw.random() < 0.2 else 1
        kind = self.draw.random()
        if kind < 0.25:
            wheel = (events.MouseScrollDown, events.MouseScrollUp, events.MouseScrollLeft, events.MouseScrollRight)
            self._mouse(self.draw.choice(wheel), x, y, 0)
            return
        self._mouse(events.MouseMove, x, y, 0)
        for _ in range(self.draw.choice((1, 1, 2))):
            self._mouse(events.MouseDown, x, y, button)
            if kind < 0.4:
                x, y = self._point_in(self.draw.choice((region, self.app.screen.region)))
                self._mouse(events.MouseMove, x, y, button)
            self._mouse(events.MouseUp, x, y, button)

    def _region(self) -> Region:
        screen = self.app.screen
        found = [widget.region.intersection(screen.region) for widget in screen.query("*")]
        return self.draw.choice([region for region in found if region] or [Region(0, 0, 1, 1)])

    def _point_in(self, region: Region) -> tuple[int, int]:
        return (
            self.draw.randrange(region.x, max(region.x + 1, region.right)),
            self.draw.randrange(region.y, max(region.y + 1, region.bottom)),
        )

    def _mouse(self, kind: type[events.MouseEvent], x: int, y: int, button: int) -> None:
        self.trail.append(f"{kind.__name__} {x} {y} {button}")
        control, shift = self.draw.random() < 0.1, self.draw.random() < 0.1
        self.app.post_message(kind(None, x, y, 0, 0, button, shift, False, control, screen_x=x, screen_y=y))
