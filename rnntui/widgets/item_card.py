"""What is known of one thing that can be opened."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from rnntui.library.item import Item
from rnntui.widgets.contents import MARKS
from rnntui.widgets.palette import Palette

_STANDINGS = {"new": "", "begun": "begun: it goes on at step ", "done": "done; it can be played again"}
WIDE = 60
"""Columns above which level and minutes stand beside the title."""


class ItemCard(Static):
    """Title, sentence, how far one is, and what enter does."""

    DEFAULT_CSS = "ItemCard { background: $surface; padding: 0 1; }"

    def tell(self, item: Item | None, palette: Palette) -> None:
        """Show an item; nothing where there is none."""
        if item is None:
            self.update(Content(""))
            return
        muted = palette.colour("muted")
        role = "violet" if item.is_lesson else "forward"
        lines: list[Content | str] = [
            Content.styled(f" {item.title} ", f"bold {palette.colour('background')} on {palette.colour(role)}"),
        ]
        if item.facts:
            apart = "   " if self.size.width > WIDE else "\n"
            lines.append(Content.styled(apart + ", ".join(item.facts), muted))
        broken = item.state == "broken"
        if item.about:
            lines += ["\n", Content.styled(item.about, palette.colour("trouble" if broken else "text"))]
        standing = _STANDINGS.get(item.state, "")
        if standing:
            _, hue = MARKS[item.state]
            where = item.standing.replace("/", " of ") if item.state == "begun" else ""
            lines += ["\n", Content.styled(f"{standing}{where}", palette.colour(hue))]
        if item.advice:
            lines += ["\n", Content.styled(item.advice, palette.colour("loss"))]
        if item.equations:
            lines.append("" if self.size.width > WIDE else "\n")
            lines += [_equation(line, palette, self.size.width - 2) for line in item.equations.split("\n")]
        self.update(Content.assemble(*lines))


def _equation(line: str, palette: Palette, width: int) -> Content:
    """A line with its comment, where there is room for that."""
    code, hash, comment = line.partition("#")
    left, equals, right = code.partition("=")
    return Content.assemble(
        Content.styled("\n" + left, f"bold {palette.colour('forward')}"),
        f"{equals}{right.rstrip()}",
        Content.styled(f"  {hash}{comment}" if hash and len(line) <= width else "", palette.colour("muted")),
    )
