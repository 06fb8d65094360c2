"""What the engine does with uploads, setups and questions, here and now: models have their weights, so nothing is trained."""

from __future__ import annotations

from importlib import import_module

from tests.support.datasets import SETUP
from tests.support.paths import INSURANCE
from tuning_core.engine import uploads
from tuning_core.engine.questions.dispatch import KINDS
from tuning_core.errors import UserError
from tuning_core.store import Database, datasets, questions


def read_uploads(db):
    """What the engine would do: read every upload that is queued."""
    while (dataset := datasets.next_queued_dataset(db)) is not None:
        outcome = uploads.read(datasets.folder(db, dataset.id), dataset.name, dataset.options)
        if "error" in outcome:
            datasets.set_refused(db, dataset.id, outcome["error"])
        else:
            datasets.set_ready(db, dataset.id, outcome["profile"])


def store_with_insurance(home) -> Database:
    """A store with the sample insurance, read, and its setup checked."""
    db = Database(home)
    datasets.add_dataset(db, datasets.SAMPLES, "insurance.csv", INSURANCE.read_bytes(), dataset_id="insurance")
    read_uploads(db)
    datasets.request_setup(db, "insurance", SETUP)
    answer_setups(db)
    return db


def answer_setups(db):
    """What the engine would do: check every setup that pages have asked for."""
    for setup in datasets.queued_setups(db):
        datasets.answer_setup(db, setup.id, **uploads.check(datasets.folder(db, setup.dataset_id), setup.spec))


def answer_questions(db) -> list[str]:
    """Answer or refuse all that are open; returns their kinds."""
    kinds = []
    for question in questions.take_questions(db):
        module = import_module(KINDS[question.kind].module)
        kinds.append(question.kind)
        try:
            if KINDS[question.kind].on_worker:
                found = module.work(module.gather(db, question.spec))
                found = module.keep(db, question.spec, found) if KINDS[question.kind].keeps else found
            else:
                found = module.answer(db, question.spec)
            questions.answer_question(db, question.id, found)
        except UserError as problem:
            questions.refuse_question(db, question.id, problem.to_json())
    return kinds


def open_upload(page, db, data, **reading):
    """Put bytes into the page as an upload, and let the engine read them and check the setup."""
    identity = datasets.add_dataset(db, page.session_state["workspace"], "mine.csv", data, reading)
    page.session_state["uploading"] = identity
    read_uploads(db)
    page.run()
    answer_setups(db)
    page.run()
    assert not page.exception
    return identity
