"""Cells that are being written: their text, what follows from it, and the data that they run on."""
