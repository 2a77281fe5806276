"""What stands in the place of a number that may not be shown."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from bptt.expressions import Expression


class Mark(Enum):
    """Why there is no number."""

    HIDDEN = "?"
    """A question asks for it: shown after the answer."""
    PENDING = "·"
    """Not computed yet at the cursor."""


HIDDEN = Mark.HIDDEN
PENDING = Mark.PENDING
Read = Callable[[Expression, int], NDArray[np.floating] | Mark]
"""(expression, t) → (unit,) of the shown sequence, a matrix for a matrix parameter or an outer product, or a mark."""
