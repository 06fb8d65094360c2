"""The pandas code that reads a file as `tc.read_table` did: dialect, missing markers, numbers, dates, labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from tuning_core.data import Table
from tuning_core.export.code.text import literal, wrapped

# What pandas itself takes for missing.
_WORDS = "|#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null"
_PANDAS_MISSING = frozenset(_WORDS.split("|"))
_BOOLEAN_WORDS = {"true", "false"}

TO_NUMBER = '''
def to_number(cells, decimal):
    """Text such as "1.234,5 EUR" to numbers; what is none is missing."""
    thousands = "," if decimal == "." else "."
    text = cells.str.replace(r"[\\s'’]", "", regex=True).str.replace(thousands, "", regex=False)
    text = text.str.replace(decimal, ".", regex=False)
    number = text.str.extract(r"([-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?)")[0]
    minus = text.str.contains(r"^\\(.*\\)$|^-\\D|\\d-$", regex=True, na=False)  # (5), -$5 and 5- are negative
    return pd.to_numeric(number, errors="coerce") * (1 - 2 * (minus & ~number.str.startswith("-", na=False)))
'''


def reading_code(table: Table, path: str, used: Sequence[str]) -> str:
    """Source that leaves the table's rows in `frame`, with the columns `used` typed as in `table.frame`."""
    reading = table.reading
    repairs: Mapping[str, Any] = reading.get("repairs", {})
    special = [name for name in used if _is_special(table, repairs.get(name, {}))]
    lines = [TO_NUMBER.strip("\n") + "\n\n"] if special else []
    lines.append(wrapped("frame = pd.read_csv(", _arguments(table, path, used, special), ")"))
    if [column.source for column in table.columns] != [column.name for column in table.columns] and reading.get("header", True):
        lines.append(wrapped("frame.columns = [", [literal(column.name) for column in table.columns], "]"))
    if any(notice.kind == "missing_values" and notice.message.startswith("Left out:") for notice in table.notices):
        lines.append('frame = frame.dropna(how="all", ignore_index=True)')
    for name in used:
        lines += _column_lines(table, name, repairs.get(name, {}))
    return "\n".join(lines)


def _arguments(table: Table, path: str, used: Sequence[str], special: Sequence[str]) -> list[str]:
    reading, repairs = table.reading, table.reading.get("repairs", {})
    found = [path, *_dialect(reading)]
    if not reading.get("header", True):
        found += ["header=None", wrapped("names=[", [literal(column.name) for column in table.columns], "]")]
    commas = [name for name in used if repairs.get(name, {}).get("decimal") == "," and name not in special]
    if commas:
        found.append('decimal=","')
    texts = [*special, *_kept_as_text(table, used)]
    if texts:
        found.append(wrapped("dtype={", [f"{literal(_source(table, name))}: str" for name in texts], "}"))
    markers = _markers(table, used)
    if markers:
        found.append(wrapped("na_values={", [f"{literal(name)}: {literal(cells)}" for name, cells in markers.items()], "}"))
    keep = reading.get("options", {}).get("keep", [])
    if keep:
        found += ["keep_default_na=False", f"na_values={literal(sorted(_PANDAS_MISSING - set(keep)))}"]
        found = [item for item in found if not item.startswith("na_values={")]
    return found


def _is_special(table: Table, repairs: Mapping[str, Any]) -> bool:
    """Whether a column of numbers needs more than pandas's own reading, which takes no decimal commas between commas."""
    comma_in_commas = repairs.get("decimal") == "," and table.reading.get("delimiter") == ","
    return bool(repairs.get("special")) or comma_in_commas


def _dialect(reading: Mapping[str, Any]) -> list[str]:
    found = []
    delimiter = reading.get("delimiter", ",")
    if delimiter == "whitespace":
        found.append('sep=r"\\s+"')
    elif delimiter == "wide blanks":
        found += ['sep=r"\\s{2,}"', 'engine="python"']
    elif len(delimiter) > 1:
        found += [f"sep={literal(delimiter)}", 'engine="python"']
    elif delimiter != ",":
        found.append(f"sep={literal(delimiter)}")
    encoding = reading.get("encoding", "utf-8")
    if encoding not in ("ascii", "utf-8", "utf-8-sig"):
        found.append(f"encoding={literal(encoding)}")
    if reading.get("quote", '"') not in ('"', ""):
        found.append(f"quotechar={literal(reading['quote'])}")
    if reading.get("quote", '"') == "":
        found.append("quoting=3")
    if reading.get("escape"):
        found.append(f"escapechar={literal(reading['escape'])}")
    if reading.get("skip_blanks") and delimiter != "whitespace":
        found.append("skipinitialspace=True")
    skipped = reading.get("header_line", 1) - 1 if reading.get("header", True) else reading.get("skipped", 0)
    if skipped > 0:
        found.append(f"skiprows={skipped}")
    if len(reading.get("comment", "")) == 1:  # pandas knows no longer ones; a block before the names is among the lines skipped
        found.append(f"comment={literal(reading['comment'])}")
    return found


