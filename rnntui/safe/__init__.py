"""The room in which files and text from outside are read, cleaned and written."""

from rnntui.safe.errors import InputError, InputErrors
from rnntui.safe.reading import Window, open_regular, read_lines, read_text, read_window
from rnntui.safe.text import clean, cut
from rnntui.safe.writing import check_output, open_output, write_bytes, write_text

__all__ = [
    "InputError",
    "InputErrors",
    "Window",
    "check_output",
    "clean",
    "cut",
    "open_output",
    "open_regular",
    "read_lines",
    "read_text",
    "read_window",
    "write_bytes",
    "write_text",
]
