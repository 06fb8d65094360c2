"""What was noticed about a table: in plain words, what matters most first, each kind once with its count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.data.row_choices import choose_method
from pages.state.classroom import is_setup_locked
from pages.widgets.text import plain

CURES = {
    "later_rows_train": ("Split by time", ":material/schedule:", "time"),
    "possible_groups": ("Keep each together", ":material/group_work:", "grouped"),
    "copies_straddle": ("Keep copies together", ":material/content_copy:", "copies"),
}
"""What a click changes: words, icon, and the method by which rows are drawn."""

GROUPS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Worth a look before you train", ":material/warning:", {
        "leak_suspected": "A feature gives the target away",
        "undecodable_bytes": "Letters that could not be read",
        "no_header_suspected": "No names in the first line",
        "ragged_rows": "Rows of another length",
        "ambiguous_date_format": "Day or month first",
        "unparseable_dates": "Dates that could not be read",
        "missing_marker_detected": "Signs for “missing”",
        "non_numeric_in_numeric_column": "Words among numbers",
        "mixed_type_column": "Numbers and words mixed",
        "missing_target_rows_dropped": "Rows without a target",
        "class_imbalance": "Unequal classes",
        "rare_class": "Rare classes",
        "single_class_part": "A part of one class",
        "class_missing_from_part": "A class that is not measured",
        "later_rows_train": "Later rows train",
        "copies_straddle": "Copies on both sides",
        "possible_groups": "Groups on both sides",
        "class_word_kept": "A class that may be none",
        "rows_left_out": "Rows left out",
        "many_classes": "Many classes",
        "class_codes": "Codes or a quantity",
        "years_as_columns": "Years as columns",
        "few_rows": "Few rows",
        "duplicate_rows": "Repeated rows",
        "outliers": "Values far off",
        "extreme_values": "Values of extreme size",
        "non_finite_values": "Infinite values",
        "similar_column_names": "Names that look alike",
        "invisible_characters_in_names": "Invisible signs in names",
        "wide_data": "Many columns",
        "large_data": "Many rows",
    }),
    ("Repaired while reading", ":material/build:", {
        "encoding_detected": "Encoding",
        "nul_bytes_removed": "Zero bytes",
        "delimiter_detected": "Separator",
        "dialect_detected": "Quotes",
        "preamble_skipped": "Lines before the table",
        "comment_lines_skipped": "Comment lines",
        "extra_trailing_delimiter": "Separators at the end of rows",
        "decimal_comma": "Decimal comma",
        "thousands_separator": "Thousands separators",
        "currency_parsed": "Currencies and units",
        "percent_parsed": "Per cent",
        "date_column": "Dates",
        "times_as_hours": "Times of day",
        "missing_values": "Missing values",
        "category_variants": "Spellings joined",
        "case_variants_kept": "Spellings kept apart",
        "multi_valued_column": "Several labels in a cell",
        "code_like_column": "Codes kept as text",
        "duplicate_columns_renamed": "Equal names",
        "column_names_trimmed": "Blanks in names",
        "empty_column_names_filled": "Columns without a name",
    }),
    ("Not or hardly used", ":material/visibility_off:", {
        "id_like_column": "A value for each row",
        "text_column_ignored": "Free text",
        "mixed_units": "Units mixed",
        "constant_column": "One value only",
        "empty_column_dropped": "No value at all",
        "near_constant_column": "Almost one value",
        "mostly_missing_column": "Mostly missing",
        "high_cardinality": "Many levels",
    }),
)  # fmt: skip


def all_notices(profile: dict[str, Any], summary: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Those of the reading and those of the setup, which knows more about few rows than the reading did."""
    own = summary["notices"] if summary else []
    again = {notice["kind"] for notice in own} & {"few_rows"}
    return [*(notice for notice in profile["notices"] if notice["kind"] not in again), *own]


def notices_panel(dataset_id: str, notices: Sequence[dict[str, Any]], height: int) -> None:
    """A scrolling list; kinds we have no title for come first, so that nothing can be overlooked."""
    kinds = {kind for _, _, titles in GROUPS for kind in titles}
    others = {n["kind"]: n["kind"].replace("_", " ").capitalize() for n in notices if n["kind"] not in kinds}
    shown = [(GROUPS[0][0], GROUPS[0][1], others | GROUPS[0][2]), *GROUPS[1:]]
    with st.container(height=height, border=True, gap="small"):
        if not notices:
            st.caption("Nothing had to be repaired.")
        for heading, icon, titles in shown:
            order = list(titles)
            found = sorted((n for n in notices if n["kind"] in titles), key=lambda n: order.index(n["kind"]))
            if found:
                st.markdown(f"{icon} **{heading}** ({len(found):,})")
            for notice in found:
                _notice(titles[notice["kind"]], notice)
                _mending_button(dataset_id, notice)


def _notice(title: str, notice: dict[str, Any]) -> None:
    count = f" :gray-badge[{notice['count']:,}]" if notice["count"] > 1 else ""
    st.markdown(f"**:small[{title}]**{count}  \n:small[{plain(notice['message'])}]")


def _mending_button(dataset_id: str, notice: dict[str, Any]) -> None:
    """One click where another way to draw rows is the cure."""
    if notice["kind"] not in CURES:
        return
    words, icon, method = CURES[notice["kind"]]
    column = notice["columns"][0] if notice["columns"] else None
    st.button(
        words,
        icon=icon,
        key=f"cure_{dataset_id}_{notice['kind']}_{column}",
        on_click=choose_method,
        args=(dataset_id, method, column),
        disabled=is_setup_locked(dataset_id),
        help="Draws the rows anew; you can change it back in the sidebar.",
    )
