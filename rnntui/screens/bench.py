"""The bench: a cell is written, its backward equations follow, and it runs where the session before it ran."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static, TextArea

from rnntui.bench.draft import Draft, read_draft
from rnntui.bench.sheet import Sheet
from rnntui.safe import InputError, clean
from rnntui.screens.asking import Ask, Choice
from rnntui.screens.naming import NameDialog
from rnntui.widgets.backward_pane import BackwardPane
from rnntui.widgets.editor import Editor
from rnntui.widgets.fault_line import FaultLine
from rnntui.widgets.hint_bar import HintBar
from rnntui.widgets.key_bar import Hint, KeyBar
from rnntui.widgets.notice import Notice
from rnntui.widgets.palette import Palette

if TYPE_CHECKING:
    from rnntui.app import DebuggerApp

QUIET = 0.15
"""Seconds without a key after which the text is read."""
HINTS = (
    Hint("ctrl+enter F5", "run", "run"),
    Hint("ctrl+s", "save", "save"),
    Hint("esc", "leave", "leave"),
    Hint("tab", "equations", "app.focus_next"),
    Hint("ctrl+z", "undo", "undo"),
    Hint("ctrl+t", "light", "theme"),
)
LONGEST_NAME = 40
UNSAVED = (
    Choice("s", "save", "save it"),
    Choice("l", "lose", "leave without it"),
    Choice("escape", "stay", "stay"),
)


class Bench(Screen[None]):
    """An editor, what follows from its text, what is wrong with it."""

    DEFAULT_CSS = """
    Bench {
        layout: vertical; overflow: hidden; layers: default notice;
        & #bench-head { height: 1; background: $panel; }
        & #bench-body { height: 1fr; layout: horizontal; }
        & BackwardPane { border-left: solid $rule; }
        &.-narrow #bench-body { layout: vertical; }
        &.-narrow BackwardPane { border-left: none; border-top: solid $rule; }
    }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  # Textual declares it so
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+enter,f5,ctrl+r,ctrl+j", "run", show=False, priority=True),
        Binding("ctrl+s", "save", show=False, priority=True),
        Binding("ctrl+t", "theme", show=False, priority=True),
        Binding("escape", "leave", show=False),
    ]
    AUTO_FOCUS = "Editor"

    def __init__(self, sheet: Sheet, palette: Palette) -> None:
        super().__init__()
        self._sheet = sheet
        self._palette = palette
        self._timer: Timer | None = None
        self._draft: Draft | None = None
        self._file = sheet.file
        self._saved = sheet.text
        """The text as the file has it; where it was never written, as it was found."""

    def compose(self) -> ComposeResult:
        """What is written, the text, what follows, what is wrong, the keys."""
        yield Static(id="bench-head")
        with Container(id="bench-body"):
            yield Editor(self._sheet.text, self._palette)
            yield BackwardPane(self._palette)
        yield FaultLine()
        yield HintBar()
        yield Notice(id="notice")

    def on_mount(self) -> None:
        """Read the text that is there."""
        bar = self.query_one(HintBar)
        bar.palette, bar.hints = self._palette, HINTS
        self._read()

    @property
    def text(self) -> str:
        """As it is typed."""
        return self.query_one(Editor).text

    @property
    def unsaved(self) -> bool:
        """Whether something would be lost."""
        return self.text != self._saved

    # -- the text

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Read it when nothing has been typed for a moment."""
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(QUIET, self._read)

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """What was said is heard."""
        event.stop()

    def _read(self) -> Draft:
        """Read the text now, and show what follows."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        before, sheet = self._draft, self._sheet
        if before is not None and before.text == self.text:
            return before
        draft = read_draft(self.text, self._called, sheet.ground.readout)
        self._draft = draft
        self._tell(draft)
        return draft

    @property
    def _called(self) -> str:
        return clean(self._file.stem) if self._file is not None else self._sheet.name

    def _tell(self, draft: Draft) -> None:
        fault, pane = draft.fault, self.query_one(BackwardPane)
        if draft.cell is not None:
            pane.tell(draft.cell, self._palette)
        else:
            pane.tell(pane.cell, self._palette, old=True)
        self.query_one(Editor).mark(None if fault is None else (fault.line - 1, fault.column - 1))
        self.query_one(FaultLine).tell(draft, self._palette)
        self._head()

    def _head(self) -> None:
        palette = self._palette
        name = clean(str(self._file)) if self._file is not None else "a new cell"
        name = name if len(name) <= LONGEST_NAME else f"…{name[1 - LONGEST_NAME :]}"
        unsaved = "  not saved" if self.unsaved else ""
        self.query_one("#bench-head", Static).update(
            Content.assemble(
                Content.styled(" rnntui ", f"bold {palette.colour('background')} on {palette.colour('text')}"),
                Content.styled(f" bench › {name}", palette.colour("text")),
                Content.styled(unsaved, palette.colour("loss")),
                Content.styled(f"   on {self._sheet.ground.title}", palette.colour("muted")),
            )
        )

    # -- keys

    def action_run(self) -> None:
        """Step through the cell; q and escape lead back here."""
        draft = self._read()
        if draft.cell is None:
            self._point_to_fault(draft)
            return
        try:
            session = self._sheet.ground.session(draft.cell)
        except InputError as error:
            self.notify(str(error), severity="warning", timeout=8, markup=False)
            return
        from rnntui.screens.debugger import Debugger

        self.app.push_screen(Debugger(session, None, self._palette, returns=True))

    def _point_to_fault(self, draft: Draft) -> None:
        if draft.fault is not None:
            editor = self.query_one(Editor)
            editor.focus()
            editor.move_cursor((draft.fault.line - 1, draft.fault.column - 1))
            self.notify("this does not run yet: see below what is wrong", severity="warning", timeout=3)

    def action_save(self) -> None:
        """Write the text to its file; ask for a name where it has none."""
        if self._file is not None and _text_in(self._file) in (None, self._saved):
            self._write(self._file, replace=True)
        else:
            self._ask_for_name()

    def _ask_for_name(self, leave: bool = False) -> None:
        given = str(self._file) if self._file is not None else f"{self._called}.txt"
        self.app.push_screen(NameDialog(given), lambda file: self._named(file, leave))

    def _named(self, file: Path | None, leave: bool) -> None:
        if file is not None and self._write(file, replace=True) and leave:
            self._go()

    def _write(self, file: Path, replace: bool) -> bool:
        from rnntui.safe import write_text

        text = self.text
        try:
            write_text(file, text if text.endswith("\n") else text + "\n", force=replace)
        except InputError as error:
            self.notify(str(error), severity="error", timeout=8, markup=False)
            return False
        self._file, self._saved = file, text
        self._head()
        self.notify(f"saved {clean(file.name)}", timeout=3, markup=False)
        return True

    def action_leave(self) -> None:
        """Back to where one came from; what is not saved is asked for first."""
        if self.unsaved:
            self.app.push_screen(Ask("The text is not saved.", UNSAVED, self._palette), self._answered)
        else:
            self._go()

    def _answered(self, answer: str | None) -> None:
        if answer == "save":
            self._ask_for_name(leave=True)
        elif answer == "lose":
            self._go()

    def _go(self) -> None:
        if len(self.app.screen_stack) > 2:  # Textual's own, this one, and one below it
            self.dismiss(None)
        else:
            self.app.exit(0)

    def action_undo(self) -> None:
        """Take back what was typed last."""
        self.query_one(Editor).undo()

    def action_theme(self) -> None:
        """Dark or light."""
        self._palette = cast("DebuggerApp", self.app).toggle_theme()
        self.query_one(Editor).recolour(self._palette)
        self.query_one(HintBar).palette = self._palette
        if self._draft is not None:
            self._tell(self._draft)

    async def on_key_bar_action_wanted(self, event: KeyBar.ActionWanted) -> None:
        """A hint was clicked."""
        await self.run_action(event.action)

    def notify(  # type: ignore[override]  # as the debugger does
        self, message: str, *, timeout: float | None = None, severity: str = "information", markup: bool = False
    ) -> None:
        """Say something for a moment, as typed."""
        self.query_one(Notice).say(message, timeout or 3, severity)

    def on_resize(self, event: events.Resize) -> None:
        """What was said had its place on the old size."""
        self.query_one(Notice).hush()


def _text_in(file: Path) -> str | None:
    """The text of a file; None where there is none; empty where it cannot be read."""
    from rnntui.safe import read_text

    if not file.exists():
        return None
    try:
        return read_text(file, 1_000_000)
    except InputError:
        return ""
