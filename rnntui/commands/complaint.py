"""What a command says, once, where nothing can be kept."""

from __future__ import annotations

import sys

from rnntui.safe import clean
from rnntui.store import Store


def complain(store: Store) -> None:
    """One line on standard error, if there is something to complain of."""
    complaint = store.complaint
    if complaint:
        print(clean(complaint), file=sys.stderr)
