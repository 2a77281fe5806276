"""When an app has done what it had to do: told by its event loop, not by a clock, so that no test waits for nothing."""

from __future__ import annotations

import asyncio
from time import monotonic

from textual._context import active_app
from textual._wait import wait_for_idle
from textual.app import App

PATIENCE = 30
"""Seconds after which an app that is never done is left as it is."""


async def settled(_: float = 0, longest: float = 1) -> None:
    """Until nothing is left to be called and nothing to be painted. In the place of Textual's own wait, which sleeps a
    fiftieth of a second and looks whether the process was busy; that is left for what is computed beside the loop."""
    app, loop, end = active_app.get(), asyncio.get_running_loop(), monotonic() + PATIENCE
    while True:
        while loop._ready and monotonic() < end:
            await asyncio.sleep(0)
        catch_up(app)
        if not loop._ready or monotonic() > end:
            break
    if any(worker.is_running for worker in app.workers):
        await wait_for_idle(0, longest)


def catch_up(app: App[object]) -> None:
    """Do at once what Textual does by its clock: every 60th of a second it paints, and it waits half of that to see
    whether the size changes again."""
    if app._resize_timer is not None:
        app._check_resize()
    if app.screen_stack:
        app.screen._on_timer_update()
