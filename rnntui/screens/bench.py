"""The bench: a cell is written, its backward equations follow, and it runs where the session before it ran."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static, TextArea

from rnntui.bench.draft import Draft, read_draft
from rnntui.bench.sheet import Sheet
from rnntui.safe import InputError, clean
from rnntui.screens.bindings import bindings, hints
from rnntui.screens.help import Help
from rnntui.screens.keeping import Keeping
from rnntui.screens.other_keys import BENCH_KEYS, BENCH_MARKS
from rnntui.widgets.backward_pane import BackwardPane
from rnntui.widgets.editor import Editor
from rnntui.widgets.fault_line import FaultLine
from rnntui.widgets.hint_bar import HintBar
from rnntui.widgets.notice import Notice
from rnntui.widgets.palette import Palette

if TYPE_CHECKING:
    from rnntui.app import DebuggerApp

QUIET = 0.15
"""Seconds without a key after which the text is read."""
LONGEST_NAME = 40


class Bench(Keeping):
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
    BINDINGS: ClassVar[list[BindingType]] = bindings(tuple(key for key in BENCH_KEYS if key.id != "over"))
    AUTO_FOCUS = "Editor"

    def __init__(self, sheet: Sheet, palette: Palette) -> None:
        super().__init__(sheet)
        self._palette = palette
        self._timer: Timer | None = None
        self._draft: Draft | None = None

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
        bar.palette, bar.hints = self._palette, hints(BENCH_KEYS)
        self._take_up()
        self._read()

    # -- the text

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Read it when nothing has been typed for a moment."""
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(QUIET, self._read)

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """Say what is wrong in the line of the cursor."""
        event.stop()
        if self._draft is not None and self._draft.faults and self._draft.text == self.text:
            self.query_one(FaultLine).tell(self._draft, self._palette, event.selection.end[0] + 1)

    def _read(self) -> Draft:
        """Read the text now, and show what follows."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        before, sheet = self._draft, self._sheet
        if before is not None and before.text == self.text:
            return before
        read = read_draft(self.text, self._called, sheet.ground.readout)
        self._draft = read
        self._tell(read)
        self._keep()
        return read

    def _tell(self, read: Draft) -> None:
        pane, editor = self.query_one(BackwardPane), self.query_one(Editor)
        if read.cell is not None:
            pane.tell(read.cell, self._palette)
        else:
            pane.tell(pane.cell, self._palette, old=True)
        editor.mark([(fault.line - 1, fault.column - 1) for fault in read.faults])
        self.query_one(FaultLine).tell(read, self._palette, editor.cursor_location[0] + 1)
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

    @property
    def _runs(self) -> bool:
        return self._read().cell is not None

    # -- keys

    def action_run(self) -> None:
        """Step through the cell; q and escape lead back here."""
        read = self._read()
        if read.cell is None:
            self._point_to_fault(read)
            return
        try:
            session = self._sheet.ground.session(read.cell)
        except InputError as error:
            self.notify(str(error), severity="warning", timeout=8, markup=False)
            return
        from rnntui.screens.debugger import Debugger

        self.app.push_screen(Debugger(session, None, self._palette, returns=True))

    def _point_to_fault(self, read: Draft) -> None:
        if read.fault is not None:
            editor = self.query_one(Editor)
            editor.focus()
            editor.move_cursor((read.fault.line - 1, read.fault.column - 1))
            self.notify("this does not run yet: see below what is wrong", severity="warning", timeout=3)

    def action_undo(self) -> None:
        """Take back what was typed last."""
        self.query_one(Editor).undo()

    def action_help(self) -> None:
        self.app.push_screen(Help(self._palette, BENCH_KEYS, "The bench", BENCH_MARKS))

    def on_screen_resume(self) -> None:
        """Another screen may have changed the colours."""
        palette = cast("DebuggerApp", self.app).palette
        if palette is not self._palette:
            self._recolour(palette)

    def action_theme(self) -> None:
        """Dark or light."""
        self._recolour(cast("DebuggerApp", self.app).toggle_theme())

    def _recolour(self, palette: Palette) -> None:
        self._palette = palette
        self.query_one(Editor).recolour(self._palette)
        self.query_one(HintBar).palette = self._palette
        if self._draft is not None:
            self._tell(self._draft)
