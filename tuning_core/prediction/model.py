"""Model: what is needed to predict, and nothing else; a few arrays and plain words, without Keras and without pickle."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from tuning_core.data import Preparation
from tuning_core.experiment import Trial
from tuning_core.prediction.fields import Field, fields_of
from tuning_core.training.scoring import forward, probabilities
from tuning_core.training.train_session import with_weights

BACKGROUND = 200  # training rows that are kept for partial effects


@dataclass(frozen=True, eq=False)
class Model:
    """A trained network with the preparation of its input.

    Attributes
    ----------
    preparation : raw rows to features; has the task, the classes and the scale of the target.
    weights : kernel (in, out) and bias (out,) of each layer in turn.
    activation : of the hidden layers.
    target : name of the predicted column.
    fields : the raw columns it asks for.
    header : whether the file that it was trained on named its columns.
    background : up to 200 of its training rows, raw, the columns of `fields` only.
    """

    preparation: Preparation
    weights: tuple[np.ndarray, ...]
    activation: str
    target: str
    fields: tuple[Field, ...]
    header: bool
    background: pd.DataFrame

    @property
    def task(self) -> str:
        return self.preparation.task

    @property
    def classes(self) -> tuple[str, ...]:
        return self.preparation.classes

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(field.column for field in self.fields)

    def predict(self, frame: pd.DataFrame) -> np.ndarray:
        """(rows,) in the target's own units, or shares (rows, classes), of raw rows typed as the training rows were."""
        outputs = forward(self.weights, self.preparation.transform(frame), self.activation)
        if self.task == "classification":
            return probabilities(outputs)
        return self.preparation.inverse_transform_target(outputs[:, 0])

    @classmethod
    def from_trial(cls, trial: Trial) -> Model:
        """The model of a trial; its weights are trained again when they were not kept."""
        trial.check_model()
        trial = with_weights(trial)
        dataset, preparation = trial.dataset, trial.preparation
        rows = dataset.rows.train
        if trial.refitted:
            rows = np.concatenate([rows, dataset.rows.validation])
        some = np.sort(np.random.default_rng(0).permutation(rows)[:BACKGROUND])
        return cls(
            preparation=Preparation.from_json(preparation.to_json()),
            weights=trial.weights,
            activation=trial.hyperparameters.activation,
            target=dataset.target,
            fields=fields_of(dataset, preparation, rows),
            header=bool(dataset.table.reading.get("header", True)),
            background=dataset.frame[list(preparation.columns)].iloc[some].reset_index(drop=True),
        )

    def to_bytes(self) -> bytes:
        """A zip file of JSON, NumPy arrays and Parquet."""
        arrays, rows, packed = io.BytesIO(), io.BytesIO(), io.BytesIO()
        named: dict[str, Any] = {f"w{i}": array for i, array in enumerate(self.weights)}
        np.savez(arrays, **named)
        self.background.to_parquet(rows, index=False)
        facts = {
            "version": 1,
            "preparation": self.preparation.to_json(),
            "activation": self.activation,
            "target": self.target,
            "fields": [field.to_json() for field in self.fields],
            "header": self.header,
        }
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("model.json", json.dumps(facts))
            archive.writestr("weights.npz", arrays.getvalue())
            archive.writestr("background.parquet", rows.getvalue())
        return packed.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Model:
        """Read what `to_bytes` wrote."""
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            facts = json.loads(archive.read("model.json"))
            with np.load(io.BytesIO(archive.read("weights.npz")), allow_pickle=False) as arrays:
                weights = tuple(arrays[f"w{i}"] for i in range(len(arrays.files)))
            background = pd.read_parquet(io.BytesIO(archive.read("background.parquet")))
        return cls(
            preparation=Preparation.from_json(facts["preparation"]),
            weights=weights,
            activation=facts["activation"],
            target=facts["target"],
            fields=tuple(Field.from_json(values) for values in facts["fields"]),
            header=facts["header"],
            background=background,
        )
