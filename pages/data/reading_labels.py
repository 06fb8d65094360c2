"""Options of a reading, in words."""

from __future__ import annotations

from typing import Any

from tuning_core.data.reading.options import ReadOptions

ENCODINGS = (
    "utf-8", "utf-16", "cp1252", "latin-1", "iso8859-15", "cp1250", "iso8859-2", "cp1251", "koi8-r", "cp1253", "cp1254", "cp1255",
    "cp1256", "cp437", "cp850", "mac-roman", "shift_jis", "euc-jp", "gb18030", "big5", "euc-kr",
)  # fmt: skip
DELIMITERS = {
    ",": "comma  ,", ";": "semicolon  ;", "\t": "tab", "|": "bar  |", "whitespace": "blanks", "wide blanks": "two blanks or more",
}  # fmt: skip
DECIMALS = {".": "point, as in 1.5", ",": "comma, as in 1,5"}
THOUSANDS = {"": "none", ",": "comma: 1,000", ".": "point: 1.000", " ": "blank: 1 000", "'": "apostrophe: 1'000"}
HEADERS = {True: "names of columns", False: "data"}
DATES = {True: "3 April (day first)", False: "March 4 (month first)"}


def reading_words(options: dict[str, Any]) -> list[str]:
    """What a person has asked of the reading, in a few words each; empty when nothing."""
    said = ReadOptions.from_json(options)
    words = [said.encoding] if said.encoding else []
    if said.delimiter:
        words.append(f"separated by {DELIMITERS.get(said.delimiter, said.delimiter)}")
    if said.decimal:
        words.append(f"decimal {DECIMALS[said.decimal]}")
    if said.thousands is not None:
        words.append(f"thousands {THOUSANDS[said.thousands]}")
    if said.header is not None:
        words.append(f"first line: {HEADERS[said.header]}")
    if said.names:
        words[-1] = "names by hand"
    if said.day_first is not None:
        words.append("day first" if said.day_first else "month first")
    words += [f"{cell} is missing" for cell in said.missing]
    words += [f"{' or '.join(cells)} is missing in {name}" for name, cells in said.missing_in.items()]
    words += [f"{cell} is a value" for cell in said.keep]
    words += [f"{name} as text" for name in said.as_text]
    return words + ([] if said.fold_variants else ["spellings kept apart"])
