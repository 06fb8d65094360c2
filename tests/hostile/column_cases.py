"""Damage to names, and to cells that are missing."""

from __future__ import annotations

import random

from tests.support.csv_files import HEADER, KINDS, Corpus, base, changed, text, with_column


def headers(c: Corpus) -> None:
    c.add("hdr_none_mixed", text(base(), None), "accept_with_notice", target=5, notices=["no_header_suspected"])
    rng = random.Random(3)
    mushrooms = [[rng.choice("abc"), rng.choice("xyz"), rng.choice("kn"), rng.choice("pe")] for _ in range(120)]
    c.add(
        "hdr_none_letters",
        text(mushrooms, None),
        "accept_with_notice",
        target=3,
        task="classification",
        rows=120,
        cols=4,
        notices=["no_header_suspected"],
    )
    c.add(
        "hdr_duplicates",
        text(base(), ["a", "a", "b", "b", "b", "price"]),
        "accept_with_notice",
        notices=["duplicate_columns_renamed"],
        columns=["a", "a_2", "b", "b_2", "b_3", "price"],
    )
    c.add(
        "hdr_duplicates_meet_suffix",
        text(base(), ["a", "a_2", "a", "b", "b", "price"]),
        "accept_with_notice",
        notices=["duplicate_columns_renamed"],
        columns=["a", "a_2", "a_3", "b", "b_2", "price"],
    )
    c.add(
        "hdr_empty",
        text(base(), ["age", "", "rooms", "", "smoker", "price"]),
        "accept_with_notice",
        notices=["empty_column_names_filled"],
    )
    c.add(
        "hdr_index_nameless",
        text([[str(at), *row] for at, row in enumerate(base())], ["", *HEADER]),
        "accept_with_notice",
        rows=120,
        cols=7,
        notices=["empty_column_names_filled", "id_like_column"],
        dtypes=KINDS,
    )
    c.add(
        "hdr_unnamed_0",
        text([[str(at), *row] for at, row in enumerate(base())], ["Unnamed: 0", *HEADER]),
        "accept_with_notice",
        rows=120,
        cols=7,
        notices=["id_like_column"],
        dtypes={"Unnamed: 0": "id"},
    )
    c.add(
        "hdr_r_style",
        text([[f'"{at}"', *row] for at, row in enumerate(base(), 1)]),
        "accept_with_notice",
        rows=120,
        cols=7,
        notices=["empty_column_names_filled"],
        dtypes=KINDS,
    )
    years = [[c2, *(f"{10 + at + year / 10:.1f}" for year in range(5))] for at, c2 in enumerate(f"Land{n}" for n in range(40))]
    c.add(
        "hdr_years",
        text(years, ["country", "1960", "1961", "1962", "1963", "1964"]),
        target="1964",
        rows=40,
        cols=6,
        columns=["country", "1960", "1961", "1962", "1963", "1964"],
    )
    c.add(
        "hdr_units_row",
        text([["years", "m2", "n", "", "", "EUR"], *base()]),
        "accept_with_notice",
        dtypes=KINDS,
        notices=["preamble_skipped"],
    )
    counted = [[f"{at * 7 % 17}", f"{at % 5}.5", f"{at % 11}", f"{at * 3 % 23}"] for at in range(60)]
    expect = {"target": 3, "rows": 60, "cols": 4}
    c.add("hdr_counts_columns", text(counted, ["0", "1", "2", "y"]), columns=["0", "1", "2", "y"], **expect)
    c.add("hdr_counts_all_columns", text(counted, ["1", "2", "3", "4"]), columns=["1", "2", "3", "4"], **expect)
    c.add("hdr_missing_markers", text(base(), ["NA", "nan", "null", "city", "smoker", "price"]), cols=6, rows=120)
    c.add("hdr_commented", "# " + text(base()), dtypes=KINDS, columns=HEADER)
    c.add("hdr_twice", text(base()[:60]) + text(base()[60:]), "accept_with_notice", dtypes=KINDS, notices=["preamble_skipped"])
    c.add(
        "hdr_padded_title",
        "Report,,,,,\nof 2024,,,,,\n" + text(base()),
        "accept_with_notice",
        dtypes=KINDS,
        columns=HEADER,
        notices=["preamble_skipped"],
    )
    c.add(
        "hdr_metadata_pairs",
        "Date,2024-01-01\nUser,jdoe\n" + text(base()),
        "accept_with_notice",
        dtypes=KINDS,
        columns=HEADER,
        notices=["preamble_skipped"],
    )
    c.add(
        "hdr_words_of_python",
        text(base(), ["class", "__proto__", "index", "None", "lambda", "price"]),
        columns=["class", "__proto__", "index", "None", "lambda", "price"],
    )
    markdown = ["**age**", "$x^2$", "[a](javascript:alert(1))", ":smile:", "`code`", "price"]
    c.add("hdr_markdown_latex", text(base(), markdown), columns=markdown)
    formulas = ["=cmd|' /C calc'!A0", "+1", "@SUM(A1)", "-2", "\u0430ge", "price"]
    c.add("hdr_formulas", text(base(), formulas), columns=formulas)
    c.add(
        "hdr_emoji",
        text(base(), ["👩‍🚀", "🏠", "größe", "城市", "مدخن", "price"]),
        columns=["👩‍🚀", "🏠", "größe", "城市", "مدخن", "price"],
    )
    c.add(
        "hdr_fullwidth_twins",
        text(base(), ["age", "ａｇｅ", "A g e", "city", "smoker", "price"]),
        "accept_with_notice",
        notices=["similar_column_names"],
    )
    long = "x" * 3000
    c.add("hdr_long_name", text(base(), [long, *HEADER[1:]]), columns=[long, *HEADER[1:]])
    c.add(
        "hdr_20000_fields", ",".join(["a"] * 20_000) + "\n" + ",".join(["1"] * 20_000) + "\n", "refuse", error="too_many_columns"
    )
    c.add("hdr_one_line_2mb", "a," * 1_000_000 + "a\n", "refuse", error="too_many_columns|no_data_rows")


