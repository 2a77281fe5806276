"""Draws the pictures of the documentation: `python docs/pictures.py` writes docs/*.svg anew."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import bptt
from bptt.run import Run
from rnntui.app import DebuggerApp
from rnntui.session import Session
from rnntui.sources import from_text

HERE = Path(__file__).parent
PICTURES = {
    "rnn-backward": ("rnn", "hellohell", "backward t=5 h", 2, (120, 34)),
    "lstm-forward": ("lstm", "hellohell", "forward t=4 s", 1, (120, 34)),
}
"""Name → cell, text, place, unit under the lens, size."""
FONTS = "'DejaVu Sans Mono', 'Menlo', 'Consolas', monospace"


async def draw(name: str) -> None:
    """Write one picture."""
    cell, text, place, unit, size = PICTURES[name]
    source = from_text(text)
    model = bptt.Model.create(cell, inputs=source.inputs, hidden=4, outputs=source.outputs)
    session = Session(Run(model, source.x, source.y), source, cell)
    session.goto_place(place)
    session.move_lens(units=unit)
    app = DebuggerApp(session)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        picture = app.export_screenshot(title="rnntui")
    picture = re.sub(r"@font-face\s*\{[^}]*\}", "", picture)
    picture = re.sub(r"font-family:\s*[^;]+;", f"font-family: {FONTS};", picture)
    picture = "\n".join(line.rstrip() for line in picture.split("\n"))
    (HERE / f"{name}.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    for name in PICTURES:
        asyncio.run(draw(name))
