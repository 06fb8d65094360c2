"""Search strategies: which settings to try next. Ask and tell; no training, no I/O.

`base` has the contract. One strategy a file. (`tc.search` is the function that drives one, so this package is `searching`.)
"""

from tuning_core.search_strategies.base import Candidate, Result, Strategy
from tuning_core.search_strategies.factory import make_strategy

__all__ = ["Candidate", "Result", "Strategy", "make_strategy"]
