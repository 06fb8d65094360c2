"""Predictions for new rows: a trained model as plain numbers, rows checked against what it was trained on, partial effects.

NumPy and pandas only, so that a page can predict without TensorFlow. Reading order: `model`, `fields`, `rows`, `predict`,
`partial`, `surfaces`.
"""

from tuning_core.prediction.fields import Field
from tuning_core.prediction.model import Model
from tuning_core.prediction.partial import PartialDependence, partial_dependence
from tuning_core.prediction.predictions import Predictions, predict
from tuning_core.prediction.surfaces import Surface, surface

__all__ = ["Field", "Model", "PartialDependence", "Predictions", "Surface", "partial_dependence", "predict", "surface"]
