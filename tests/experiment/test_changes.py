"""What differs between two settings, in words."""

from __future__ import annotations

from dataclasses import fields

from tuning_core.experiment import EarlyStopping, Hyperparameters, changes, changes_in_words
from tuning_core.experiment.hyperparameter_diff import _STOPPING, LABELS

HP = Hyperparameters()


def test_every_setting_has_a_name():
    assert {name for name, _, _ in LABELS} | {"early_stopping"} == {f.name for f in fields(Hyperparameters)}
    assert set(_STOPPING) == {f.name for f in fields(EarlyStopping)}


def test_one_difference_is_said_and_nothing_else():
    assert changes_in_words(changes(HP, HP.replace(learning_rate=0.3))) == "learning rate 0.01 → 0.3"
    assert changes_in_words(changes(HP, HP)) == "the same settings"
    assert changes_in_words(changes(HP, HP.replace(hidden_units=(1000, 32)))) == "hidden units 64 → 1,000, 32"
    assert changes_in_words(changes(HP.replace(hidden_units=()), HP)) == "hidden units none → 64"


def test_several_differences_come_in_the_order_of_the_controls():
    other = HP.replace(shuffle=False, batch_size=2048, class_weight="balanced", hidden_units=(8,))
    assert changes_in_words(changes(HP, other)) == (
        "hidden units 64 → 8, batch size 16 → 2,048, class weights off → balanced, shuffling on → off"
    )


def test_what_has_no_effect_is_no_difference():
    assert changes(HP, HP.replace(momentum=0.9, weight_decay=0.1)) == ()
    assert len(changes(HP.replace(optimizer="sgd"), HP.replace(optimizer="sgd", momentum=0.9))) == 1
    linear = HP.replace(hidden_units=())
    assert changes(linear, linear.replace(activation="tanh", dropout=0.5)) == ()
    assert changes(HP.replace(dropout=0.2), HP.replace(dropout=(0.2,))) == ()


def test_early_stopping():
    on = HP.replace(early_stopping=EarlyStopping(patience=20))
    assert changes_in_words(changes(HP, on)) == "early stopping off → patience 20"
    assert changes_in_words(changes(on, HP)) == "early stopping patience 20 → off"
    longer = HP.replace(early_stopping=EarlyStopping(patience=50, restore_best_weights=False))
    assert changes_in_words(changes(on, longer)) == "patience 20 → 50, keeping the best epoch on → off"
