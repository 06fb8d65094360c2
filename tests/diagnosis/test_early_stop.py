"""The scrubber against its two oracles: Keras's own callback, and a real retraining with the same settings."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tuning_core as tc
from tuning_core.experiment import SERIES


def keras_says(values, stop, task):
    """(stopped epoch, kept epoch) of `keras.callbacks.EarlyStopping` on a model whose one weight is the epoch."""
    import keras

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    upward = stop.monitor == "val_metric" and task == "classification"
    callback = keras.callbacks.EarlyStopping(
        monitor="watched",
        mode="max" if upward else "min",
        patience=stop.patience,
        min_delta=stop.min_delta,
        start_from_epoch=stop.start_from_epoch,
        restore_best_weights=stop.restore_best_weights,
    )
    callback.set_model(model)
    model.stop_training = False
    callback.on_train_begin()
    for epoch, value in enumerate(values):
        model.set_weights([np.array([[epoch + 1.0]])])
        callback.on_epoch_end(epoch, {"watched": value})
        if model.stop_training:
            break
    callback.on_train_end()
    return (callback.stopped_epoch + 1 if model.stop_training else None), round(float(model.get_weights()[0][0, 0]))


stops = st.builds(
    tc.EarlyStopping,
    patience=st.integers(0, 8),
    min_delta=st.sampled_from([0.0, 0.05, 0.5]),
    start_from_epoch=st.integers(0, 12),
    restore_best_weights=st.booleans(),
    monitor=st.sampled_from(["val_loss", "val_metric"]),
)
steps = st.lists(st.integers(0, 40).map(lambda i: i / 8), min_size=1, max_size=25)


@given(steps, stops, st.sampled_from(["regression", "classification"]))
@settings(max_examples=60)
def test_stops_and_keeps_as_the_keras_callback_does(values, stop, task):
    flat = np.arange(1.0, len(values) + 1)
    series = {"val_metric": values} if stop.monitor == "val_metric" else {"val_loss": values}
    history = tc.History.from_arrays(**({"loss": flat, "train_loss": flat, "val_loss": flat} | series), context={"task": task})
    point = tc.stop_point(history, stop)
    assert (point.stopped_epoch, point.kept_epoch) == keras_says(values, stop, task)
    assert point.kept["loss"] == point.kept_epoch
    assert point.saved == pytest.approx(1 - point.last_epoch / len(values))


@pytest.fixture(scope="module", params=["regression", "two classes"])
def recorded(request):
    """Trainings of two seeds without early stopping, long enough to overfit, and what it takes to train them again."""
    from tests.support.folds import make_task_fold
    from tuning_core.training.specs import TrialSpec
    from tuning_core.training.stack import train_stack

    fold = make_task_fold(request.param)
    hp = tc.Hyperparameters(learning_rate=0.02, epochs=60, hidden_units=(16,))

    def train(settings):
        wanted = [(stop, seed) for seed in SEEDS for stop in settings]
        tasks = [TrialSpec(i, hp.replace(early_stopping=stop), seed) for i, (stop, seed) in enumerate(wanted)]
        return sorted(train_stack(tasks, {0: fold}), key=lambda trial: trial.number)

    return [trial.history for trial in train([None])], train


SEEDS = (0, 1)
SETTINGS = [
    tc.EarlyStopping(patience=0),
    tc.EarlyStopping(patience=3),
    tc.EarlyStopping(patience=8, min_delta=0.01),
    tc.EarlyStopping(patience=5, start_from_epoch=20),
    tc.EarlyStopping(patience=2, restore_best_weights=False),
    tc.EarlyStopping(patience=4, monitor="val_metric"),
    tc.EarlyStopping(patience=3, min_delta=0.003, start_from_epoch=10, monitor="val_metric", restore_best_weights=False),
    tc.EarlyStopping(patience=100),
]


def test_equals_a_real_retraining_with_those_settings(recorded):
    histories, train = recorded
    points = [tc.stop_point(history, stop) for history in histories for stop in SETTINGS]
    trials = train(SETTINGS)
    assert len({p.stopped_epoch for p in points}) >= 4, "the settings should differ in effect, or the test shows nothing"
    for point, trial in zip(points, trials, strict=True):
        assert point.stopped_epoch == trial.stopped_epoch
        assert point.best_epoch == trial.best_epoch
        assert point.last_epoch == len(trial.history)
        for name in SERIES:
            value = getattr(trial.history, name)[point.kept_epoch - 1]
            assert point.kept[name] == pytest.approx(value, rel=1e-4), name


def test_a_training_that_broke_off_ends_there():
    curve = [1.0, 0.9, 0.95, float("nan"), float("nan")]
    point = tc.stop_point(tc.History.from_arrays(loss=curve, train_loss=curve, val_loss=curve), tc.EarlyStopping(patience=50))
    assert (point.stopped_epoch, point.last_epoch, point.kept_epoch) == (None, 4, 2)


def test_an_empty_history_has_nothing_to_keep():
    point = tc.stop_point(tc.History.from_arrays(), tc.EarlyStopping())
    assert (point.stopped_epoch, point.last_epoch, point.kept_epoch, point.kept) == (None, 0, None, {})
