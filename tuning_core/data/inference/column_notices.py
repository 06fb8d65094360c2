"""Notices about single columns, grouped into one notice a kind, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tuning_core.data.inference.typed_column import ColumnNotice
from tuning_core.data.notices import Notice, counted, quoted

_Found = Sequence[tuple[str, ColumnNotice]]

_PLAIN: Mapping[str, str] = {
    "decimal_comma": "Numbers with a decimal comma were recognised in {names}.",
    "thousands_separator": "Thousands separators were removed in {names}.",
    "times_as_hours": "Times of day or durations were read as hours in {names}: 7:30 is 7.5.",
    "percent_parsed": "Percent signs were removed in {names}; 45% is read as 45, not as 0.45.",
    "empty_column_dropped": "{names} {has} no value in any row and {is_} not used.",
    "constant_column": "{names} {has} one value only and {is_} not used.",
    "text_column_ignored": "{names} {holds} free text, which is not used as a feature.",
}
_DETAILED: Mapping[str, str] = {
    "currency_parsed": "Signs beside numbers: {details}.",
    "mixed_units": "Numbers in different units cannot be compared: {mixes}, and is left out. Convert it to one unit to use it.",
    "non_finite_values": "Infinite or too large values are taken as missing: {counted}.",
    "non_numeric_in_numeric_column": "A few cells in columns of numbers are no numbers and are taken as missing: {both}.",
    "mixed_type_column": "Numbers and words are mixed in {both}; each value is taken as a category.",
    "code_like_column": "Numbers that are names are kept as they are written: {details}.",
    "id_like_column": "Left out, because values hardly repeat, as those of ids and names: {details}.",
    "high_cardinality": "Categories with many levels: {details}.",
    "date_column": "Dates were read in {details}. They are expanded into time, month, weekday and hour where these vary.",
    "ambiguous_date_format": "Day and month cannot be told apart in {details}; choose the other order if this is wrong.",
    "unparseable_dates": "Cells that could not be read as dates: {both}.",
    "category_variants": "Labels that differ only in case or blanks were joined: {details}. The reading options keep them apart.",
    "case_variants_kept": "Labels that differ only in case were kept apart, because all of them are frequent: {details}.",
    "multi_valued_column": "Cells that name several labels at once, each combination being taken as one label: {both}.",
    "mostly_missing_column": "Mostly without a value: {details}.",
    "near_constant_column": "Almost no variation, so of little use: {details}.",
    "extreme_values": "Values of extreme size: {details}. Numbers are standardised in double precision before training.",
    "outliers": "A few values are far off and can dominate the loss: {both}.",
}  # fmt: skip
_ORDER = (
    "decimal_comma", "thousands_separator", "currency_parsed", "percent_parsed", "times_as_hours", "date_column",
    "ambiguous_date_format", "unparseable_dates", "missing_marker_detected", "missing_values", "mostly_missing_column",
    "empty_column_dropped", "constant_column", "near_constant_column", "non_numeric_in_numeric_column", "non_finite_values",
    "mixed_units", "mixed_type_column", "category_variants",
    "case_variants_kept", "multi_valued_column", "code_like_column", "id_like_column", "text_column_ignored",
    "high_cardinality", "extreme_values", "outliers",
)  # fmt: skip
SHOWN = 5


def group(found_in_columns: _Found) -> list[Notice]:
    """One notice for each kind, in a fixed order."""
    by_kind: dict[str, list[tuple[str, ColumnNotice]]] = {}
    for name, notice in found_in_columns:
        by_kind.setdefault(notice.kind, []).append((name, notice))
    notices = []
    for kind in _ORDER:
        found = by_kind.get(kind)
        if found:
            notices += _notices(kind, found)
    return notices


def _notices(kind: str, found: _Found) -> list[Notice]:
    if kind == "missing_values":
        return [_missing(found)]
    if kind == "missing_marker_detected":
        return _markers(found)
    names = list(dict.fromkeys(name for name, _ in found))
    many = len(names) > 1
    words = {
        "names": quoted(names),
        "has": "have" if many else "has",
        "is_": "are" if many else "is",
        "holds": "hold" if many else "holds",
        "details": _join(found, lambda r: f" ({r.detail})" if r.detail else ""),
        "mixes": _join(found, lambda r: f" mixes {r.detail}"),
        "counted": _join(found, lambda r: f" ({counted(r.count, 'cell')})"),
        "both": _join(found, lambda r: f" ({counted(r.count, 'cell')}{', such as ' + r.detail if r.detail else ''})"),
    }
    template = _PLAIN.get(kind) or _DETAILED[kind]
    total = sum(notice.count for _, notice in found) or len(names)
    return [Notice(kind, template.format(**words), tuple(names), total)]


def _join(found: _Found, after) -> str:
    shown = [f"{quoted([name])}{after(notice)}" for name, notice in found[:SHOWN]]
    return ", ".join(shown) + (f" and {len(found) - SHOWN:,} more" if len(found) > SHOWN else "")


def _missing(found: _Found) -> Notice:
    total = sum(notice.count for _, notice in found)
    spelled = [f"{quoted([name])}: {notice.detail}" for name, notice in found if notice.detail]
    shown = _join(found, lambda r: f" {r.count:,}")
    message = (
        f"Without a value: {counted(total, 'cell')} ({shown}). Numbers are filled with the training rows' median and flagged, "
    )
    message += "categories get a level of their own."
    if spelled:
        message += f" Read as missing: {'; '.join(spelled[:SHOWN])}. If that is a value, keep it in the reading options."
    return Notice("missing_values", message, tuple(name for name, _ in found), total)


def _markers(found: _Found) -> list[Notice]:
    """Markers read as missing, and numbers that only look like markers: those are asked about, never assumed."""
    read = [(name, notice) for name, notice in found if not notice.asked]
    asked = [(name, notice) for name, notice in found if notice.asked]
    notices = []
    for some, text in (
        (read, "Read as missing: {}. If one is a value, keep it in the reading options."),
        (asked, "Possibly a marker for missing, read as a value until you say otherwise in the reading options: {}."),
    ):
        if some:
            said = _join(some, lambda r: f" {r.detail} ({counted(r.count, 'cell')})")
            count = sum(notice.count for _, notice in some)
            notices.append(Notice("missing_marker_detected", text.format(said), tuple(name for name, _ in some), count))
    return notices
