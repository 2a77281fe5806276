"""Where the numbers of a run come from: characters, a column of a table, NumPy arrays, a generated task."""

from rnntui.sources.arrays import from_npy
from rnntui.sources.characters import from_text, from_text_file
from rnntui.sources.source import Source
from rnntui.sources.table import from_csv
from rnntui.sources.task import from_task

__all__ = ["Source", "from_csv", "from_npy", "from_task", "from_text", "from_text_file"]