def missing(c: Corpus) -> None:
    zeros = text(changed(1, lambda at, v: "0" if at % 10 == 0 else str(float(v) + 60)))
    c.add("miss_zeros", zeros, "accept_with_notice", dtypes=KINDS, missing={"size": 0}, notices=["missing_marker_detected"])
    errors = text([["#DIV/0!" if at % 9 == 0 else f"{at * 1.5}", *row] for at, row in enumerate(base())], ["x", *HEADER])
    c.add(
        "miss_excel_errors_first", errors, "accept_with_notice", rows=120, cols=7, missing={"x": 14}, notices=["missing_values"]
    )
    for label, mark in (
        ("empty", ""),
        ("na", "NA"),
        ("null", "NULL"),
        ("blank", "   "),
        ("excel", "#N/A"),
        ("sql", "\\N"),
        ("nan", "nan"),
    ):
        c.add(
            f"miss_{label}",
            text(changed(1, lambda at, v, m=mark: m if at % 10 == 0 else v)),
            "accept_with_notice",
            dtypes=KINDS,
            missing={"size": 12},
            notices=["missing_values"],
        )
    for label, mark in (("question", "?"), ("dash", "-"), ("dot", "."), ("word", "missing")):
        c.add(
            f"miss_{label}",
            text(changed(1, lambda at, v, m=mark: m if at % 10 == 0 else v)),
            "accept_with_notice",
            dtypes=KINDS,
            missing={"size": 12},
            notices=["missing_marker_detected"],
        )
    c.add(
        "miss_question_category",
        text(changed(3, lambda at, v: "?" if at % 10 == 0 else v)),
        "accept_with_notice",
        dtypes=KINDS,
        missing={"city": 12},
        notices=["missing_marker_detected"],
    )
    c.add(
        "miss_999",
        text(changed(0, lambda at, v: "-999" if at % 10 == 0 else v)),
        "accept_with_notice",
        dtypes=KINDS,
        missing={"age": 0},
        notices=["missing_marker_detected"],
    )
    c.add(
        "miss_everywhere",
        text([["" if (at * 7 + j * 3) % 4 == 0 and j < 5 else v for j, v in enumerate(r)] for at, r in enumerate(base())]),
        "accept_with_notice",
        notices=["missing_values"],
        dtypes={"age": "integer", "city": "categorical"},
    )
    c.add(
        "miss_empty_column",
        with_column("gone", lambda at: ""),
        "accept_with_notice",
        rows=120,
        cols=7,
        dtypes={"gone": "empty"},
        notices=["empty_column_dropped"],
        missing={"gone": 120},
    )
    c.add(
        "miss_na_column",
        with_column("gone", lambda at: ("NA", "")[at % 2]),
        "accept_with_notice",
        rows=120,
        cols=7,
        dtypes={"gone": "empty"},
        notices=["empty_column_dropped"],
    )
    c.add("miss_target_all", text(changed(5, lambda at, v: "")), "refuse", stage="configure", error="target_all_missing")
    c.add(
        "miss_target_na",
        text(changed(5, lambda at, v: "NA" if at < 20 else v)),
        "accept_with_notice",
        missing={"price": 20},
        rows_used=100,
        notices=["missing_target_rows_dropped"],
        say=["20 rows dropped"],
        rows=120,
        cols=6,
    )
    c.add(
        "miss_target_most",
        text(changed(5, lambda at, v: "" if at >= 5 else v)),
        "refuse",
        stage="configure",
        error="too_few_rows",
    )
    c.add("miss_blank_rows", text(base()) + ",,,,,\n" * 30, "accept_with_notice", dtypes=KINDS, notices=["missing_values"])
    c.add(
        "miss_target_class",
        text(changed(4, lambda at, v: "" if at < 20 else v)),
        "accept_with_notice",
        target="smoker",
        task="classification",
        rows_used=100,
        rows=120,
        cols=6,
        classes=2,
        notices=["missing_target_rows_dropped"],
    )


def add_to(c: Corpus) -> None:
    for part in (headers, missing):
        part(c)
