"""What is kept of an error that nobody foresaw: a report without the values of anyone's variables."""

from __future__ import annotations

import platform
import tempfile
import traceback
from importlib.metadata import version
from pathlib import Path


def report(error: BaseException) -> str:
    """Write a report file (versions and the places in the code, no local variables); one line that names it."""
    places = traceback.extract_tb(error.__traceback__)
    lines = [f"rnntui {version('rnntui')}, Python {platform.python_version()}, {platform.system()}"]
    lines += [f"{Path(place.filename).name}:{place.lineno} in {place.name}" for place in places]
    lines.append(type(error).__name__)
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="rnntui-fault-", suffix=".txt", delete=False, encoding="utf-8"
        ) as file:
            file.write("\n".join(lines) + "\n")
    except OSError:
        return f"rnntui: a fault of its own ({type(error).__name__}); no report could be written"
    return f"rnntui: a fault of its own ({type(error).__name__}); please send {file.name} to the authors"
