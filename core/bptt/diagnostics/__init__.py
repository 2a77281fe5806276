"""Diagnosis of a run and of a training: how far gradients reach, and what has gone wrong where."""
