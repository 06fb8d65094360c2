"""A bundle: the Keras model, the preparation as JSON, where they come from, and a page of Python that predicts with them."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from tuning_core.exam import ExamReport
from tuning_core.experiment import Trial
from tuning_core.export.provenance import provenance
from tuning_core.training.train_session import with_weights

PREDICT = Path(__file__).with_name("predict.py.txt")


def export_bundle(trial: Trial, exam: ExamReport | None = None) -> bytes:
    """A zip file with model.keras, preparation.json, provenance.json, README.md and predict.py; nothing in it is pickled."""
    from tuning_core.training.layers import keras_file  # TensorFlow

    trial.check_model()
    trial = with_weights(trial)
    preparation = {**trial.preparation.to_json(), "target": trial.dataset.target}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.keras", keras_file(trial))
        archive.writestr("preparation.json", json.dumps(preparation, indent=1))
        archive.writestr("provenance.json", json.dumps(provenance(trial), indent=1))
        archive.writestr("README.md", _readme(trial, exam))
        archive.writestr("predict.py", PREDICT.read_text(encoding="utf-8"))
    return packed.getvalue()


def _readme(trial: Trial, exam: ExamReport | None) -> str:
    """Words of the table stand in a JSON block only, where Markdown does not read them."""
    facts = {
        "predicts": trial.dataset.target,
        "from": list(trial.preparation.columns),
        "classes": list(trial.preparation.classes),
        **provenance(trial),
    }
    judged = "Not examined on test rows: expect somewhat worse than the validation score." if exam is None else _exam_words(exam)
    block = json.dumps(facts, indent=1).replace("`", "\\u0060")  # no word of the table ends the block
    return (
        "# A model trained with Tunescope\n\n"
        "- `model.keras`: the network; its input are the prepared features, its output the prediction in the target's own\n"
        "  units, or probabilities.\n"
        "- `preparation.json`: how raw columns become features (medians, means, scales, levels), fitted on training rows.\n"
        "- `predict.py`: `python predict.py rows.csv predictions.csv`.\n\n"
        f"{judged}\n\nWhere it comes from:\n\n```json\n{block}\n```\n"
    )


def _exam_words(exam: ExamReport) -> str:
    said = ", ".join(f"{name} {e.value:.4g} (95 % interval {e.low:.4g} to {e.high:.4g})" for name, e in exam.scores.items())
    return f"On {exam.n_rows:,} test rows: {said}. The {exam.stamp}; chosen from {exam.tried:,} configurations."
