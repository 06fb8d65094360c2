"""The scikit-learn API: Keras networks as estimators, and searches that train all candidates and folds side by side.

`regressor` and `classifier` have the estimators, `base` what they share, `together` trains many fits as a few stacks, `search`
has the searches. TensorFlow is loaded by the first fit; predicting needs NumPy alone.
"""

from tuning_core.estimators.classifier import StackedMLPClassifier
from tuning_core.estimators.regressor import StackedMLPRegressor
from tuning_core.estimators.search import StackedGridSearchCV, StackedRandomizedSearchCV

__all__ = ["StackedGridSearchCV", "StackedMLPClassifier", "StackedMLPRegressor", "StackedRandomizedSearchCV"]
