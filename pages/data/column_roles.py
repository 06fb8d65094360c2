"""What each column is used as: words for kinds, and how a choice in the grid changes a setup. No widgets here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

LEFT_OUT = "left out"
KIND_OF = {"number": "numeric", "category": "categorical", "yes/no": "boolean", "date": "datetime"}
"""What a person can choose, and the kind it asks for."""

WORD_OF = {"integer": "number"} | {kind: word for word, kind in KIND_OF.items()}
USES = (*KIND_OF, LEFT_OUT)
USELESS = ("empty", "constant")

Roles = dict[str, Any]
"""The part of a setup about columns: "features" (None: all that can serve) and "kinds" (overrides)."""


def roles_of(setup: Mapping[str, Any]) -> Roles:
    return {"features": setup["features"], "kinds": dict(setup["kinds"])}


def column_role(column: Mapping[str, Any], roles: Roles) -> str:
    """One of USES, for a column of a profile."""
    name, chosen = column["name"], roles["features"]
    kind = roles["kinds"].get(name, column["kind"])
    if column["kind"] in USELESS or (chosen is not None and name not in chosen):
        return LEFT_OUT
    if chosen is not None and name not in roles["kinds"] and kind not in WORD_OF:
        return "category"  # an id or a text that was asked for by name
    return WORD_OF.get(kind, LEFT_OUT)


def with_role(column: Mapping[str, Any], word: str, roles: Roles) -> Roles:
    """The roles with this column used as `word`; an override that says what was found anyway is none."""
    name, kinds = column["name"], dict(roles["kinds"])
    chosen = None if roles["features"] is None else list(roles["features"])
    kinds.pop(name, None)
    if word == LEFT_OUT:
        if chosen is not None:
            chosen = [feature for feature in chosen if feature != name]
        elif column["kind"] in WORD_OF:
            kinds[name] = "left_out"
    else:
        if chosen is not None and name not in chosen:
            chosen.append(name)
        if WORD_OF.get(column["kind"]) != word:
            kinds[name] = KIND_OF[word]
    return {"features": chosen, "kinds": kinds}


def without_columns(names: Sequence[str], columns: Sequence[Mapping[str, Any]], roles: Roles) -> Roles:
    """The roles without these columns."""
    for column in columns:
        if column["name"] in names:
            roles = with_role(column, LEFT_OUT, roles)
    return roles
