"""Dialect: the sign between fields, the quotes, the escapes; found by trying and judging what comes out.

The judgement follows CleverCSV (van den Burg, Nazabal, Sutton 2019, "Wrangling messy CSV files by detecting row and type
patterns"): a dialect is right when rows have the same length (pattern score) and cells are things people write down (type
score). Candidates, weights and cell types are our own; docs/reading-csv.md compares the result with CleverCSV and DuckDB.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from tuning_core.data.inference.cell_patterns import looks_typed

WHITESPACE = "whitespace"
WIDE_BLANKS = "wide blanks"
"""Two blanks or more, or a tab: aligned columns whose cells hold single blanks."""

_WEIGHTS = {",": 1.0, ";": 1.0, "\t": 1.0, "|": 1.0, "\x1f": 1.0, "\x01": 1.0, "\x1e": 1.0, "\x02": 1.0, "¦": 0.95, "§": 0.95}
_WEIGHTS |= {
    ":": 0.8,
    "~": 0.9,
    "^": 0.9,
    "#": 0.7,
    "&": 0.7,
    "*": 0.7,
    "@": 0.7,
    "!": 0.7,
    "$": 0.6,
    WHITESPACE: 0.8,
    WIDE_BLANKS: 0.78,
}
MAX_RECORDS = 400
MAX_FIELDS_JUDGED = 200


@dataclass(frozen=True)
class Dialect:
    """How to cut a text into fields.

    Parameters
    ----------
    delimiter : str
        One sign, the same sign twice ("||"), "whitespace" for runs of blanks and tabs, or "wide blanks".
    quote : str
        One sign, or empty when quotes are ordinary characters.
    escape : str
        Backslash, or empty when a quote inside quotes is doubled.
    skip_blanks : bool
        Blanks after a delimiter belong to it, so that a quote may follow them.
    strict : bool
        Whether a sign after a closing quote is an error.
    """

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    skip_blanks: bool = False
    strict: bool = True

    def label(self) -> str:
        names = {
            "\t": "tab",
            WHITESPACE: "blanks",
            " ": "blank",
            ";": "semicolon",
            ",": "comma",
            "|": "vertical bar",
            ":": "colon",
        }
        return names.get(self.delimiter) or repr(self.delimiter)


def reader_of(text: str, dialect: Dialect) -> Iterator[list[str]]:
    """A csv reader (it has line_num) over the text, lines kept as they are inside quotes."""
    lines: Iterator[str] = io.StringIO(text, newline="")
    delimiter = dialect.delimiter
    if delimiter == WHITESPACE:
        lines, delimiter = _blank_separated(lines), " "
    elif delimiter == WIDE_BLANKS:
        lines, delimiter = (re.sub(r" {2,}|\t", "\x1f", line.strip()) + "\n" for line in lines), "\x1f"
    elif len(delimiter) > 1:
        lines, delimiter = (line.replace(dialect.delimiter, "\x1f") for line in lines), "\x1f"
    return csv.reader(
        lines,
        delimiter=delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        escapechar=dialect.escape or None,
        doublequote=not dialect.escape,
        skipinitialspace=dialect.skip_blanks or dialect.delimiter == WHITESPACE,
        strict=dialect.strict,
    )


def _blank_separated(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line.replace("\t", " ").strip() + "\n"


def records_of(text: str, dialect: Dialect, limit: int = MAX_RECORDS) -> list[list[str]]:
    """Non-empty records of a sample; what comes after a quoting error or a cut-off line is left away."""
    records: list[list[str]] = []
    reader = reader_of(text, dialect)
    try:
        for record in reader:
            if record and any(field.strip() for field in record):
                records.append(record)
            if len(records) >= limit:
                break
    except csv.Error:
        pass
    return records


def detect(sample: str, delimiter: str | None = None) -> Dialect:
    """The best dialect for the sample; one that gives a single column when nothing separates."""
    candidates = [delimiter] if delimiter else [sign for sign in _WEIGHTS if sign in (WHITESPACE, WIDE_BLANKS) or sign in sample]
    judged = []
    for sign in candidates:
        for quote in _quotes(sample, sign):
            dialect = Dialect(sign, quote)
            records = records_of(sample, replace(dialect, strict=False))
            score = dialect_score(records) * _WEIGHTS.get(sign, 1.0)
            if _swallows_lines(sample, dialect, records) or (quote != "'" and _cuts_quoted(records)):
                score *= 0.3
            judged.append((score, _from_first_line(records), dialect))
    if any(from_first == 1.0 for _, from_first, _ in judged):
        # Some delimiter cuts every line alike, the first one too: then one that cannot cut the first line is most likely wrong.
        judged = [(score * (1.0 if from_first > 0 else 0.3), from_first, dialect) for score, from_first, dialect in judged]
        # ... and single blanks that cut the first line into fewer are part of the cells ('12 500' between tabs).
        judged = [found for found in judged if found[2].delimiter != WHITESPACE or found[1] > 0.5]
    best = max(judged, key=lambda found: found[0])
    if best[0] == 0.0:
        return Dialect(candidates[0] if delimiter else ",")
    return _refined(sample, _doubled(sample, best[2]))


def _swallows_lines(sample: str, dialect: Dialect, records: list[list[str]]) -> bool:
    """Whether cells run over line ends although their quotes are not closed as quotes are: the quotes are another dialect's."""
    if not any("\n" in field or "\r" in field for record in records for field in record):
        return False
    try:
        for _ in islice(reader_of(sample, replace(dialect, strict=True)), MAX_RECORDS):
            pass
    except csv.Error as problem:
        return "expected after" in str(problem)
    return False


