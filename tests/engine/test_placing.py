"""Which stack goes to which worker: where its program is, and when it pays to wait for one."""

from __future__ import annotations

from tuning_core.engine.runs.placement import Waiting, Worker, place

A, B = "a", "b"


def test_a_stack_goes_where_its_program_is():
    workers = {A: Worker({"tanh"}), B: Worker({"relu"})}
    assert place([Waiting("relu", 1.0)], workers, 1.0, in_order=True) == (0, B)
    assert place([Waiting("elu", 1.0), Waiting("relu", 1.0)], workers, 1.0, in_order=False) == (1, B)
    assert place([Waiting("elu", 1.0)], workers, 1.0, in_order=False) == (0, A)
    assert place([Waiting("elu", 1.0)], {A: Worker((), 3.0)}, 1.0, in_order=True) is None


def test_somebody_who_waits_is_served_in_order_even_if_it_is_compiled_elsewhere():
    workers = {A: Worker(()), B: Worker({"relu"}, 0.5)}
    assert place([Waiting("relu", 0.1), Waiting("tanh", 0.1)], workers, 1.0, in_order=True) == (0, A)


def test_a_light_search_waits_for_a_program_that_is_being_compiled():
    workers = {A: Worker(()), B: Worker({"relu"}, 0.9)}
    assert place([Waiting("relu", 0.1)], workers, 1.0, in_order=False) is None
    assert place([Waiting("relu", 0.1), Waiting("tanh", 0.1)], workers, 1.0, in_order=False) == (1, A)
    assert place([Waiting("relu", 0.6)] * 2, workers, 1.0, in_order=False) == (0, A), "there is enough to train for two"
    assert place([Waiting("relu", 0.1)], {A: Worker(()), B: Worker({"relu"}, 30.0)}, 1.0, in_order=False) == (0, A)
    assert place([Waiting(None, 0.0)], workers, 1.0, in_order=False) == (0, A), "what needs no program waits for none"
