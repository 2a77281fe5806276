"""What stands in the place of a number that may not be shown."""

from __future__ import annotations

from enum import Enum


class Mark(Enum):
    """Why there is no number."""

    HIDDEN = "?"
    """A question asks for it: shown after the answer."""
    PENDING = "·"
    """Not computed yet at the cursor."""


HIDDEN = Mark.HIDDEN
PENDING = Mark.PENDING