def _cuts_quoted(records: list[list[str]]) -> bool:
    """Whether many records hold a cell that opens a single quote right before one that closes it: both are one cell."""
    cut = 0
    for record in records:
        pairs = zip(map(str.strip, record), map(str.strip, record[1:]), strict=False)
        cut += any(a[:1] == "'" != a[-1:] and b[-1:] == "'" != b[:1] for a, b in pairs)
    return cut > 0.3 * len(records)


def _from_first_line(records: list[list[str]]) -> float:
    """Share of records as long as the first one; 0 when that is not cut at all."""
    if not records or len(records[0]) < 2:
        return 0.0
    return sum(len(record) == len(records[0]) for record in records) / len(records)


_WRAPPED = re.compile(r'"(?:[^"\r\n]|"")*[,;\t|](?:[^"\r\n]|"")*"[,;\t ]*')


def is_wrapped(sample: str) -> bool:
    """Whether each line as a whole was put into quotes, as some spreadsheets do on saving a one-column sheet."""
    lines = [line for line in re.split(r"\r\n|\n|\r", sample) if line.strip()]
    return len(lines) > 1 and all(map(_WRAPPED.fullmatch, lines))


def unwrapped(text: str) -> bytes:
    """The text without the quotes around its lines."""
    return "\n".join(record[0] for record in csv.reader(io.StringIO(text, newline="")) if record).encode("utf-8")


_DOUBLED = r'(?:""(?:[^"\r\n]|(?<=[^",;\t|])"(?=[^",;\t|]))*""|[^",;\t|\r\n]*)'
_ALL_DOUBLED = re.compile(rf"{_DOUBLED}(?:[,;\t|]{_DOUBLED})*")


def has_doubled_quotes(sample: str) -> bool:
    """Whether cells stand between two quote signs on either side, as programs write that quote what is quoted."""
    lines = [line for line in re.split(r"\r\n|\n|\r", sample) if line.strip()][:MAX_RECORDS]
    filled = [line for line in lines if re.search(r'""[^",;\t|]+""', line)]
    return len(filled) > 1 and len(filled) >= 0.8 * len(lines) and all(map(_ALL_DOUBLED.fullmatch, lines))


_TRIPLED = r'"""(?:[^"\r\n])*"""'
_ALL_TRIPLED = re.compile(rf"(?:{_TRIPLED}|[^\",;\t|\r\n]*)(?:[,;\t|](?:{_TRIPLED}|[^\",;\t|\r\n]*))*")
_TYPOGRAPHIC = re.compile(r"(?:^|[,;\t|])[“„][^“”„\"\r\n]*[,;\t|][^“”„\"\r\n]*[”“](?=[,;\t|]|$)", re.MULTILINE)


def has_tripled_quotes(sample: str) -> bool:
    """Whether cells that stood in quotes already were quoted once more, so that the inner quotes would be part of them."""
    lines = [line for line in re.split(r"\r\n|\n|\r", sample) if line.strip()][:MAX_RECORDS]
    filled = [line for line in lines if '"""' in line]
    return len(filled) > 1 and len(filled) >= 0.8 * len(lines) and all(map(_ALL_TRIPLED.fullmatch, lines))


