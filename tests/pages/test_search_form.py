"""The builder's form: what is typed becomes a space, or a sentence that says what to mend."""

from __future__ import annotations

import pytest

from pages.search.form import axis_of_entry, conditions, cv_of, form_of, lesson_form, new_form, space_of, spec_of_form, trainings
from tuning_core.errors import SettingsError
from tuning_core.experiment import Hyperparameters, SearchSpace
from tuning_core.experiment.axes import Choice, LogUniform, RandInt, Uniform

HP = Hyperparameters()


def entry(kind="values", values="", low="", high=""):
    return {"as": kind, "values": values, "low": low, "high": high}


def axis(name, given, listed=False):
    return axis_of_entry(name, given, HP, listed=listed)


def test_the_first_form_is_a_search_that_can_start():
    space = space_of(new_form(HP), HP)
    assert (space.strategy, space.n_iter, list(space.axes)) == ("quasi_random", 32, ["learning_rate", "batch_size", "dropout"])
    assert len(space.axes["batch_size"].probes()) == 4, "each batch size is a program of its own"


def test_the_lesson_is_four_settings_in_five_folds():
    spec = spec_of_form(lesson_form(Hyperparameters(hidden_units=(8, 8))), HP)
    space = SearchSpace.from_json(spec["space"])
    assert {name: a.probes() for name, a in space.axes.items()} == {"batch_size": (10, 40), "epochs": (10, 50)}
    assert space.base.hidden_units == (64,) and space.base.early_stopping is None
    assert trainings(spec) == (4, 20)


@pytest.mark.parametrize(
    "form", [new_form(HP), lesson_form(HP), new_form(HP) | {"seconds": 60.0, "n_iter": None, "strategy": "bayesian"}]
)
def test_a_search_comes_back_into_the_form_as_it_was(form):
    spec = spec_of_form(form | {"include": [HP.to_json()], "seeds": 3}, HP)
    assert spec_of_form(form_of(spec), Hyperparameters(learning_rate=0.5)) == spec


def test_the_score_is_part_of_the_spec_and_comes_back():
    spec = spec_of_form(new_form(HP) | {"score": "r2"}, HP)
    assert spec["score"] == "r2" and form_of(spec)["score"] == "r2"
    assert form_of({name: value for name, value in spec.items() if name != "score"})["score"] is None, "a search of before"


def test_typed_values_and_ranges():
    assert axis("learning_rate", entry(values=" 0.1, 1e-2;0.1  3e-3")) == Choice((0.1, 0.01, 0.003))
    assert axis("batch_size", entry("range", low="4", high="64")) == RandInt(4, 65)  # both ends are tried
    assert axis("units", entry("log", low="4", high="64")) == RandInt(4, 65, log=True)
    assert axis("dropout", entry("range", low="0", high="0.5")) == Uniform(0.0, 0.5)
    assert axis("l2", entry("log", low="1e-6", high="0.1")) == LogUniform(1e-6, 0.1)
    assert axis("class_weight", entry(values=[None, "balanced"])) == Choice((None, "balanced"))
    assert axis("learning_rate", entry("log", "0.1, 0.2", "1", "0"), listed=True) == Choice((0.1, 0.2))  # a grid has values only


@pytest.mark.parametrize(
    ("name", "given", "kind", "words"),
    [
        ("learning_rate", entry(values=" , "), "empty_range", "no values to try"),
        ("optimizer", entry(values=[]), "empty_range", "no values to try"),
        ("learning_rate", entry("log", low="1", high="0.1"), "empty_range", "from 1 to 0.1 is empty"),
        ("learning_rate", entry("range", low="1", high="1"), "empty_range", "from 1 to 1 is empty"),
        ("learning_rate", entry("log", low="0", high="1"), "log_of_zero", "only numbers above 0 have a logarithm"),
        ("l2", entry("log", low="-1", high="1"), "log_of_zero", "from -1 on a log scale"),
        ("learning_rate", entry(values="0.1, abc"), "out_of_range", "'abc' is not a number"),
        ("learning_rate", entry("range", low="", high="1"), "out_of_range", "'' is not a number"),
        ("learning_rate", entry(values="nan"), "out_of_range", "learning_rate is nan"),
        ("batch_size", entry(values="8, 8.5"), "out_of_range", "8.5 is not a whole number"),
        ("batch_size", entry(values="inf"), "out_of_range", "inf is not a whole number"),
        ("batch_size", entry(values="0"), "out_of_range", "batch_size is 0"),
        ("units", entry("range", low="1", high="5000"), "out_of_range", "5000"),
        ("dropout", entry("range", low="0", high="1"), "out_of_range", "below 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_sentence(name, given, kind, words):
    with pytest.raises(SettingsError, match=words) as refused:
        axis(name, given)
    assert refused.value.kind == kind and refused.value.remedy


def test_an_axis_that_another_one_wakes_is_no_mistake_by_itself():
    assert axis("momentum", entry(values="0, 0.9")) == Choice((0.0, 0.9))
    form = new_form(HP) | {"axes": {"momentum": entry(values="0, 0.9")}}
    with pytest.raises(SettingsError, match="optimizer is 'adam'"):
        space_of(form, HP)
    form["axes"]["optimizer"] = entry(values=["sgd", "adam"])
    assert set(space_of(form, HP).axes) == {"momentum", "optimizer"}
    assert conditions(form) == ["Momentum is tried only with sgd."]


def test_a_form_without_axes_says_what_is_missing():
    with pytest.raises(SettingsError, match="no axis"):
        space_of(new_form(HP) | {"axes": {}}, HP)


def test_a_search_needs_a_limit():
    form = new_form(HP) | {"n_iter": None}
    with pytest.raises(SettingsError, match="no limit"):
        space_of(form, HP)
    assert space_of(form | {"seconds": 60.0}, HP).n_iter is None
    with pytest.raises(SettingsError, match="no limit"):
        space_of(form | {"seconds": 60.0, "strategy": "halving"}, HP)


def test_repeated_folds_are_drawn_anew():
    cv = cv_of(new_form(HP) | {"cv": True, "folds": 3, "repeats": 2, "method": "stratified"})
    assert (cv.folds, cv.repeats, cv.method, cv.shuffle) == (3, 2, "stratified", True)
    assert cv_of(new_form(HP)) is None
