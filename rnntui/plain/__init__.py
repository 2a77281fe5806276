"""Stepping and lessons line by line, for where there is no full screen."""
