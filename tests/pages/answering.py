"""What the engine does with a page's questions, here and now: models have their weights, so nothing is trained."""

from __future__ import annotations

from importlib import import_module

import numpy as np

from tests.pages.conftest import answer_setups
from tests.pages.recorded import SETUP, recorded_run
from tuning_core.engine.questions.dispatch import KINDS
from tuning_core.errors import UserError
from tuning_core.experiment import Hyperparameters
from tuning_core.store import datasets, questions

LINEAR = Hyperparameters(hidden_units=(), epochs=4)
CLASSES = {"task": "classification", "loss_name": "sparse_categorical_crossentropy", "metric_name": "accuracy"}


def answer_questions(db) -> list[str]:
    """Answer or refuse all that are open; returns their kinds."""
    kinds = []
    for question in questions.take_questions(db):
        module = import_module(KINDS[question.kind].module)
        kinds.append(question.kind)
        try:
            if KINDS[question.kind].on_worker:
                found = module.work(module.gather(db, question.spec))
            else:
                found = module.answer(db, question.spec)
            questions.answer_question(db, question.id, found)
        except UserError as problem:
            questions.refuse_question(db, question.id, problem.to_json())
    return kinds


def trained(db, workspace, setup=SETUP, dataset_id="insurance", outputs=1, **more) -> str:
    """A run whose models are linear, with small weights of the right shapes; its setup has been checked."""
    datasets.request_setup(db, dataset_id, setup)
    answer_setups(db)
    stored = datasets.get_setup(db, datasets.setup_id(dataset_id, setup))
    rng = np.random.default_rng(0)
    shape = (stored.summary["encoded_features"], outputs)
    weights = (rng.normal(0, 0.3, shape).astype("f4"), np.zeros(outputs, "f4"))
    return recorded_run(db, workspace, [LINEAR], setup=setup, dataset_id=dataset_id, weights=weights, **more)
