"""The scikit-learn API: Keras networks as estimators, and searches that train all candidates and folds side by side.

`mlp` has the estimators, `together` trains many fits as a few stacks, `search` has the searches. TensorFlow is loaded by the
first fit; predicting needs NumPy alone.
"""

from tuning_core.estimators.mlp import StackedMLPClassifier, StackedMLPRegressor
from tuning_core.estimators.search import StackedGridSearchCV, StackedRandomizedSearchCV

__all__ = ["StackedGridSearchCV", "StackedMLPClassifier", "StackedMLPRegressor", "StackedRandomizedSearchCV"]
