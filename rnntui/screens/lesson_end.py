"""The end of a lesson: what was learned, how it went, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from rnntui.screens.leaving import Leaving
from rnntui.widgets.hints import Hint
from rnntui.widgets.key_bar import KeyBar
from rnntui.widgets.key_line import KeyLine
from rnntui.widgets.palette import Palette

if TYPE_CHECKING:
    from rnntui.reports.lesson_end import Ending

Wish = Literal["next", "library", "steps"]
"""What the learner wants to open."""


class LessonEnd(Leaving, ModalScreen[Wish | None]):
    """A card over the debugger; None is to stay and look around."""

    DEFAULT_CSS = """
    LessonEnd {
        align: center middle; background: $background 60%;
        & VerticalScroll { width: 64; max-width: 100%; height: auto; max-height: 100%; background: $surface;
                           border: round $accent; padding: 0 1; }
        & Static { height: auto; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("enter", "next", "next"),
        ("L", "library", "library"),
        ("o", "steps", "steps"),
        ("escape", "stay", "stay"),
        ("q", "app.quit", "quit"),
    ]

    def __init__(self, ending: Ending, palette: Palette) -> None:
        super().__init__()
        self._ending = ending
        self._palette = palette

    def compose(self) -> ComposeResult:
        """One page."""
        with VerticalScroll():
            yield Static(self._page())
            yield KeyLine()

    def on_mount(self) -> None:
        """What comes next."""
        ending = self._ending
        hints = [
            Hint("enter", "next lesson" if ending.next is not None else "library", "next"),
            Hint("L", "library", "library"),
            Hint("o", "steps", "steps"),
            Hint("esc", "look around", "stay"),
            Hint("q", "quit", "app.quit"),
        ]
        if ending.next is None:
            del hints[1]
        self.query_one(KeyLine).tell(hints, self._palette)

    async def on_key_bar_action_wanted(self, event: KeyBar.ActionWanted) -> None:
        """A key was clicked."""
        await self.run_action(event.action)

    def action_next(self) -> None:
        """The next lesson; the library where there is none."""
        self.dismiss("next" if self._ending.next is not None else "library")

    def action_library(self) -> None:
        """What else there is."""
        self.dismiss("library")

    def action_steps(self) -> None:
        """To one of its steps."""
        self.dismiss("steps")

    def action_stay(self) -> None:
        """Look around in this run."""
        self.dismiss(None)

    def _page(self) -> Content:
        ending, palette = self._ending, self._palette
        violet, muted = palette.colour("violet"), palette.colour("muted")
        parts: list[Content | str] = [
            Content.styled("✓ " if ending.done else "◐ ", f"bold {palette.colour('input')}"),
            Content.styled(ending.title, f"bold {violet}"),
            Content.styled(f"   {ending.place}", muted),
        ]
        if ending.learned:
            parts += [Content.styled("\n\nWhat you learned  ", muted), ending.learned]
        parts.append(Content.styled(f"\n\n{ending.tally}", muted))
        if ending.next is not None:
            parts += [
                Content.styled("\n\nNext  ", muted),
                Content.styled(ending.next.title, f"bold {violet}"),
                Content.styled(f"   level {ending.next.level}, {ending.next.minutes} min", muted),
                f"\n{ending.next.summary}",
            ]
        parts.append("\n")
        return Content.assemble(*parts)
