"""Tables of odd shape, and odd targets."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from tests.support.csv_files import HEADER, KINDS, Corpus, base, text, with_column


def shapes(c: Corpus) -> None:
    rows = base()
    c.add("shape_empty", b"", "refuse", error="empty_file")
    c.add("shape_blank", "   \n", "refuse", error="empty_file")
    c.add("shape_header_only_no_end", ",".join(HEADER), "refuse", error="no_data_rows")
    c.add("shape_five_rows", text(rows[:5]), "refuse", error="too_few_rows", say=["5 rows"])
    c.add("shape_twelve_rows", text(rows[:12]), "accept_with_notice", rows=12, cols=6, notices=["few_rows"])
    c.add("shape_one_column", "price\n" + "".join(f"{row[5]}\n" for row in rows), "refuse", error="single_column")
    c.add("shape_one_column_words", "city\n" + "".join(f"{row[3]}\n" for row in rows), "refuse", error="single_column")
    c.add(
        "shape_all_constant",
        text([["1", "a", row[5]] for row in rows], ["a", "b", "price"]),
        "refuse",
        stage="configure",
        error="no_usable_features",
        target="price",
    )
    c.add(
        "shape_only_id",
        text([[str(at), row[5]] for at, row in enumerate(rows)], ["id", "price"]),
        "refuse",
        stage="configure",
        error="no_usable_features|no_features",
    )
    c.add(
        "shape_x_counts",
        text([[str(at), f"{at * 2.5 + at % 7:.1f}"] for at in range(120)], ["x", "y"]),
        target="y",
        rows=120,
        cols=2,
        dtypes={"x": "integer"},
    )
    c.add(
        "shape_leak_copy",
        with_column("copy", lambda at: rows[at][5], rows),
        "accept_with_notice",
        rows=120,
        cols=7,
        notices=["leak_suspected"],
    )
    c.add(
        "shape_leak_scaled",
        with_column("cents", lambda at: f"{float(rows[at][5]) * 100:.0f}", rows),
        "accept_with_notice",
        rows=120,
        cols=7,
        notices=["leak_suspected"],
    )
    parts = [(float(row[5]) * 0.3 + at % 9, row) for at, row in enumerate(rows)]
    c.add(
        "shape_leak_sum",
        text([[f"{a:.2f}", f"{float(r[5]) - round(a, 2):.2f}", *r] for a, r in parts], ["p", "q", *HEADER]),
        "accept_with_notice",
        rows=120,
        cols=8,
        notices=["leak_suspected"],
    )
    c.add(
        "shape_leak_class",
        with_column("code", lambda at: {"yes": "A", "no": "B"}[rows[at][4]], rows),
        "accept_with_notice",
        target="smoker",
        task="classification",
        rows=120,
        cols=7,
        notices=["leak_suspected"],
    )
    c.add(
        "shape_footer",
        text(rows) + "\nSource: the statistics office\n",
        "accept_with_notice",
        dtypes=KINDS,
        notices=["ragged_rows"],
    )
    c.add(
        "shape_short_rows",
        text([row[:3] if at in (4, 40) else row for at, row in enumerate(rows)]),
        "accept_with_notice",
        notices=["ragged_rows"],
        dtypes=KINDS,
    )
    c.add(
        "shape_long_rows",
        text([[*row, "x", "y"] if at in (4, 40) else row for at, row in enumerate(rows)]),
        "accept_with_notice",
        rows=118,
        cols=6,
        notices=["ragged_rows"],
        dtypes=KINDS,
        say=["line 6"],
    )
    c.add(
        "shape_long_rows_empty",
        text([[*row, "", ""] if at in (4, 40) else row for at, row in enumerate(rows)]),
        "accept",
        notices=[],
        dtypes=KINDS,
    )
    wide = [[f"{random.Random(at * 1000 + j).gauss(0, 1):.3f}" for j in range(600)] for at in range(60)]
    c.add(
        "shape_wide",
        text(wide, [f"g{j}" for j in range(600)]),
        "accept_with_notice",
        target="g0",
        rows=60,
        cols=600,
        notices=["wide_data"],
    )
    c.add(
        "shape_comments_at_end",
        text(rows) + "# end of file\n",
        "accept_with_notice",
        dtypes=KINDS,
        notices=["comment_lines_skipped"],
    )
    c.add(
        "shape_percent_comments",
        "% made by hand\n% 2024\n" + text(rows),
        "accept_with_notice",
        dtypes=KINDS,
        columns=HEADER,
        notices=[],
    )


def targets(c: Corpus) -> None:
    def classes(
        name: str,
        cell: Callable[[int], str],
        count: int | None,
        action: str = "accept",
        task: str | None = "classification",
        rows: int = 120,
        **expect: Any,
    ) -> None:
        data = text([[*row, cell(at)] for at, row in enumerate(base(rows))], [*HEADER, "label"])
        expect |= {"rows": rows, "cols": 7, "classes": count} if action != "refuse" else {"stage": "configure"}
        c.add(name, data, action, target="label", task=task, **expect)

    classes("tgt_yes_no", lambda at: ("yes", "no")[at % 2], 2)
    classes("tgt_01", lambda at: str(at % 2), 2, task=None)
    classes("tgt_12", lambda at: str(at % 2 + 1), 2, task=None)
    classes("tgt_float_01", lambda at: f"{at % 2}.0", 2, task=None)
    classes("tgt_true_false", lambda at: ("TRUE", "False")[at % 2], 2, task=None)
    classes("tgt_iris", lambda at: str(at % 3), 3, task=None)
    classes("tgt_words", lambda at: ("low", "mid", "high")[at % 3], 3, task=None)
    classes(
        "tgt_unbalanced", lambda at: "rare" if at % 40 == 0 else "common", 2, "accept_with_notice", notices=["class_imbalance"]
    )
    classes("tgt_rare", lambda at: "z" if at < 2 else ("x", "y")[at % 2], 3, "accept_with_notice", notices=["rare_class"])
    classes("tgt_one_class", lambda at: "only", None, "refuse", error="single_class_target|constant_target")
    classes(
        "tgt_one_class_one_empty",
        lambda at: "" if at == 3 else "only",
        None,
        "refuse",
        error="single_class_target|constant_target",
    )
    classes(
        "tgt_unique", lambda at: f"name {at}", None, "refuse", error="too_many_classes", say=["120 distinct values in 120 rows"]
    )
    classes("tgt_decimals_as_classes", lambda at: f"{at * 1.37:.2f}", None, "refuse", error="too_many_classes")
    classes(
        "tgt_40_classes", lambda at: f"k{at % 40}", 40, "accept_with_notice", notices=["many_classes", "rare_class"], rows=300
    )
    classes(
        "tgt_infinite",
        lambda at: "inf" if at == 3 else f"{at * 1.5}",
        None,
        "accept_with_notice",
        task="regression",
        rows_used=119,
        notices=["non_finite_values", "missing_target_rows_dropped"],
    )
    classes(
        "tgt_words_in_numbers",
        lambda at: "n.n." if at == 3 else f"{at * 1.5}",
        None,
        "accept_with_notice",
        task="regression",
        rows_used=119,
        notices=["non_numeric_in_numeric_column", "missing_target_rows_dropped"],
    )
    classes(
        "tgt_words_as_regression",
        lambda at: ("low", "high")[at % 2],
        None,
        "refuse",
        task="regression",
        error="non_numeric_in_numeric_column",
    )
    classes(
        "tgt_date",
        lambda at: f"2024-01-{at % 28 + 1:02d}",
        None,
        "refuse",
        task="regression",
        error="non_numeric_in_numeric_column",
    )
    classes("tgt_tiny", lambda at: f"{at * 1e-12:.3e}", None, task="regression")
    classes("tgt_html", lambda at: ("<b>a</b>", "<script>alert(1)</script>")[at % 2], 2)


def add_to(c: Corpus) -> None:
    for part in (shapes, targets):
        part(c)