def _source(table: Table, name: str) -> str:
    """What pandas calls a column while it reads."""
    return table.column(name).source if table.reading.get("header", True) else name


def _is_text(table: Table, name: str) -> bool:
    return str(table.frame[name].dtype) in ("str", "string", "object")


def _kept_as_text(table: Table, used: Sequence[str]) -> list[str]:
    """Text columns whose cells pandas would take for numbers or for true and false."""
    kept = []
    for name in used:
        if _is_text(table, name):
            cells = table.frame[name].dropna()
            words = pd.to_numeric(cells, errors="coerce").isna()
            if not words.any() or set(cells.str.lower().unique()) <= _BOOLEAN_WORDS:
                kept.append(name)
    dates = [name for name in used if table.frame[name].dtype.kind == "M"]
    return kept + [name for name in dates if table.reading.get("repairs", {}).get(name, {}).get("dates") != "ISO8601"]


def _markers(table: Table, used: Sequence[str]) -> dict[str, list[str]]:
    """Cells of each column that are no values, beyond those that pandas knows."""
    repairs = table.reading.get("repairs", {})
    found = {}
    for name in used:
        cells = [*repairs.get(name, {}).get("no_numbers", []), *repairs.get(name, {}).get("missing", [])]
        more = [cell for cell in dict.fromkeys(cells) if cell not in _PANDAS_MISSING]
        if more:
            found[_source(table, name)] = more
    return found


_DATE_WORDS = {"day first": ", dayfirst=True", "year first": ", yearfirst=True", "months": ", dayfirst=True"}


def _date_lines(column: str, repairs: Mapping[str, Any]) -> list[str]:
    """Dates in the order that was found; months and quarters begin on their first day; two-digit years in their century."""
    how, text = repairs.get("dates", ""), f'{column}.astype("str")'
    lines = []
    if how == "quarters":
        quarter = f'{text}.str.extract(r"^([1-4])[QqTt]|[QqTt]([1-4])").bfill(axis=1)[0]'
        month = f'(3 * pd.to_numeric({quarter}, errors="coerce") - 2).astype("Int64").astype("str")'
        year = f'("20" + {text}.str.extract(r"(\\d{{4}})$|^(\\d{{4}})|(\\d{{2}})$").bfill(axis=1)[0]).str[-4:]'
        text = f'{year} + "-" + {month} + "-01"'
    elif how == "weeks":  # their Mondays
        text = f'{text}.str.replace(r"-?[Ww](\\d{{2}})$", r"-W\\1-1", regex=True)'
        return [f'{column} = pd.to_datetime({text}, format="%G-W%V-%u", errors="coerce")']
    elif how == "months":
        lines.append(f'{column} = {text}.str.replace(r"^(\\d+)\\W*([^\\W\\d]{{3,}})\\W*$", r"\\2 \\1", regex=True)  # 2010 Sep')
        lines.append(f'{column} = {column}.str.replace(r"^([^\\W\\d]+)\\W+(\\d+)$", r"1 \\1 \\2", regex=True)  # Sep 2010')
        lines.append(f'{column} = {column}.str.replace(r"^(\\d{{4}}) ?[Mm](\\d+)$", r"\\1-\\2", regex=True)  # 2010M09')
        text = column
    words = _DATE_WORDS.get(how, "")
    read = f'pd.to_datetime({text}, format="mixed"{words}, errors="coerce", utc=True)'
    lines.append(f"{column} = {read}.dt.tz_localize(None)")
    first = repairs.get("first_year")
    if first is not None:  # two-digit years lie in these hundred years
        lines.append(f"{column} = {column}.mask({column}.dt.year >= {first + 100}, {column} - pd.DateOffset(years=100))")
        lines.append(f"{column} = {column}.mask({column}.dt.year < {first}, {column} + pd.DateOffset(years=100))")
    return lines


def _column_lines(table: Table, name: str, repairs: Mapping[str, Any]) -> list[str]:
    column = f"frame[{literal(name)}]"
    dtype = table.frame[name].dtype
    if dtype.kind == "M":
        return _date_lines(column, repairs)
    if _is_special(table, repairs):
        read = f"to_number({column}, {literal(repairs.get('decimal', '.'))})"
        powers = repairs.get("magnitudes")
        if powers:
            pattern = "|".join(sorted(powers, key=len, reverse=True))
            signs = f'{column}.str.extract(r"[0-9.,] ?({pattern})")[0]'
            read += f".mul({signs}.map({literal(powers)}).fillna(1.0))"
        return [f"{column} = {read}"]
    if str(dtype) == "boolean":
        lines = []
        if repairs.get("trimmed"):
            lines.append(f'{column} = {column}.astype("str").str.strip().str.lower().map({{"true": True, "false": False}})')
        return [*lines, f'{column} = {column}.astype("boolean")']
    if not _is_text(table, name):
        return []
    strip = ".str.strip()" if repairs.get("trimmed") else ""
    labels = repairs.get("labels", {})
    if not strip and not labels:
        return []
    joined = wrapped(".replace({", [f"{literal(a)}: {literal(b)}" for a, b in labels.items()], "})") if labels else ""
    return [f"{column} = {column}{strip}{joined}"]
