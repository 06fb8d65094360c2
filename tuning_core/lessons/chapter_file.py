"""Chapter files: TOML in, a checked `Chapter` out, or an error that names the file, the field and the rule."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tuning_core.errors import UserError
from tuning_core.experiment import CrossValidation, Hyperparameters, SearchSpace
from tuning_core.experiment.axis_parsing import axis_from_json
from tuning_core.experiment.typed_values import MOST_BESIDE
from tuning_core.lessons.chapter import (
    INSIDES,
    MEASURES,
    RELATIONS,
    SEARCH_MEASURES,
    TASKS,
    Chapter,
    Claim,
    Drawing,
    Option,
    Panel,
    Prediction,
    Question,
    SearchPlan,
    Sight,
)
from tuning_core.lessons.quiz_tables import QUIZ_TABLES
from tuning_core.lessons.terms import glossary

SAMPLES = tuple(table.id for table in QUIZ_TABLES.values() if table.file)
FIELDS = {
    "": "title order text sample features needs seeds terms preset panel search prediction drawing sight claim question",
    "search": "strategy n_iter folds seed axes",
    "prediction": "question answer",
    "drawing": "question panel part",
    "sight": "panel text finding insides",
    "claim": "text left right relation value factor share needs",
    "question": "text option",
    "option": "text right why",
}


class LessonError(UserError):
    """A chapter file that breaks a rule; `.file` is its name."""

    def __init__(self, file: str, field: str, rule: str, remedy: str) -> None:
        super().__init__(f"Chapter file {file}, field {field!r}: {rule}.", kind="bad_chapter", remedy=remedy)
        self.file = file
        self.field = field


def read_chapter(path: Path | str) -> Chapter:
    """The chapter in a file; LessonError where it breaks a rule."""
    path = Path(path)
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise LessonError(path.name, "(whole file)", f"it is not TOML: {problem}", "Mend the line that it names.") from problem
    return _Reader(path.name).chapter(path.stem, values)


class _Reader:
    """Reads one file; knows its name for the errors."""

    def __init__(self, file: str) -> None:
        self.file = file

    def chapter(self, name: str, values: Mapping[str, Any]) -> Chapter:
        self._known("", values)
        preset = self._hyperparameters("preset", Hyperparameters(), self._table("preset", values))
        panels = tuple(self._panel(preset, i, item) for i, item in enumerate(self._tables("panel", values)))
        search = self._search(preset, self._table("search", values)) if "search" in values else None
        titles = [panel.title for panel in panels]
        if len(panels) > MOST_BESIDE or len(set(titles)) != len(titles):
            raise self._wrong(
                "panel", f"there may be up to {MOST_BESIDE} panels, each with a title of its own", "Change the titles."
            )
        if panels and search:
            raise self._wrong("search", "a chapter has panels or a search, not both", "Write two chapters.")
        if not panels and not search:
            raise self._wrong("panel", "a chapter trains something, so that its claims can be checked", "Write [[panel]].")
        return Chapter(
            name=name,
            order=self._of(int, "order", values),
            title=self._of(str, "title", values),
            text=self._of(str, "text", values).strip(),
            sample=self._one_of("sample", values.get("sample"), SAMPLES),
            features=tuple(self._texts("features", values)),
            needs=self._one_of("needs", values.get("needs", "any"), TASKS),
            seeds=tuple(self._whole("seeds", seed) for seed in self._list("seeds", values)) or (0, 1, 2),
            terms=tuple(self._one_of("terms", name, tuple(glossary())) for name in self._texts("terms", values)),
            panels=panels,
            search=search,
            prediction=self._prediction(titles, self._table("prediction", values)) if "prediction" in values else None,
            drawing=self._drawing(titles, self._table("drawing", values)) if "drawing" in values else None,
            sights=tuple(self._sight(titles, item) for item in self._tables("sight", values)),
            claims=tuple(self._claim(titles, search is not None, item) for item in self._tables("claim", values)),
            question=self._question(self._of(dict, "question", values)),
        )

    # ---- parts ------------------------------------------------------------------------------------------------------

    def _panel(self, preset: Hyperparameters, place: int, item: Mapping[str, Any]) -> Panel:
        field = f"panel {place + 1}"
        changes = {name: value for name, value in item.items() if name != "title"}
        return Panel(self._of(str, "title", item, field), self._hyperparameters(field, preset, changes))

    def _hyperparameters(self, field: str, base: Hyperparameters, changes: Mapping[str, Any]) -> Hyperparameters:
        """The base with changes; `early_stopping = false` switches it off, since TOML has no empty value."""
        changes = {name: None if value is False and name == "early_stopping" else value for name, value in changes.items()}
        try:
            return base.replace(**changes)
        except UserError as problem:
            raise self._wrong(field, problem.message.rstrip("."), problem.remedy) from problem

    def _search(self, preset: Hyperparameters, item: Mapping[str, Any]) -> SearchPlan:
        self._known("search", item)
        try:
            axes = {name: axis_from_json(value) if isinstance(value, dict) else value for name, value in item["axes"].items()}
            space = SearchSpace(axes, preset, item.get("strategy", "grid"), item.get("n_iter"), item.get("seed", 0))
            return SearchPlan(space, CrossValidation(item["folds"]) if "folds" in item else None)
        except UserError as problem:
            raise self._wrong("search", problem.message.rstrip("."), problem.remedy) from problem
        except (AttributeError, KeyError, TypeError, ValueError) as problem:
            raise self._wrong(
                "search.axes", f"it does not describe axes ({problem})", "Write batch_size = [10, 40]."
            ) from problem

    def _prediction(self, titles: list[str], item: Mapping[str, Any]) -> Prediction:
        self._known("prediction", item)
        answer = self._of(str, "answer", item, "prediction")
        return Prediction(self._of(str, "question", item, "prediction"), self._one_of("prediction.answer", answer, tuple(titles)))

    def _drawing(self, titles: list[str], item: Mapping[str, Any]) -> Drawing:
        self._known("drawing", item)
        panel = self._one_of("drawing.panel", item.get("panel", ""), tuple(titles))
        part = self._one_of("drawing.part", item.get("part", ""), ("training", "validation"))
        return Drawing(self._of(str, "question", item, "drawing"), panel, part)

    def _sight(self, titles: list[str], item: Mapping[str, Any]) -> Sight:
        self._known("sight", item)
        panel = self._one_of("sight.panel", item.get("panel", ""), (*titles, ""))
        insides = self._one_of("sight.insides", item["insides"], INSIDES) if "insides" in item else ""
        if insides and not panel:
            raise self._wrong("sight.insides", "only one panel's network can be looked into", "Name its panel.")
        return Sight(panel, self._of(str, "text", item, "sight"), item.get("finding", ""), insides)

    def _claim(self, titles: list[str], searches: bool, item: Mapping[str, Any]) -> Claim:
        self._known("claim", item)
        sides = {}
        for side in ("left", "right"):
            pair = item.get(side)
            if side == "right" and pair is None:
                continue
            if not isinstance(pair, list) or len(pair) != 2:
                raise self._wrong(f"claim.{side}", "it must be a panel and a measure", 'Write left = ["0.01", "val_last"].')
            places, measures = (("search",), SEARCH_MEASURES) if searches else (tuple(titles), MEASURES)
            panel = self._one_of(f"claim.{side}", pair[0], places)
            sides[side] = (panel, self._one_of(f"claim.{side}", pair[1], measures))
        if ("right" in sides) == ("value" in item):
            raise self._wrong("claim.right", "a claim compares with a measure or with a value, one of them", "Give one of both.")
        needs = self._one_of("claim.needs", item.get("needs", "any"), TASKS)
        if needs in ("any", "regression") and any(measure.startswith("rare_") for _, measure in sides.values()):
            raise self._wrong("claim.needs", f"only classes can be rare, but it is {needs!r}", 'Write needs = "classification".')
        return Claim(
            text=self._of(str, "text", item, "claim"),
            left=sides["left"],
            right=sides.get("right"),
            relation=self._one_of("claim.relation", item.get("relation", ""), RELATIONS),
            value=self._number("claim.value", item.get("value", 0.0)),
            factor=self._number("claim.factor", item.get("factor", 1.0)),
            share=self._number("claim.share", item.get("share", 0.8)),
            needs=needs,
        )

    def _question(self, item: Mapping[str, Any]) -> Question:
        self._known("question", item)
        options = []
        for option in self._tables("option", item):
            self._known("option", option)
            right = self._of(bool, "right", option, "question.option")
            options.append(
                Option(self._of(str, "text", option, "question.option"), right, self._of(str, "why", option, "question.option"))
            )
        if len(options) < 2 or sum(option.right for option in options) != 1:
            raise self._wrong("question.option", "there must be at least two options, and exactly one is right", "Add one.")
        return Question(self._of(str, "text", item, "question"), tuple(options))

    # ---- rules ------------------------------------------------------------------------------------------------------

    def _known(self, table: str, values: Mapping[str, Any]) -> None:
        known = FIELDS[table].split()
        for name in values:
            if name not in known:
                full = f"{table}.{name}" if table else name
                raise self._wrong(full, "there is no such field", f"The fields here are {', '.join(known)}.")

    def _tables(self, name: str, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        found = values.get(name, [])
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            raise self._wrong(name, "it must be a list of tables", f"Write [[{name}]] above each.")
        return found

    def _table(self, name: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
        found = values.get(name, {})
        if not isinstance(found, dict):
            raise self._wrong(name, f"it must be a table, but it is {found!r}", f"Write [{name}] above its fields.")
        return found

    def _list(self, name: str, values: Mapping[str, Any]) -> list[Any]:
        found = values.get(name, [])
        if not isinstance(found, list):
            raise self._wrong(name, f"it must be a list, but it is {found!r}", f"Write {name} = [...].")
        return found

    def _texts(self, name: str, values: Mapping[str, Any]) -> list[str]:
        found = self._list(name, values)
        if not all(isinstance(text, str) for text in found):
            raise self._wrong(name, f"it must be a list of texts, but it is {found!r}", "Put each in quotation marks.")
        return found

    def _number(self, field: str, value: Any) -> float:
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
            raise self._wrong(field, f"it must be a number, but it is {value!r}", "Give a number, such as 0.5.")
        return float(value)

    def _of(self, kind: type, name: str, values: Mapping[str, Any], table: str = "") -> Any:
        field = f"{table}.{name}" if table else name
        word = {str: "text", int: "a whole number", dict: "a table", bool: "true or false"}[kind]
        value = values.get(name)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)) or value == "":
            raise self._wrong(field, f"it must be {word}, but it is {value!r}", f"Give {word}.")
        return value

    def _whole(self, name: str, value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self._wrong(name, f"it must be whole numbers from 0 on, but has {value!r}", "Write seeds = [0, 1, 2].")
        return value

    def _one_of(self, field: str, value: Any, choices: tuple[str, ...]) -> str:
        if value not in choices:
            known = ", ".join(repr(choice) for choice in choices)
            raise self._wrong(field, f"it is {value!r}, which is not one of the choices", f"Choose one of {known}.")
        return str(value)

    def _wrong(self, field: str, rule: str, remedy: str) -> LessonError:
        return LessonError(self.file, field, rule, remedy)
