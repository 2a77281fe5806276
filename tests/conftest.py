"""Every test has a store of its own: nobody's progress is read or written."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

_TESTS = count()


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder below which the tests have their homes."""
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def home(homes: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of this test's store; it is made when something is kept."""
    folder = homes / str(next(_TESTS))
    monkeypatch.setenv("RNNTUI_HOME", str(folder))
    return folder
