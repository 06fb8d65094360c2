"""Numbers, dates and words as people write them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from tests.support.csv_files import HEADER, KINDS, Corpus, base, changed, text, with_column


def numbers(c: Corpus) -> None:
    rows = base()
    first = float(rows[0][5])

    def price(cell: Callable[[float, int], str], name: str, action: str = "accept_with_notice", **expect: Any) -> None:
        data = text(changed(5, lambda at, v: cell(float(v), at)))
        c.add(name, data, action, dtypes=KINDS, values=[[0, "price", first]], **expect)

    price(lambda v, _: f'"{v:,.2f}"', "num_thousands_comma", notices=["thousands_separator"])
    price(lambda v, _: f"{v:,.2f}".replace(",", "\u00a0"), "num_thousands_nbsp", notices=["thousands_separator"])
    price(lambda v, _: f"{v:,.2f}".replace(",", " "), "num_thousands_blank", notices=["thousands_separator"])
    price(lambda v, _: f"{v:,.2f}".replace(",", "'"), "num_thousands_swiss", notices=["thousands_separator"])
    price(
        lambda v, _: '"' + f"{v:,.2f} €".translate(str.maketrans(",.", "\u202f,")) + '"',
        "num_french_money",
        notices=["currency_parsed", "decimal_comma", "thousands_separator"],
    )
    price(lambda v, _: f"${v:.2f}", "num_dollar", notices=["currency_parsed"])
    price(lambda v, _: f'"$ {v:,.2f}"', "num_dollar_thousands", notices=["currency_parsed", "thousands_separator"])
    price(lambda v, _: f"{v:.2f} €", "num_euro_behind", notices=["currency_parsed"])
    price(lambda v, _: f"USD {v:.2f}", "num_currency_code", notices=["currency_parsed"])
    price(lambda v, _: f"{v:.2f} km", "num_unit", notices=["currency_parsed"])
    price(lambda v, _: f"{v:.2f}%", "num_percent", notices=["percent_parsed"])
    price(lambda v, _: f"{v / 1000:.5f}D+03", "num_fortran", "accept", notices=[])
    price(lambda v, _: f"+{v:.2f}", "num_plus", "accept", notices=[])
    price(
        lambda v, _: f"{v:.2f}".translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        "num_fullwidth",
        "accept",
        notices=[],
    )
    c.add(
        "num_brackets",
        text(changed(5, lambda at, v: f"({v})" if at % 3 == 0 else v)),
        dtypes=KINDS,
        values=[[0, "price", -first]],
    )
    c.add(
        "num_minus_sign",
        text(changed(5, lambda at, v: f"−{v}" if at % 3 == 0 else v)),
        dtypes=KINDS,
        values=[[0, "price", -first]],
    )
    c.add(
        "num_minus_behind",
        text(changed(5, lambda at, v: f"{v}-" if at % 3 == 0 else v)),
        dtypes=KINDS,
        values=[[0, "price", -first]],
    )
    mixed = {"action": "accept_with_notice", "notices": ["mixed_units"]}
    dollars = text(changed(5, lambda at, v: ("$", "€")[at % 2] + v))
    c.add("num_mixed_currency", dollars, **mixed, target="size", dtypes={"price": "text"}, said=["'price' mixes '$' and '€'"])
    kilograms = text(changed(1, lambda at, v: v + (" kg", " g")[at % 2]))
    c.add("num_mixed_units", kilograms, **mixed, dtypes={"size": "text"}, said=["'size' mixes"])
    percent = text(changed(1, lambda at, v: v + ("%", "")[at % 2]))
    c.add("num_mixed_percent", percent, **mixed, dtypes={"size": "text"}, said=["'size' mixes '%' and plain numbers"])
    c.add(
        "num_thousand_k",
        text(changed(5, lambda at, v: f"{float(v) / 1000:.4f}k" if at % 2 else v)),
        "accept_with_notice",
        dtypes=KINDS,
        notices=["currency_parsed"],
        values=[[0, "price", first]],
    )
    c.add(
        "num_zip_codes",
        with_column("zip", lambda at: f"{at * 37 % 40 * 113:05d}"),
        "accept_with_notice",
        rows=120,
        cols=7,
        notices=["code_like_column"],
        dtypes={"zip": "categorical"},
    )
    c.add(
        "num_phone",
        with_column("phone", lambda at: f"+49 151 {at * 7919 % 900 + 100} {at * 104729 % 900 + 100}"),
        "accept_with_notice",
        rows=120,
        cols=7,
        dtypes={"phone": "id"},
        notices=["id_like_column"],
    )
    c.add(
        "num_ip",
        with_column("ip", lambda at: f"192.168.{at % 256}.{at * 7 % 256}"),
        "accept_with_notice",
        rows=120,
        cols=7,
        dtypes={"ip": "id"},
        notices=["id_like_column"],
    )
    c.add("num_versions", with_column("v", lambda at: f"1.{at % 4}.{at % 3}"), rows=120, cols=7, dtypes={"v": "categorical"})
    c.add(
        "num_few_words",
        text(changed(1, lambda at, v: "unknown size" if at in (3, 50) else v)),
        "accept_with_notice",
        dtypes=KINDS,
        notices=["non_numeric_in_numeric_column"],
        missing={"size": 2},
    )
    c.add(
        "num_censored",
        text(changed(1, lambda at, v: "<20" if at in (3, 50) else v)),
        "accept_with_notice",
        dtypes=KINDS,
        notices=["non_numeric_in_numeric_column"],
    )
    c.add(
        "num_30_digits",
        with_column("n", lambda at: str(10**29 + at * 7)),
        "accept_with_notice",
        rows=120,
        cols=7,
        dtypes={"n": "id"},
        notices=["id_like_column", "extreme_values"],
    )
    c.add(
        "num_ambiguous_thousands",
        with_column("n", lambda at: f'"{1 + at % 9},{100 + at}"'),
        "accept_with_notice",
        rows=120,
        cols=7,
        dtypes={"n": "integer"},
        values=[[0, "n", 1100]],
        notices=["thousands_separator"],
    )
    c.add("num_1e200", text(changed(1, lambda at, v: v + "e200")), "accept_with_notice", dtypes=KINDS, notices=["extreme_values"])
    c.add(
        "num_target_1e300",
        text(changed(5, lambda at, v: v + "e300")),
        "accept_or_refuse",
        stage="configure",
        error="extreme_values",
        notices=["extreme_values"],
        rows=None,
        cols=None,
    )
    c.add(
        "num_outlier",
        text(changed(1, lambda at, v: "9e9" if at == 7 else v)),
        "accept_with_notice",
        dtypes=KINDS,
        notices=["outliers"],
    )
    c.add("num_booleans_01", text(changed(4, lambda at, v: str(int(v == "yes")))), dtypes={"smoker": "integer"})
    c.add("num_true_false", text(changed(4, lambda at, v: str(v == "yes"))), dtypes={"smoker": "boolean"})
    c.add("num_whole_floats", text(changed(0, lambda at, v: v + ".0")), dtypes={"age": "numeric"})
    c.add(
        "num_mixed_decimals",
        text(changed(1, lambda at, v: f'"{v.replace(".", ",")}"' if at % 10 == 0 else v)),
        "accept_with_notice",
        dtypes=KINDS,
        notices=["non_numeric_in_numeric_column"],
    )
    c.add(
        "num_ranges",
        with_column("r", lambda at: f"{at % 5 * 10}-{at % 5 * 10 + 9}"),
        rows=120,
        cols=7,
        dtypes={"r": "categorical"},
    )
    c.add(
        "num_ordinals",
        with_column("r", lambda at: ("1st", "2nd", "3rd", "4th")[at % 4]),
        rows=120,
        cols=7,
        dtypes={"r": "categorical"},
    )


def dates(c: Corpus) -> None:
    def when(
        name: str, cell: Callable[[int], str], kind: str = "datetime", notices: Sequence[str] = ("date_column",), **expect: Any
    ) -> None:
        c.add(
            name,
            with_column("when", cell),
            "accept_with_notice",
            rows=120,
            cols=7,
            dtypes={"when": kind, **KINDS},
            notices=list(notices),
            **expect,
        )

    def day(at: int) -> tuple[int, int, int]:
        return 2000 + at % 20, at % 12 + 1, at * 7 % 28 + 1

    when("date_german", lambda at: "{2:02d}.{1:02d}.{0}".format(*day(at)), values=[[1, "when", "2001-02-08 00:00:00"]])
    when("date_british", lambda at: "{2:02d}/{1:02d}/{0}".format(*day(at)), values=[[1, "when", "2001-02-08 00:00:00"]])
    when("date_american", lambda at: "{1:02d}/{2:02d}/{0}".format(*day(at)), values=[[1, "when", "2001-02-08 00:00:00"]])
    when(
        "date_ambiguous",
        lambda at: f"{at % 12 + 1:02d}/{at * 5 % 12 + 1:02d}/2020",
        notices=["date_column", "ambiguous_date_format"],
    )
    when(
        "date_month_names",
        lambda at: f"{at % 28 + 1}-{('Jan', 'Feb', 'Dec')[at % 3]}-2020",
        values=[[1, "when", "2020-02-02 00:00:00"]],
    )
    when("date_english_long", lambda at: f'"{("March", "April")[at % 2]} {at % 28 + 1}, 2020"')
    when("date_two_digit_years", lambda at: f"{at * 7 % 28 + 1:02d}/{at % 12 + 1:02d}/{at % 20:02d}")
    when("date_12_hours", lambda at: f"01/{at % 28 + 1:02d}/2020 {at % 12 + 1}:30 {('AM', 'PM')[at % 2]}")
    when("date_packed", lambda at: f"2020{at % 12 + 1:02d}{at % 28 + 1:02d}", kind="integer", notices=[])
    c.add(
        "date_packed_named",
        with_column("sale_date", lambda at: f"2020{at % 12 + 1:02d}{at % 28 + 1:02d}"),
        "accept_with_notice",
        rows=120,
        cols=7,
        dtypes={"sale_date": "datetime"},
        notices=["date_column"],
    )
    when(
        "date_some_bad",
        lambda at: "2024-02-31" if at in (5, 9) else f"2024-03-{at % 28 + 1:02d}",
        notices=["date_column", "unparseable_dates"],
        missing={"when": 2},
    )
    when("date_some_empty", lambda at: "" if at % 10 == 0 else f"2024-03-{at % 28 + 1:02d}", missing={"when": 12})
    when("date_far_away", lambda at: ("0001-01-01", "9999-12-31", "1850-06-01")[at % 3])
    when("date_zones", lambda at: f"2024-03-{at % 28 + 1:02d}T10:00:00{('Z', '+02:00', '-0500')[at % 3]}")
    when("date_year_month", lambda at: f"{2000 + at % 20}-{at % 12 + 1:02d}")
    c.add(
        "date_half_words",
        with_column("when", lambda at: "soon" if at % 2 else f"2024-03-{at % 28 + 1:02d}"),
        "accept_with_notice",
        rows=120,
        cols=7,
        notices=["unparseable_dates"],
    )
    c.add("date_quarters", with_column("q", lambda at: f"2020Q{at % 4 + 1}"), rows=120, cols=7, dtypes={"q": "datetime"})


def cells(c: Corpus) -> None:
    def extra(name: str, cell: Callable[[int], str], kind: str, notices: Sequence[str] = (), **expect: Any) -> None:
        c.add(
            name,
            with_column("x", cell),
            "accept_with_notice",
            rows=120,
            cols=7,
            dtypes={"x": kind},
            notices=list(notices),
            **expect,
        )

    words = [
        "the",
        "quick",
        "brown",
        "fox",
        "jumps",
        "over",
        "the",
        "lazy",
        "dog",
        "while",
        "nobody",
        "is",
        "looking",
        "at",
        "all",
    ]
    extra("cell_sentences", lambda at: " ".join(random.Random(at).choices(words, k=12)), "text", ["text_column_ignored"])
    extra("cell_uuid", lambda at: f"{at * 2654435761 % 2**32:08x}-1234-4abc-8def-{at:012x}", "id", ["id_like_column"])
    extra("cell_emails", lambda at: f"user{at}@example.org", "id", ["id_like_column"])
    extra("cell_unique_codes", lambda at: f"K{at * 7919 % 100_003}X", "id", ["id_like_column"])
    extra("cell_constant", lambda at: "same", "constant", ["constant_column"])
    extra("cell_near_constant", lambda at: "odd" if at == 5 else "same", "categorical", ["near_constant_column"])
    extra("cell_near_constant_number", lambda at: "1" if at == 5 else "0", "integer", ["near_constant_column"])
    extra("cell_mixed", lambda at: ("12", "seven", "3", "many")[at % 4], "categorical", ["mixed_type_column"])
    extra("cell_variants", lambda at: ("Red", "red", "RED ", "blue", "Blue")[at % 5], "categorical", ["category_variants"])
    extra("cell_nbsp", lambda at: ("Red", "Red\u00a0", "Blue", "\u200bBlue")[at % 4], "categorical", ["category_variants"])
    extra(
        "cell_unicode_forms",
        lambda at: ("\u00e9t\u00e9", "e\u0301te\u0301", "nuit")[at % 3],
        "categorical",
        ["category_variants"],
    )
    extra("cell_flag_or_nothing", lambda at: ("X", "")[at % 2], "categorical", ["missing_values"])
    extra("cell_formulas", lambda at: ("=1+1", "@SUM(A1)", "+cmd", "-x")[at % 4], "categorical")
    extra("cell_html", lambda at: ("<b>x</b>", "<script>alert(1)</script>")[at % 2], "categorical")
    extra("cell_german_bool", lambda at: ("ja", "nein")[at % 2], "boolean")
    extra("cell_bool_zoo", lambda at: ("Y", "n", "y", "N")[at % 4], "boolean")
    extra("cell_sequence_id", lambda at: str(at + 1), "id", ["id_like_column"])
    c.add(
        "cell_levels_60",
        text([[f"c{at % 60}", *row] for at, row in enumerate(base(600))], ["x", *HEADER]),
        "accept_with_notice",
        rows=600,
        cols=7,
        dtypes={"x": "categorical"},
        notices=["high_cardinality"],
    )
    c.add(
        "cell_levels_mostly_unique",
        with_column("x", lambda at: f"c{at * 7919 % 97}"),
        "accept_with_notice",
        rows=120,
        cols=7,
        notices=["id_like_column"],
        not_said=["high_cardinality"],
    )
    c.add("cell_too_long", text(changed(3, lambda at, v: "x" * 200_000 if at == 3 else v)), "refuse", error="cell_too_long")
    c.add(
        "cell_json_lines_of_text",
        with_column("x", lambda at: f'"[{at}, {at + 1}]"'),
        "accept_with_notice",
        rows=120,
        cols=7,
        dtypes={"x": "text"},
        notices=["text_column_ignored"],
    )


def add_to(c: Corpus) -> None:
    for part in (numbers, dates, cells):
        part(c)
