"""Where the numbers of a run come from: characters, a column of a table, NumPy arrays."""

from rnntui.sources.arrays import from_npy
from rnntui.sources.characters import from_text, from_text_file
from rnntui.sources.source import Source
from rnntui.sources.table import from_csv

__all__ = ["Source", "from_csv", "from_npy", "from_text", "from_text_file"]
