"""Lists to choose from, most of them with a row of the screen for each line."""

from __future__ import annotations

from textual.widgets import OptionList


def stands(event: OptionList.OptionSelected) -> bool:
    """Whether what was chosen is still in the list: a key that was faster may have listed something else."""
    return event.option in event.option_list.options


class LineList(OptionList):
    """Textual's list, whose pages can also be turned before it was ever drawn, or where it has no rows."""

    def action_page_up(self) -> None:
        """A screenful up."""
        self._turn(-1)

    def action_page_down(self) -> None:
        """A screenful down."""
        self._turn(1)

    def _turn(self, direction: int) -> None:
        rows = [row for row, option in enumerate(self.options) if not option.disabled]
        wanted = (self.highlighted or 0) + direction * max(1, self.size.height - 1)
        if rows:
            self.highlighted = min(rows, key=lambda row: abs(row - wanted))
