"""What holds for all tests: each has a store of its own, and those of whole screens and lessons are slow."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

_TESTS = count()
SLOW = tuple(Path(__file__).parent / folder for folder in ("rnntui/screens", "rnntui/commands", "lessons"))
"""Folders of tests that drive whole screens, run whole commands or play whole lessons."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slow tests are known by their folders, before it is chosen which are run."""
    for item in items:
        if any(folder in item.path.parents for folder in SLOW):
            item.add_marker(pytest.mark.slow)


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
