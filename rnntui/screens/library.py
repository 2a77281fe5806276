"""The library: what there is to open, with one's progress."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import Input, Static

from rnntui.library.item import Item
from rnntui.library.library import Library, opened
from rnntui.safe import InputError, clean
from rnntui.screens.bindings import bindings, hints
from rnntui.screens.footed import Footed
from rnntui.screens.help import Help
from rnntui.screens.other_keys import LIBRARY_KEYS, LIBRARY_MARKS
from rnntui.widgets.contents import Contents
from rnntui.widgets.hint_bar import HintBar
from rnntui.widgets.item_card import ItemCard
from rnntui.widgets.notice import Notice
from rnntui.widgets.palette import Palette

if TYPE_CHECKING:
    from rnntui.app import DebuggerApp
    from rnntui.session import Session

LONGEST_ROW_OF_DOTS = 32


class LibraryScreen(Footed):
    """A list, what is known of the item under the bar, and a filter."""

    DEFAULT_CSS = """
    LibraryScreen {
        layout: vertical; overflow: hidden; layers: default notice;
        & #library-head { height: 1; background: $panel; }
        & #library-body { height: 1fr; layout: horizontal; }
        & ItemCard { width: 44%; height: 1fr; border-left: solid $rule; }
        & Input { display: none; border: none; height: 1; padding: 0 1; background: $surface; }
        & Input:focus { border: none; }
        &.-filtering Input { display: block; }
        &.-narrow #library-body { layout: vertical; }
        &.-narrow ItemCard { width: 1fr; height: 6; border-left: none; border-top: solid $rule; }
    }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  # Textual declares it so
    BINDINGS: ClassVar[list[BindingType]] = bindings(LIBRARY_KEYS)
    AUTO_FOCUS = "Contents"

    def __init__(self, library: Library, palette: Palette) -> None:
        super().__init__()
        self._library = library
        self._palette = palette

    def compose(self) -> ComposeResult:
        """How far one is, the filter, the list, the item, the keys."""
        yield Static(id="library-head")
        yield Input(placeholder="type to narrow, enter opens, esc shows everything")
        with Container(id="library-body"):
            yield Contents(self._library.parts, self._palette)
            yield ItemCard()
        yield HintBar()
        yield Notice(id="notice")

    def on_mount(self) -> None:
        """Draw what does not depend on the list."""
        bar = self.query_one(HintBar)
        bar.palette = self._palette
        bar.hints = hints([key for key in LIBRARY_KEYS if key.id != "leave" or self.leads_back])
        self._head()
        complaint = cast("DebuggerApp", self.app).store.complaint
        if complaint:
            self.call_after_refresh(self.notify, clean(complaint), timeout=8, severity="warning")

    def on_screen_resume(self) -> None:
        """Another screen may have changed the colours."""
        palette = cast("DebuggerApp", self.app).palette
        if palette is not self._palette:
            self._recolour(palette)

    def _head(self) -> None:
        palette, done, count = self._palette, self._library.done, self._library.lessons
        dots = "●" * done + "○" * (count - done) if 0 < count <= LONGEST_ROW_OF_DOTS else ""
        self.query_one("#library-head", Static).update(
            Content.assemble(
                Content.styled(" rnntui ", f"bold {palette.colour('background')} on {palette.colour('text')}"),
                Content.styled(f" {self._library.title}  ", palette.colour("muted")),
                Content.styled(f"{done} of {count} done  ", palette.colour("text")),
                Content.styled(dots, palette.colour("violet")),
            )
        )

    # -- messages up

    def on_contents_pointed(self, event: Contents.Pointed) -> None:
        """The bar is on another item."""
        self.query_one(ItemCard).tell(event.item, self._palette)

    def on_contents_chosen(self, event: Contents.Chosen) -> None:
        """An item was chosen."""
        self._open(event.item)

    def on_input_changed(self, event: Input.Changed) -> None:
        """The filter was typed in."""
        self.query_one(Contents).narrow(event.value)

    def on_input_submitted(self) -> None:
        """Enter in the filter opens what the bar is on."""
        self.action_open()

    def on_key(self, event: events.Key) -> None:
        """The arrows move the bar while the filter is typed in."""
        contents = self.query_one(Contents)
        if self.focused is not contents and event.key in ("up", "down", "pageup", "pagedown"):
            event.stop()
            getattr(contents, f"action_{_MOVES[event.key]}")()

    # -- keys

    def _open(self, item: Item) -> None:
        app = cast("DebuggerApp", self.app)
        app.open(lambda: opened(item, app.store))

    def action_open(self) -> None:
        """Open what the bar is on."""
        item = self.query_one(Contents).item
        if item is not None:
            self._open(item)

    def action_filter(self) -> None:
        """Type in the filter."""
        self.add_class("-filtering")
        self.query_one(Input).focus()

    def action_leave(self) -> None:
        """Drop the filter; without one, back to where one came from."""
        if self.has_class("-filtering"):
            self.remove_class("-filtering")
            self.query_one(Input).value = ""
            self.query_one(Contents).focus()
        elif self.leads_back:
            self.dismiss(None)

    def action_lessons(self) -> None:
        self.query_one(Contents).jump("lessons")

    def action_examples(self) -> None:
        self.query_one(Contents).jump("examples")

    def action_recent(self) -> None:
        self.query_one(Contents).jump("recent")

    def action_own(self) -> None:
        self.query_one(Contents).jump("own")

    def action_bench(self) -> None:
        """Change the cell that the bar is on; elsewhere, write a new one."""
        from rnntui.bench.sheet import new_sheet, sheet_for
        from rnntui.screens.bench import Bench
        from rnntui.screens.fault_card import FaultCard

        item = self.query_one(Contents).item
        try:
            sheet = new_sheet() if item is None or isinstance(item.opens, Path) else sheet_for(item.opens)
        except InputError as error:
            self.app.push_screen(FaultCard([str(error)]))
        else:
            self.app.push_screen(Bench(sheet, self._palette))

    def saved_sessions(self) -> tuple[Session, ...]:
        """None: what was opened before is covered."""
        return ()

    def action_help(self) -> None:
        self.app.push_screen(Help(self._palette, LIBRARY_KEYS, "The library", LIBRARY_MARKS))

    def action_theme(self) -> None:
        """Dark or light."""
        self._recolour(cast("DebuggerApp", self.app).toggle_theme())

    def _recolour(self, palette: Palette) -> None:
        self._palette = palette
        contents = self.query_one(Contents)
        contents.repaint(self._palette)
        self.query_one(ItemCard).tell(contents.item, self._palette)
        self.query_one(HintBar).palette = self._palette
        self._head()

    def action_quit(self) -> None:
        """Leave."""
        self.app.exit(0)


_MOVES = {"up": "cursor_up", "down": "cursor_down", "pageup": "page_up", "pagedown": "page_down"}
