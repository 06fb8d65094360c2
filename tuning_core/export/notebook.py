"""A notebook that tells the story of a trial: each step of the script with its reason, and plots."""

from __future__ import annotations

import json
from typing import Any

from tuning_core.charts.style import LIGHT
from tuning_core.experiment import Trial
from tuning_core.export.code import model
from tuning_core.export.code.text import Section
from tuning_core.export.script import header, sections


def export_notebook(trial: Trial, *, source: bytes | None = None) -> str:
    """The text of an .ipynb file (nbformat 4.5) that trains this trial with Keras and draws what happens.

    Parameters
    ----------
    source : see `export_script`.
    """
    parts = list(sections(trial, source))
    places = {part.title: at for at, part in enumerate(parts)}
    parts.insert(places["Evaluate"] + 1, _curves(trial))
    if not trial.refitted:
        parts.insert(places["Evaluate"] + 2, _validation(trial))
    imports = header(trial, tuple(parts)).replace("import sys\n", "")
    docstring, _, imports = imports.partition('"""\n\n')
    cells = [
        _words("# One training, from the file to the exam"),
        _words("```text\n" + docstring.lstrip('"') + "```"),
        _code(imports + "\nimport plotly.express as px"),
    ]
    for part in parts:
        code = part.code.replace("sys.argv[1] if len(sys.argv) > 1 else ", "")
        cells += [_words(f"## {part.title}\n\n{part.why}"), _code(code)]
    facts = {
        "cells": [{"id": f"cell-{at}", **cell} for at, cell in enumerate(cells)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(facts, indent=1)


def _words(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(text: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": text.strip("\n").splitlines(keepends=True),
    }


def _curves(trial: Trial) -> Section:
    loss = model.watched(trial)
    shown = [loss] if trial.refitted else [loss, f"val_{loss}"]
    colours = json.dumps([LIGHT.training, LIGHT.validation])
    code = f"""names = {{"{loss}": "training", "val_{loss}": "validation"}}
curves = pd.DataFrame(history)[{json.dumps(shown)}].rename(columns=names)
curves.index = curves.index + 1
px.line(curves, labels={{"index": "epoch", "value": "loss", "variable": ""}}, color_discrete_sequence={colours})"""
    why = (
        "Training falls as long as the net learns these rows; where validation turns, it learns them by heart. (Keras measures "
        "the training loss while the weights still move, so it may start above the validation loss.)"
    )
    return Section("Learning curves", why, code)


def _validation(trial: Trial) -> Section:
    """What the kept weights say of the validation rows."""
    if trial.preparation.task == "regression":
        code = f"""predicted = {model.in_own_units(trial, "validation")}
names = {{"x": "predicted", "y": "actual"}}
px.scatter(x=predicted, y=y[validation], labels=names, color_discrete_sequence=["{LIGHT.validation}"])"""
        return Section(
            "Predicted and actual", "Points on the diagonal are right; a bend says what the net has not understood.", code
        )
    n_classes = len(trial.preparation.classes)
    guess = "(shares[:, 0] > 0.5).astype(int)" if n_classes == 2 else "shares.argmax(axis=1)"
    code = f"""shares = model.predict(X[validation], verbose=0)
guess = {guess}
confused = np.bincount(y[validation] * len(CLASSES) + guess, minlength=len(CLASSES) ** 2).reshape(len(CLASSES), -1)
px.imshow(confused, x=CLASSES, y=CLASSES, labels={{"x": "predicted", "y": "actual"}}, text_auto=True)"""
    return Section("Confusion", "Off the diagonal are the mistakes: which classes are taken for which.", code)
