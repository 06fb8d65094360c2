"""The values that sliders and searches offer, what each hyperparameter does to learning, and the chapter that shows it."""

from __future__ import annotations

RATES = [float(f"{m}e{e}") for e in range(-7, 1) for m in (1, 1.5, 2, 3, 5, 7)] + [10.0]


UNITS = [1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024]


EPOCHS = [1, 2, 5, 10, 20, 30, 40, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 2000, 5000, 10_000]


BATCHES = [1, 2, 4, 8, 10, 16, 24, 32, 48, 64, 96, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384]


PENALTIES = [0.0, *(float(f"{m}e{e}") for e in range(-6, 0) for m in (1, 3)), 1.0]


PATIENCES = [0, 1, 2, 3, 5, 8, 10, 15, 20, 30, 40, 60, 80, 100, 150, 200, 300, 500, 1000]


_WORDS = {
    "layers": "Hidden layers. None makes a linear model, which underfits whatever is not a straight line; each layer lets the "
    "model bend more, and overfit more easily.",
    "units": "Units per hidden layer: the width of the model. Too few underfit, many can learn the training rows by heart.",
    "activation": "What each hidden unit does to its sum. relu is the usual choice; linear makes all layers collapse into one.",
    "learning_rate": "How far one update moves the weights. Too large: the curve swings or explodes. Too small: it hardly moves.",
    "batch_size": "Rows per update. Small ones update often and noisily; large ones are smooth and need a larger learning rate.",
    "epochs": "How many times training sees all training rows. Too few stop short; too many invite overfitting.",
    "optimizer": "How gradients become steps. adam adapts the step for each weight; sgd is plain gradient descent.",
    "momentum": "Share of the last step that is kept. It smooths and speeds up sgd; near 1 it overshoots.",
    "weight_decay": "Pulls all weights towards zero a little at each step, apart from the loss (adamw).",
    "dropout": "Share of hidden units silenced at random while training. It hinders learning by heart; too much underfits.",
    "l2": "Penalty on large weights. It smooths the model; too much underfits.",
    "stops_early": "End training when the validation value has not improved for a while, as Keras's EarlyStopping does.",
    "patience": "Epochs without improvement to wait before stopping. Small stops on a hiccup, large trains past the best epoch.",
    "min_delta": "An improvement counts only if it is larger than this, in the units of what is watched.",
    "start_from_epoch": "Epochs at the start that early stopping does not look at.",
    "restore_best_weights": "Keep the weights of the best epoch. Keras's default is off: it keeps the last ones, past the best.",
    "keep": "Whose weights the trained model has. The last ones are often past the best epoch; plain Keras keeps the last.",
    "monitor": "What early stopping watches on the validation rows: the loss, the metric, or a score, then recorded each epoch.",
    "loss": "What training makes small. Mean squared error punishes large errors most; mean absolute error treats all alike.",
    "scale_target": "Train on the target in standard units. Without it, a target in the thousands learns very slowly.",
    "class_weight": "Weigh each row so that every class counts the same, however rare.",
    "seeds": "How many times to train with other random starts and row orders. The band between them is luck.",
    "shuffle": "Use a new row order in every epoch. Off: each epoch sees the same batches, and learning may follow the order.",
}

SHOWN_IN = {
    "layers": "changing_the_model",
    "units": "changing_the_model",
    "learning_rate": "learning_rate",
    "batch_size": "batch_size",
    "epochs": "early_stopping",
    "stops_early": "early_stopping",
    "patience": "early_stopping",
    "restore_best_weights": "early_stopping",
    "keep": "early_stopping",
    "dropout": "regularisation",
    "l2": "regularisation",
    "class_weight": "class_weights",
    "seeds": "luck",
}
"""The chapter of the lessons that shows what a hyperparameter does, for those that one shows."""

HELP = {
    name: f"{words} [The lesson that shows it](lessons?chapter={SHOWN_IN[name]})" if name in SHOWN_IN else words
    for name, words in _WORDS.items()
}