def has_typographic_quotes(sample: str) -> bool:
    """Whether cells with a delimiter stand between the quotes that word processors put in place of plain ones."""
    return '"' not in sample and len(_TYPOGRAPHIC.findall(sample)) >= 3


def without_blanks_after_quotes(data: bytes, dialect: Dialect) -> bytes:
    """The text without blanks between a closing quote and the delimiter, or the end of the line, behind it."""
    quote, sign = re.escape(dialect.quote.encode()), re.escape(dialect.delimiter.encode())
    if not quote or len(dialect.delimiter) > 1 or dialect.delimiter == " ":
        return data
    blanks = rb" +" if dialect.delimiter == "\t" else rb"[ \t]+"
    return re.sub(
        rb"(?<=[^\r\n" + quote + sign + rb"])" + quote + blanks + rb"(?=\r|\n|\Z|" + sign + rb")", dialect.quote.encode(), data
    )


def _quotes(sample: str, delimiter: str) -> list[str]:
    """Double quotes always; single ones when fields are wrapped in them."""
    sign = r"\s" if delimiter in (WHITESPACE, WIDE_BLANKS) else re.escape(delimiter)
    wrapped = len(re.findall(rf"(?:^|{sign}\s?)'[^'\n]*'(?=\s*{sign}|\s*$)", sample, re.MULTILINE))
    return ['"'] + (["'"] if wrapped >= 3 else [])


def dialect_score(records: list[list[str]]) -> float:
    """0 to 1: pattern score times type score; 0 when most records are one field."""
    if not records:
        return 0.0
    widths = Counter(len(record) for record in records)
    wide = [(count, width) for width, count in widths.items() if width > 1]
    if not wide:
        return 0.0
    width = max(wide)[1]
    start = next(at for at, record in enumerate(records) if len(record) == width)
    body = records[start:]  # lines before the table are no fault of the dialect
    consistency = sum(len(record) == width for record in body) / len(body)
    covered = len(body) / len(records)
    cells = [field for record in body if len(record) == width for field in record[:MAX_FIELDS_JUDGED]]
    types = sum(looks_typed(cell) for cell in cells) / len(cells)
    return consistency**2 * covered**0.5 * types * (width - 1) / width


def _doubled(sample: str, dialect: Dialect) -> Dialect:
    """'||' or '::' when every second field is empty; with commas only from three names on, for one column may be empty."""
    sign = dialect.delimiter
    if len(sign) > 1 or sign + sign not in sample:
        return dialect
    records = records_of(sample, replace(dialect, strict=False))
    odd = [field for record in records for field in record[1::2]]
    least = 5 if sign in ",;\t" else 3
    if records and len(records[0]) >= least and all(len(record) % 2 for record in records) and not any(odd):
        return replace(dialect, delimiter=sign + sign)
    return dialect


def _refined(sample: str, dialect: Dialect) -> Dialect:
    """Blanks before quotes, backslash escapes, and quotes that are none."""
    sign, quote = re.escape(dialect.delimiter), re.escape(dialect.quote)
    if len(dialect.delimiter) == 1 and re.search(rf"{sign} +{quote}(?!{quote})", sample):
        dialect = replace(dialect, skip_blanks=True)
    if "\\" + dialect.quote in sample:
        escaped = replace(dialect, escape="\\")
        if _errors(sample, escaped) < _errors(sample, dialect):
            return escaped
    stray = len(re.findall(rf"(?:^|{sign}){quote}", sample, re.MULTILINE))
    wrapped = len(re.findall(rf"(?:^|{sign}){quote}[^\n]*?{quote}(?= *{sign}|\s*$)", sample, re.MULTILINE))
    if dialect.delimiter == "\t" and stray >= 2 and wrapped == 0:
        return replace(dialect, quote="")  # tab-separated exports often do not quote at all
    return dialect


def _errors(sample: str, dialect: Dialect) -> int:
    """How many lines of the sample break strict quoting or the common width, line by line."""
    broken = 0
    widths: Counter[int] = Counter()
    for line in sample.split("\n")[:MAX_RECORDS]:
        try:
            for record in reader_of(line, dialect):
                widths[len(record)] += 1
        except csv.Error:
            broken += 1
    return broken + sum(widths.values()) - max(widths.values(), default=0)
