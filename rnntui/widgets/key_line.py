"""Keys with what they do, in a line of text: a click on one does what the key does."""

from __future__ import annotations

from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from rnntui.widgets.palette import Palette


class KeyLine(Static):
    """A text made of `pressable` parts."""

    def __init__(self, content: Content | str = "", *, id: str | None = None) -> None:
        super().__init__(content if isinstance(content, Content) else Content(content), id=id)
        self.auto_links = False  # they look like keys, not like links


def pressable(key: str, label: str, action: str, palette: Palette) -> Content:
    """A key and what it does, `action` as Textual names it: `screen.confirm`."""
    said = Content.assemble(
        Content.styled(palette.keys(key), f"bold {palette.colour('violet')}"),
        Content.styled(f" {label}  ", palette.colour("muted")),
    )
    return said.stylize(Style.from_meta({"@click": action}))
