"""Diagnosis of a run and of a training: how far gradients reach, and what has gone wrong where."""

from bptt.diagnostics.alert import Alert
from bptt.diagnostics.itemised import itemised, itemised_gradients
from bptt.diagnostics.jacobians import Jacobians, coordinates, jacobian, jacobians
from bptt.diagnostics.run_alerts import Thresholds, reach, run_alerts
from bptt.diagnostics.training_alerts import TrainingThresholds, TrainingWatch, training_alerts
from bptt.diagnostics.truncation import Agreement, Truncation, compare
from bptt.norms import spectral_radius

__all__ = [
    "Agreement",
    "Alert",
    "Jacobians",
    "Thresholds",
    "TrainingThresholds",
    "TrainingWatch",
    "Truncation",
    "compare",
    "coordinates",
    "itemised",
    "itemised_gradients",
    "jacobian",
    "jacobians",
    "reach",
    "run_alerts",
    "spectral_radius",
    "training_alerts",
]
