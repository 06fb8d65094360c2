"""Errors meant for a person: every one says what is wrong and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class UserError(Exception):
    """Something the user can mend.

    Parameters
    ----------
    message : str
        One plain sentence that names the value and the rule it breaks.
    kind : str
        A stable word for programs ("constant_target", "out_of_range", ...).
    remedy : str
        What to do next, as a sentence.
    """

    def __init__(self, message: str, *, kind: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.kind = kind
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()

    def to_json(self) -> dict[str, Any]:
        """Plain values, to be kept or shown elsewhere: {"kind", "message", "remedy"}, of a table also {"line", "column"}."""
        return {"kind": self.kind, "message": self.message, "remedy": self.remedy}

    def __reduce__(self):  # keyword arguments survive the way between processes
        return _rebuild, (type(self), self.message, dict(self.__dict__))


def _rebuild(cls: type[UserError], message: str, state: dict) -> UserError:
    error = cls.__new__(cls, message)
    error.args = (message,)
    error.__dict__.update(state)
    return error


class TableError(UserError):
    """A table that cannot be read; carries the line (1-based) and the column where there is one."""

    def __init__(
        self,
        message: str,
        *,
        kind: str,
        remedy: str = "",
        line: int | None = None,
        column: str | int | None = None,
    ) -> None:
        super().__init__(message, kind=kind, remedy=remedy)
        self.line = line
        self.column = column

    def to_json(self) -> dict[str, Any]:
        return {**super().to_json(), "line": self.line, "column": self.column}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> TableError:
        """Read what `to_json` of any error wrote."""
        given = {name: values.get(name) for name in ("line", "column")}
        return cls(values["message"], kind=values["kind"], remedy=values["remedy"], **given)


class DatasetError(TableError):
    """A table that reads well but cannot be trained on as configured (target, features, split)."""


class SettingsError(UserError):
    """A hyperparameter, split or search setting outside its rules."""
