"""Sends only the cells of a frame that changed: Textual's own update begins each row at the widget's left edge."""

from __future__ import annotations

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate

# ChopsUpdate is private in Textual: it has no public way to send less


class Spans(ChopsUpdate):
    """An update of parts of rows."""

    @classmethod
    def of(cls, update: ChopsUpdate) -> Spans:
        """The same update."""
        return cls(update.chops, update.spans, update.chop_ends)

    def render_segments(self, console: Console) -> str:
        """The update as it is sent to the terminal."""
        sent: list[str] = []
        for y, first, after in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is None or x >= after or end <= first:
                    continue
                left = max(first, x)
                part = strip.crop(left - x, min(end, after) - x)
                sent.append(Control.move_to(left, y).segment.text)
                sent.append(part.simplify().render(console))
        return "".join(sent)
