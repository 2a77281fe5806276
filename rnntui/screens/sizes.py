"""The smallest terminal that the screens are made for."""

from __future__ import annotations

SMALLEST = (60, 20)
"""(columns, rows) below which there is only a card."""


def needed(width: int, height: int) -> str:
    """What the card says."""
    return f"rnntui needs {SMALLEST[0]}×{SMALLEST[1]}\nhere are {width}×{height}"
