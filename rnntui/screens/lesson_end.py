"""The end of a lesson: what was learned, how it went, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from rnntui.safe import InputError, InputErrors, clean
from rnntui.widgets.palette import Palette

if TYPE_CHECKING:
    from rnntui.course.shelf import Card
    from rnntui.walk import Walk

Wish = Literal["next", "library"]
"""What the learner wants to open."""


class LessonEnd(ModalScreen[Wish | None]):
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
        ("escape", "stay", "stay"),
        ("q", "app.quit", "quit"),
    ]

    def __init__(self, walk: Walk, palette: Palette) -> None:
        super().__init__()
        self._walk = walk
        self._palette = palette
        self._next = _next_card(walk)

    def compose(self) -> ComposeResult:
        """One page."""
        with VerticalScroll():
            yield Static(self._page())

    def action_next(self) -> None:
        """The next lesson; the library where there is none."""
        self.dismiss("next" if self._next is not None else "library")

    def action_library(self) -> None:
        """What else there is."""
        self.dismiss("library")

    def action_stay(self) -> None:
        """Look around in this run."""
        self.dismiss(None)

    def _page(self) -> Content:
        walk, palette = self._walk, self._palette
        violet, muted, right = palette.colour("violet"), palette.colour("muted"), palette.colour("input")
        place = f"   lesson {walk.entry.number + 1} of {walk.entry.count}" if walk.entry else ""
        parts: list[Content | str] = [
            Content.styled("✓ ", f"bold {right}"),
            Content.styled(walk.title, f"bold {violet}"),
            Content.styled(place, muted),
        ]
        summary = clean(walk.script.lesson.summary)
        if summary:
            parts += [Content.styled("\n\nWhat you learned  ", muted), summary]
        parts.append(Content.styled(f"\n\n{_tally(walk)}", muted))
        if self._next is not None:
            parts += [
                Content.styled("\n\nNext  ", muted),
                Content.styled(self._next.title, f"bold {violet}"),
                Content.styled(f"   level {self._next.level}, {self._next.minutes} min", muted),
                f"\n{self._next.summary}",
            ]
        onward = "next lesson" if self._next is not None else "library"
        keys = [("enter", onward), ("L", "library"), ("esc", "look around"), ("q", "quit")]
        if self._next is None:
            del keys[1]
        parts.append("\n\n")
        for key, word in keys:
            parts += [Content.styled(key, f"bold {violet}"), Content.styled(f" {word}   ", muted)]
        return Content.assemble(*parts)


def _tally(walk: Walk) -> str:
    """How many questions were right at the first try."""
    asked = [standing for standing in walk.standings if standing != "said"]
    if not asked:
        return "It asked nothing."
    left = asked.count("open")
    text = f"{asked.count('right')} of {len(asked)} questions right at once"
    return f"{text}, {left} still open: see o" if left else f"{text}."


def _next_card(walk: Walk) -> Card | None:
    following = walk.entry.next if walk.entry is not None else None
    try:
        return following.card if following is not None else None
    except (InputError, InputErrors):
        return None
