"""DatasetSettings: what a person decides about a table before training, as plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tuning_core.data.dataset.feature_selection import checked_kinds, resolve
from tuning_core.data.table import Table
from tuning_core.errors import DatasetError, SettingsError
from tuning_core.experiment import Split
from tuning_core.experiment.hyperparameters import check_known

TRANSFORMS = ("log",)
LATER = ("sample_weight", "target_transform", "part")
"""Settings that are written down only where they are set, so that datasets from before there were any keep their identity."""


@dataclass(frozen=True)
class DatasetSettings:
    """See `Dataset`, whose parameters these are."""

    target: str | int
    features: Sequence[str] | None
    split: Split
    task: str | None
    kinds: Mapping[str, str] | None
    sample_weight: str | int | None
    target_transform: str | None
    part: str | int | None

    def resolved(self, table: Table) -> DatasetSettings:
        """The same with the names that the table has; DatasetError or SettingsError where one is none or has two offices."""
        if self.target_transform not in (None, *TRANSFORMS):
            raise SettingsError(
                f"target_transform is {self.target_transform!r}, which is not one of the choices.",
                kind="unknown_choice",
                remedy="Choose 'log', or None.",
            )
        found = replace(
            self,
            target=resolve(table, self.target),
            features=None if self.features is None else tuple(resolve(table, name) for name in self.features),
            kinds=checked_kinds(table, self.kinds),
            sample_weight=None if self.sample_weight is None else resolve(table, self.sample_weight),
            part=None if self.part is None else resolve(table, self.part),
        )
        found._check_offices()
        return found

    def _check_offices(self) -> None:
        offices = {"the target": self.target, "the weight of a row": self.sample_weight, "the part of a row": self.part}
        held = [(what, name) for what, name in offices.items() if name is not None]
        for at, (what, name) in enumerate(held):
            for other, same in held[at + 1 :]:
                if name == same:
                    raise _twice(str(name), what, other)
            if self.features is not None and name in self.features:
                raise _twice(str(name), what, "a feature", "target_is_feature" if name == self.target else "column_used_twice")

    @property
    def reserved(self) -> dict[str, str]:
        """Columns that are no features because they serve otherwise, with the reason."""
        reasons = {self.sample_weight: "weighs the rows", self.part: "names the part of each row"}
        return {str(name): reason for name, reason in reasons.items() if name is not None}

    def to_json(self) -> dict[str, Any]:
        values: dict[str, Any] = {
            "target": self.target,
            "features": None if self.features is None else list(self.features),
            "split": self.split.to_json(),
            "task": self.task,
            "kinds": dict(self.kinds or {}),
        }
        return values | {name: getattr(self, name) for name in LATER if getattr(self, name) is not None}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> DatasetSettings:
        check_known("Dataset", values, ("target", "features", "split", "task", "kinds", *LATER))
        return cls(
            target=values["target"],
            features=values.get("features"),
            split=Split.from_json(values.get("split") or {}),
            task=values.get("task"),
            kinds=values.get("kinds"),
            **{name: values.get(name) for name in LATER},
        )


def _twice(name: str, what: str, other: str, kind: str = "column_used_twice") -> DatasetError:
    return DatasetError(
        f"{name!r} is both {what} and {other}.", kind=kind, remedy=f"Choose another column for {what} or {other}.", column=name
    )
