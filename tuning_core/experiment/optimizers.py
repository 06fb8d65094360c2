"""The optimizers that there are, each in one line: a new one is added here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Optimizer:
    """What is to be known of one.

    Attributes
    ----------
    keras_name : of its class in `keras.optimizers`.
    usual_rate : a learning rate with which it mostly trains well.
    own_setting : the hyperparameter that only it has and that its class takes under the same name.
    adaptive : it divides steps by the size of past gradients, so that its rate grows with the square root of the batch size.
    """

    keras_name: str
    usual_rate: float = 0.001
    own_setting: str | None = None
    adaptive: bool = True


OPTIMIZERS = {
    "sgd": Optimizer("SGD", 0.01, "momentum", adaptive=False),
    "adam": Optimizer("Adam"),
    "adamw": Optimizer("AdamW", own_setting="weight_decay"),
    "rmsprop": Optimizer("RMSprop"),
    "adagrad": Optimizer("Adagrad", 0.01),
    "nadam": Optimizer("Nadam"),
}
ADAPTIVE = tuple(name for name, optimizer in OPTIMIZERS.items() if optimizer.adaptive)
