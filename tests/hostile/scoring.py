"""Does a case of a manifest meet its expectation? Reads, configures and prepares each file, and lists what differs."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import tuning_core as tc
from tuning_core.data.dataset.baselines import baselines
from tuning_core.data.profile import profile

SECONDS = 30.0  # of this process's own work: what else the machine does counts for nothing
_ALIKE = {"integer": "numeric", "boolean": "categorical"}


@dataclass
class Outcome:
    """What became of one file."""

    table: Any = None
    dataset: Any = None
    preparation: Any = None
    error: Any = None
    stage: str = ""
    seconds: float = 0.0
    crash: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def notices(self) -> tuple[Any, ...]:
        if self.dataset is not None:
            return self.dataset.notices
        return self.table.notices if self.table is not None else ()

    @property
    def text(self) -> str:
        return " ".join([str(self.error or ""), *(notice.message for notice in self.notices)])


def run(path: Path, upload_name: str, target: Any, task: str | None) -> Outcome:
    """Read, profile, configure, prepare and fit baselines; every exception that is no TableError is a crash."""
    outcome = Outcome()
    begin = time.process_time()
    try:
        outcome.stage = "upload"
        outcome.table = tc.read_table(path, filename=upload_name)
        json.dumps(profile(outcome.table), allow_nan=False)
        if target is not None:
            outcome.stage = "configure"
            outcome.dataset = tc.Dataset(outcome.table, target, task=task)
            json.dumps(outcome.dataset.summary(), allow_nan=False)
            outcome.preparation = outcome.dataset.prepare()
            _baselines(outcome)
    except tc.TableError as error:
        outcome.error = error
    except Exception as error:
        outcome.crash = f"{type(error).__name__}: {error}"
    outcome.seconds = time.process_time() - begin
    return outcome


def _baselines(outcome: Outcome) -> None:
    dataset, preparation = outcome.dataset, outcome.preparation
    found = baselines(dataset, preparation, dataset.rows.train, dataset.rows.validation)
    outcome.facts["linear_acc"] = found.linear_metric
    if dataset.task == "regression" and found.linear_loss is not None and found.dummy_loss:
        outcome.facts["linear_r2"] = 1.0 - found.linear_loss / found.dummy_loss


def score(case: dict[str, Any], folder: Path) -> list[str]:
    """Everything in which the case falls short; empty when it passes."""
    expect = case["expect"]
    outcome = run(folder / case["file"], case["upload_name"], case["target"], case["task"])
    if outcome.crash:
        return [f"crash: {outcome.crash}"]
    short = [] if outcome.seconds <= SECONDS or case.get("big") else [f"took {outcome.seconds:.0f} s"]
    if outcome.error is not None:
        return short + _refusal(outcome, expect, folder)
    if expect["action"] == "refuse":
        return [*short, f"accepted, though {expect.get('error')} is due"]
    return short + _facts(outcome, expect) + _said(outcome, expect) + _arrays(outcome, expect)


def _refusal(outcome: Outcome, expect: dict[str, Any], folder: Path) -> list[str]:
    error, short = outcome.error, []
    if expect["action"] in ("accept", "accept_with_notice"):
        return [f"refused: {error.kind}: {error}"]
    if error.kind not in (expect.get("error") or "").split("|"):
        short.append(f"error is {error.kind}, not {expect.get('error')}: {error}")
    if outcome.stage != expect.get("stage", "upload"):
        short.append(f"refused at {outcome.stage}")
    if not error.message.strip() or not error.remedy.strip():
        short.append("no sentence or no remedy")
    if str(folder) in str(error) or "Traceback" in str(error):
        short.append(f"says something internal: {error}")
    return short + (_numbers_said(outcome, expect) if expect["action"] == "refuse" else [])


def _facts(outcome: Outcome, expect: dict[str, Any]) -> list[str]:
    table, short = outcome.table, []
    checks = {"rows": len(table.frame), "cols": table.frame.shape[1], "columns": list(table.frame.columns)}
    for name, found in checks.items():
        if name in expect and expect[name] != found:
            short.append(f"{name}: {found} instead of {expect[name]}")
    kinds = {column.name: column.kind for column in table.columns}
    for name, kind in expect.get("dtypes", {}).items():
        found = kinds.get(name, "no such column")
        if _ALIKE.get(found, found) != _ALIKE.get(kind, kind):
            short.append(f"{name} is {found}, not {kind}")
    missing = {column.name: column.missing for column in table.columns}
    for name, count in expect.get("missing", {}).items():
        if missing.get(name) != count:
            short.append(f"{name} has {missing.get(name)} missing, not {count}")
    for name, allowed in expect.get("kind_in", {}).items():
        if kinds.get(name) not in allowed:
            short.append(f"{name} is {kinds.get(name)}, none of {allowed}")
    distinct = {column.name: column.distinct for column in table.columns}
    for name, count in expect.get("distinct", {}).items():
        if distinct.get(name) != count:
            short.append(f"{name} has {distinct.get(name)} different values, not {count}")
    short += _ranges(table.frame, expect)
    if expect.get("encoding", table.reading["encoding"]) != table.reading["encoding"]:
        short.append(f"read as {table.reading['encoding']}, not {expect['encoding']}")
    for row, name, value in expect.get("values", []):
        if not _same(table.frame[name].iloc[row], value):
            short.append(f"row {row} of {name} is {table.frame[name].iloc[row]!r}, not {value!r}")
    return short + _target_facts(outcome, expect)


def _ranges(frame: Any, expect: dict[str, Any]) -> list[str]:
    """Columns that reach beyond what they may."""
    short = []
    for name, bound in expect.get("low", {}).items():
        if frame[name].min() < type(frame[name].min())(bound):
            short.append(f"{name} reaches down to {frame[name].min()}")
    for name, bound in expect.get("high", {}).items():
        if frame[name].max() > type(frame[name].max())(bound):
            short.append(f"{name} reaches up to {frame[name].max()}")
    return short


def _same(found: Any, value: Any) -> bool:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return bool(np.isclose(float(found), value, rtol=1e-9, atol=0))
        except (TypeError, ValueError):
            return False
    return bool(str(found) == str(value)) or (value is None and bool(found != found))


def _target_facts(outcome: Outcome, expect: dict[str, Any]) -> list[str]:
    dataset, short = outcome.dataset, []
    if dataset is None:
        return []
    classes = expect.get("classes", expect.get("classes_after_folding"))
    if classes is not None and len(dataset.classes) != classes:
        short.append(f"{len(dataset.classes)} classes, not {classes}")
    if "rows_used" in expect and len(dataset.frame) != expect["rows_used"]:
        short.append(f"{len(dataset.frame)} rows used, not {expect['rows_used']}")
    for fact, name in (("linear_r2", "linear_r2_min"), ("linear_acc", "linear_acc_min")):
        if name in expect and not (outcome.facts.get(fact) or 0.0) >= expect[name] - 0.05:
            short.append(f"{fact} is {outcome.facts.get(fact)}, not {expect[name]}")
    return short


def _said(outcome: Outcome, expect: dict[str, Any]) -> list[str]:
    kinds = {notice.kind for notice in outcome.notices}
    short = [f"no notice {kind}" for kind in expect.get("notices", []) if kind not in kinds]
    short += [f"notice {kind} is not due" for kind in expect.get("not_said", []) if kind in kinds]
    if any(not notice.message.strip() for notice in outcome.notices):
        short.append("a notice without words")
    return short + _numbers_said(outcome, expect)


def _numbers_said(outcome: Outcome, expect: dict[str, Any]) -> list[str]:
    """Numbers that the text must contain ('line 51', '18 rows dropped')."""
    text = outcome.text.replace(",", "")
    wanted = {number for phrase in expect.get("say", []) for number in re.findall(r"\b\d+\b", phrase)}
    phrases = [f"does not say {phrase!r}" for phrase in expect.get("said", []) if phrase not in outcome.text]
    return phrases + [f"does not say {number}" for number in sorted(wanted) if not re.search(rf"\b{number}\b", text)]


def _arrays(outcome: Outcome, expect: dict[str, Any]) -> list[str]:
    if outcome.preparation is None:
        return []
    names, rows = outcome.preparation.feature_names, outcome.dataset.rows
    short = [] if len(set(names)) == len(names) else ["encoded feature names repeat"]
    X = outcome.preparation.transform(outcome.dataset.frame, rows.train)
    y = outcome.preparation.transform_target(outcome.dataset.target_values[rows.train])
    if not (np.isfinite(X).all() and np.isfinite(y).all()):
        short.append("arrays are not finite")
    if X.shape != (len(rows.train), len(names)) or X.dtype != np.float32:
        short.append(f"X is {X.shape} {X.dtype}")
    return short
