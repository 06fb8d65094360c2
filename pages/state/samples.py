"""The sample tables: in the store from the first start, each with a target that makes sense."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from tuning_core.store import Database, datasets

FOLDER = Path(__file__).resolve().parents[2] / "sample_data"


@dataclass(frozen=True)
class Sample:
    id: str
    file: str
    target: str
    blurb: str


SAMPLES = (
    Sample(
        "insurance", "insurance.csv", "charges",
        "Medical costs of 1,338 people in the US, in dollars, as billed to their health insurance. They are predicted from age, "
        "sex, body mass index, children, smoker and region.",
    ),
    Sample(
        "penguins", "penguins.csv", "species",
        "344 penguins on three islands of Antarctica; some values are missing. Predicted is which of three species one is.",
    ),
    Sample(
        "breast_cancer", "breast_cancer.csv", "diagnosis",
        "569 breast tumours, described by 30 measures of the nuclei of their cells. Predicted is whether one is benign or "
        "malignant.",
    ),
    Sample(
        "moons", "moons.csv", "moon",
        "A toy: points of two half-moons that reach into each other. Predicted is which moon a point is of, so one sees how far "
        "a model can bend.",
    ),
)  # fmt: skip


def add_samples(db: Database) -> None:
    """Put the samples into the store, again where a file has changed."""
    for sample in SAMPLES:
        data = (FOLDER / sample.file).read_bytes()
        there = datasets.get_dataset(db, sample.id)
        if there is not None and there.sha256 == hashlib.sha256(data).hexdigest() and there.status != "refused":
            continue
        if there is not None:
            datasets.delete_dataset(db, sample.id)
        datasets.add_dataset(db, datasets.SAMPLES, sample.file, data, dataset_id=sample.id)


def sample_target(dataset_id: str) -> str | None:
    """The target that a sample is meant for."""
    return next((sample.target for sample in SAMPLES if sample.id == dataset_id), None)
