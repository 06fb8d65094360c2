"""ReadOptions: what a person overrides when the reader guessed wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from tuning_core.errors import SettingsError
from tuning_core.experiment.hyperparameters import check_known


@dataclass(frozen=True)
class ReadOptions:
    """Overrides for reading; None means: find out.

    Parameters
    ----------
    encoding : str or None
        A Python codec name ("cp1252", "shift_jis", ...).
    delimiter : str or None
        One character, "whitespace" for runs of blanks and tabs, or "wide blanks" for two blanks and more.
    decimal, thousands : str or None
        "." or ","; thousands also " ", "'" or "" for none.
    header : bool or None
        Whether the first line holds the names.
    names : tuple of str
        Names of all columns, in their order, of a file whose first line is a row like the others.
    missing : tuple of str
        Further cells that mean "no value", such as "-999".
    missing_in : mapping of str to tuple of str
        The same for single columns: {"pressure": ("0",)}.
    keep : tuple of str
        Cells that are values although they look like missing markers, such as "NA".
    as_text : tuple of str
        Columns whose cells are taken as they stand.
    day_first : bool or None
        Whether 03/04/2024 is the third of April.
    fold_variants : bool
        Whether labels that differ only in case or blanks become one.
    """

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    header: bool | None = None
    names: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    missing_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keep: tuple[str, ...] = ()
    as_text: tuple[str, ...] = ()
    day_first: bool | None = None
    fold_variants: bool = True

    def __post_init__(self) -> None:
        put = object.__setattr__
        for name in ("names", "missing", "keep", "as_text"):
            put(self, name, _words(getattr(self, name)))
        put(self, "missing_in", {str(name): _words(marks) for name, marks in dict(self.missing_in).items()})
        if self.names and self.header is None:
            put(self, "header", False)
        if self.names and self.header:
            raise _bad("header", self.header, "names are given, so the first line cannot hold them as well")
        if self.decimal not in (None, ".", ","):
            raise _bad("decimal", self.decimal, "it is '.' or ','")
        if self.thousands not in (None, "", ".", ",", " ", "'"):
            raise _bad("thousands", self.thousands, "it is '.', ',', ' ', \"'\" or '' for none")
        if self.decimal is not None and self.decimal == self.thousands:
            raise _bad("thousands", self.thousands, "it must differ from the decimal sign")
        if self.delimiter is not None and self.delimiter not in ("whitespace", "wide blanks") and len(self.delimiter) != 1:
            raise _bad("delimiter", self.delimiter, "it is one character, 'whitespace' or 'wide blanks'")
        if self.delimiter in ("\n", "\r", '"'):
            raise _bad("delimiter", self.delimiter, "line ends and the quote cannot separate fields")
        if self.encoding is not None:
            _check_codec(self.encoding)

    def markers_of(self, column: str) -> tuple[str, ...]:
        """Cells of this column that mean "no value" by the person's word."""
        return (*self.missing, *self.missing_in.get(column, ()))

    def to_json(self) -> dict[str, Any]:
        """What came later is written only where it is set, so that readings from before keep their identity."""
        values = json.loads(json.dumps(asdict(self)))
        return values if self.names else {name: value for name, value in values.items() if name != "names"}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> ReadOptions:
        check_known("Reading", values, tuple(f.name for f in fields(cls)))
        return cls(**values)


def _words(values: object) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(str(value) for value in values)  # type: ignore[attr-defined]


def _bad(name: str, value: object, rule: str) -> SettingsError:
    return SettingsError(f"{name} is {value!r}, but {rule}.", kind="unknown_choice", remedy="Choose another, or leave it open.")


def _check_codec(name: str) -> None:
    import codecs

    try:
        known = codecs.lookup(name)._is_text_encoding
    except (LookupError, ValueError):
        known = False
    if not known:
        raise SettingsError(
            f"encoding is {name!r}, which is not a known text encoding.",
            kind="unknown_choice",
            remedy="Try 'utf-8', 'cp1252' or 'utf-16'.",
        )
