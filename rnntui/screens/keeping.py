"""The text of the bench kept: in its file, under a name that is asked for, and until then in the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from rnntui.bench.sheet import Sheet
from rnntui.safe import InputError, clean
from rnntui.screens.alternatives import Alternatives, Choice
from rnntui.screens.footed import Footed
from rnntui.screens.naming import NameDialog
from rnntui.store import draft, drop_draft, keep_draft
from rnntui.widgets.editor import Editor
from rnntui.widgets.palette import Palette

if TYPE_CHECKING:
    from rnntui.app import DebuggerApp
    from rnntui.store import Store

UNSAVED = (
    Choice("s", "save", "save it"),
    Choice("l", "lose", "leave without it"),
    Choice("escape", "stay", "stay"),
)


class Keeping(Footed):
    """The part of the bench by which nothing that was typed is lost."""

    _palette: Palette

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self._sheet = sheet
        self._file = sheet.file
        self._saved = sheet.text
        """The text as the file has it; where it was never written, as it was found."""
        self._is_kept = False
        """Whether the store has a text that is in no file."""

    def _head(self) -> None:
        raise NotImplementedError

    @property
    def _runs(self) -> bool:
        """Whether the text as it is typed is a cell."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """As it is typed."""
        return self.query_one(Editor).text

    @property
    def unsaved(self) -> bool:
        """Whether something would be lost."""
        return self.text != self._saved

    @property
    def _called(self) -> str:
        return clean(self._file.stem) if self._file is not None else self._sheet.name

    # -- what a closed terminal would take with it

    @property
    def _store(self) -> Store:
        return cast("DebuggerApp", self.app).store

    @property
    def _kept_as(self) -> str:
        return str(self._file.absolute()) if self._file is not None else self._sheet.origin

    def _take_up(self) -> None:
        """Go on with what was written here and is in no file."""
        text = draft(self._store, self._kept_as)
        if text is None or text == self._saved:
            return
        self._is_kept = True
        editor = self.query_one(Editor)
        editor.replace(text, (0, 0), editor.document.end)
        editor.move_cursor((0, 0))
        self.call_after_refresh(self.notify, "what you had not saved is here again; ctrl+z takes it back", timeout=6)

    def _keep(self) -> None:
        if self.unsaved:
            keep_draft(self._store, self._kept_as, self.text)
            self._is_kept = True
        else:
            self._drop()
        complaint = self._store.complaint
        if complaint:
            self.notify(clean(complaint), severity="warning", timeout=8)

    def _drop(self) -> None:
        if self._is_kept:
            drop_draft(self._store, self._kept_as)
            self._is_kept = False

    # -- the file

    def action_save(self) -> None:
        """Write the text to its file; ask for a name where it has none."""
        if self._file is not None and _text_in(self._file) in (None, self._saved, self._saved + "\n"):
            self._write(self._file)
        else:
            self._ask_for_name()

    def _ask_for_name(self, leave: bool = False) -> None:
        given = str(self._file) if self._file is not None else f"{self._called}.txt"
        self.app.push_screen(NameDialog(given), lambda file: self._named(file, leave))

    def _named(self, file: Path | None, leave: bool) -> None:
        if file is not None and self._write(file) and leave:
            self._go()

    def _write(self, file: Path) -> bool:
        from rnntui.safe import write_text

        text = self.text
        try:
            write_text(file, text if text.endswith("\n") else text + "\n", force=True)
        except InputError as error:
            self.notify(str(error), severity="error", timeout=8, markup=False)
            return False
        self._drop()
        self._file, self._saved = file, text
        self._head()
        if self._runs:
            self.notify(f"saved {clean(file.name)}", timeout=3, markup=False)
        else:
            told = f"saved {clean(file.name)}; it does not run yet: see below what is wrong"
            self.notify(told, severity="warning", timeout=6, markup=False)
        return True

    def action_leave(self) -> None:
        """Back to where one came from; what is not saved is asked for first."""
        if self.unsaved:
            self.app.push_screen(Alternatives("The text is not saved.", UNSAVED, self._palette), self._answered)
        else:
            self._go()

    def _answered(self, answer: str | None) -> None:
        if answer == "save":
            self._ask_for_name(leave=True)
        elif answer == "lose":
            self._drop()
            self._go()

    def _go(self) -> None:
        if self.leads_back:
            self.dismiss(None)
        else:
            self.app.exit(0)


def _text_in(file: Path) -> str | None:
    """The text of a file; None where there is none; empty where it cannot be read."""
    from rnntui.safe import read_text

    if not file.exists():
        return None
    try:
        return read_text(file, 1_000_000)
    except InputError:
        return ""
