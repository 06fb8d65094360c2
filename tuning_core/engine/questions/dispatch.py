"""Answers to what pages ask: which function answers which kind of question, and where it runs.

A module that answers has `answer(db, spec)`, run in a thread of the engine (scikit-learn is allowed, TensorFlow is not), or
for kinds that need Keras or much work `gather(db, spec)`, run in the engine, and `work(gathered)`, run on a worker that does
not see the store; a kind that tells how far it is has `work(gathered, watch)`, see `Watch`. What is to be written into the store
is written by `keep(db, spec, worked_out)`, in the engine again. The last of them gives plain JSON or a `File`; a UserError that
they raise is shown to the person who asked.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from tuning_core.engine.questions.watch import Watch
from tuning_core.errors import UserError
from tuning_core.store import Database, questions
from tuning_core.store.questions import Question

Submit = Callable[..., Awaitable[Any]]
"""Has a worker call a function with the arguments that follow, and gives what it gives."""

log = logging.getLogger("tunescope.engine")


@dataclass(frozen=True)
class Kind:
    """Where a kind of question is answered."""

    module: str
    on_worker: bool = False
    keeps: bool = False  # has `keep`
    watched: bool = False  # its `work` tells how far it is, and can be stopped
    about_workers: bool = False  # its `answer` is told what every worker has compiled


KINDS: dict[str, Kind] = {
    "class_exam": Kind("tuning_core.engine.questions.class_exam", on_worker=True, keeps=True),
    "exam": Kind("tuning_core.engine.questions.exam", on_worker=True),
    "export": Kind("tuning_core.engine.questions.export", on_worker=True),
    "model": Kind("tuning_core.engine.questions.model", on_worker=True),
    "noise_scale": Kind("tuning_core.engine.questions.noise_scale", on_worker=True),
    "estimate": Kind("tuning_core.engine.questions.estimate", about_workers=True),
    "run_file": Kind("tuning_core.engine.questions.run_file", on_worker=True, keeps=True),
    "insides": Kind("tuning_core.engine.questions.insides", on_worker=True, watched=True),
    "landscape": Kind("tuning_core.engine.questions.landscape", on_worker=True, watched=True),
    "search_analysis": Kind("tuning_core.engine.questions.search_analysis"),
}


async def answer(db: Database, submit: Submit, question: Question, compiled: Sequence[Collection[Any]]) -> None:
    """Work out one question and write down the answer or the refusal; `compiled` are the stack keys of every worker."""
    try:
        questions.answer_question(db, question.id, await _work_out(db, submit, question, compiled))
    except UserError as problem:
        questions.refuse_question(db, question.id, problem.to_json())
    except Exception as problem:
        log.exception("a question of kind %s failed", question.kind)
        message = f"The engine could not work this out ({type(problem).__name__})."
        remedy = "Try again; server.log in the store's folder says where."
        questions.refuse_question(db, question.id, {"kind": "internal", "message": message, "remedy": remedy})


async def _work_out(db: Database, submit: Submit, question: Question, compiled: Sequence[Collection[Any]]) -> Any:
    kind = KINDS.get(question.kind)
    if kind is None:
        raise UserError(
            f"The engine knows no question of the kind {question.kind!r}.",
            kind="unknown_choice",
            remedy="Restart the server: page and engine are of different versions.",
        )
    module = await asyncio.to_thread(import_module, kind.module)
    if kind.about_workers:
        return await asyncio.to_thread(module.answer, db, question.spec, [set(keys) for keys in compiled])
    if not kind.on_worker:
        return await asyncio.to_thread(module.answer, db, question.spec)
    gathered = await asyncio.to_thread(module.gather, db, question.spec)
    watch = [Watch(questions.work_folder(db, question.id))] if kind.watched else []
    worked_out = await submit(module.work, gathered, *watch)
    return await asyncio.to_thread(module.keep, db, question.spec, worked_out) if kind.keeps else worked_out
