"""A lesson with every kind of step, of a hand-written cell."""

from __future__ import annotations

from pathlib import Path

import pytest

EVERY_KIND = Path(__file__).parent / "every_kind.yaml"


@pytest.fixture
def every_kind() -> Path:
    """Its file: 13 steps that are seen, of which 9 ask; beside it a file of recorded results."""
    return EVERY_KIND
