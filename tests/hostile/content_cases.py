"""Kinds of content in forms that the cases folder does not have: other languages, signs, units, headers, comments and quotes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tests.support.csv_files import Corpus

N = 36


def _table(names: str, rows: Iterable[Sequence[Any]], sign: str = ",") -> str:
    return names + "\n" + "".join(sign.join(map(str, row)) + "\n" for row in rows)


def _column(c: Corpus, name: str, cells: Sequence[str], first: Any = None, **expect: Any) -> None:
    """One column 'v' of N cells beside a target; `first` is its first value as read."""
    data = _table("v,w,price", ((f'"{cell}"', at % 7, at * 1.5) for at, cell in enumerate(cells)))
    if first is not None:
        expect["values"] = [[0, "v", first]]
    c.add(name, data, expect.pop("action", "accept"), rows=len(cells), cols=3, **expect)


def dates(c: Corpus) -> None:
    quarters = [(quarter, year) for year in range(1995, 2004) for quarter in (1, 2, 3, 4)]
    date = {"dtypes": {"v": "datetime"}, "notices": ["date_column"]}
    short = {"low": {"v": "1995-01-01"}, "high": {"v": "2003-12-31"}, "said": ["two-digit years taken as 1995 to 2003"]}
    _column(
        c, "content_quarter_first_short_year", [f"{q}Q{y % 100:02d}" for q, y in quarters], "1995-01-01 00:00:00", **date, **short
    )
    _column(
        c, "content_quarter_apostrophe", [f"Q{q} '{y % 100:02d}" for q, y in quarters], "1995-01-01 00:00:00", **date, **short
    )
    _column(c, "content_quarter_first", [f"{q}Q{y}" for q, y in quarters], "1995-01-01 00:00:00", **date)
    _column(c, "content_iso_weeks", [f"2020-W{at:02d}" for at in range(1, N + 1)], "2019-12-30 00:00:00", **date)
    _column(c, "content_question_numbers", [f"Q{q}-{y % 9:02d}" for q, y in quarters], kind_in={"v": ["id", "categorical"]})
    months = "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"
    polish = [f"{1 + at % 28} {month} 2019" for at, month in enumerate(months.split() * 3)]
    _column(c, "content_months_polish", polish, missing={"v": 0}, not_said=["unparseable_dates"], **date)
    months = "jan feb mrt apr mei jun jul aug sep okt nov dec"
    dutch = [f"3 {month} {1990 + at // 12}" for at, month in enumerate(months.split() * 3)]
    _column(c, "content_months_dutch", dutch, missing={"v": 0}, not_said=["unparseable_dates"], **date)


def numbers(c: Corpus) -> None:
    number = {"dtypes": {"v": "numeric"}, "notices": ["currency_parsed"], "not_said": ["id_like_column", "no_header_suspected"]}
    for name, cell, first in (
        ("euros_a_month", "{} €/Monat", 500),
        ("dollars_an_hour", "${}/hr", 500),
        ("money_per_ton", "{} USD per ton", 500),
        ("yen_oku", "¥{}億", 500e8),
        ("yuan_wan", "{}.5万元", 5_005_000),
        ("rupees_crore", "₹{} Cr", 500e7),
    ):
        _column(c, f"content_{name}", [cell.format(500 + at) for at in range(N)], first, **number)
    mixed = [(f"{at + 2} m", f"{at} ft", "custom")[at % 3] for at in range(N)]
    _column(c, "content_units_and_words", mixed, dtypes={"v": "text"}, notices=["mixed_units"], not_said=["id_like_column"])
    wards = [f"{at:02d}B" if at % 8 == 0 else str(at) for at in range(1, N + 1)]
    _column(c, "content_b_is_no_billion", wards, "1", missing={"v": 0}, not_said=["currency_parsed"], kind_in={"v": ["id"]})
    floors = [f"{at % 12 + 1}{'B' if at % 4 == 0 else ''}" for at in range(N)]
    said = {"notices": ["code_like_column"], "said": ["letters beside numbers: "], "not_said": ["currency_parsed"]}
    _column(c, "content_b_among_floors", floors, "1B", dtypes={"v": "categorical"}, **said)
    _column(c, "content_billions", [f"1.{at}B" if at % 3 else str(at + 1) for at in range(N)], 1, **number)


def labels(c: Corpus) -> None:
    lists = {"notices": ["multi_valued_column"], "dtypes": {"v": "categorical"}}
    colours = ["red", "red, blue", "blue, green", "green", "green, red", "blue, green, red"]
    _column(c, "content_lists_of_commas", [colours[at % 6] for at in range(N)], **lists)
    _column(c, "content_lists_of_slashes", [colours[at % 6].replace(", ", "/") for at in range(N)], **lists)
    places = ["Paris, France", "Rome, Italy", "Lyon, France", "Milan, Italy", "Bonn, Germany", "Nice, France"]
    _column(c, "content_places_are_no_lists", [places[at % 6] for at in range(N)], not_said=["multi_valued_column"])


def headers(c: Corpus) -> None:
    numbers = [(at, at * 2, at * 3.5) for at in range(N)]
    after = {"notices": ["preamble_skipped"], "rows": N, "target": "speed"}
    owned = ((9000 + at, ("Cat", "")[at % 2], ("", "Dog")[at % 3 > 0], 20 + at % 30) for at in range(N))
    options = _table("RespondentID,Which do you own?,,Age\n,Cat,Dog,Response", owned)
    names = ["RespondentID", "Which do you own? Cat", "Which do you own? Dog", "Age"]
    c.add("content_survey_options", options, target="Age", rows=N, cols=4, columns=names, notices=["preamble_skipped"])
    placeholders = _table("Unnamed: 0,Unnamed: 1,Unnamed: 2\ntime,speed,force", numbers)
    c.add("content_placeholders_above", placeholders, cols=3, columns=["time", "speed", "force"], **after)
    groups = _table("year,coal,coal,gas\nyear,use,price,use", ((1990 + at, at, at + 1, at * 3) for at in range(N)))
    c.add(
        "content_group_repeats_name",
        groups,
        target="coal use",
        rows=N,
        cols=4,
        columns=["year", "coal use", "coal price", "gas use"],
    )
    words = (
        "Model Operator Serial Mode Gain Offset Range Filter Lamp Slit Start End Step Smooth Base Cell Path Solvent Run Lab Day"
    )
    for name, values in (("numbers", range(21)), ("both", ["X100", "Kim", *range(19)])):
        settings = "".join(f"{word}\t{value}\n" for word, value in zip(words.split(), values, strict=True))
        data = settings + "\n" + _table("time\tspeed\tforce", numbers, "\t")
        c.add(f"content_settings_{name}", data, cols=3, columns=["time", "speed", "force"], **after)
    years = ",".join(f"1990 [YR{year}]".replace("1990", str(year)) for year in range(1990, 1995))
    wide = _table(f"land,{years}", ((f"L{at % 7}", *(at * step for step in range(1, 6))) for at in range(N)))
    c.add("content_years_in_names", wide, target=1, rows=N, cols=6, notices=["years_as_columns"], say=["5 columns 1990 1994"])


def comments(c: Corpus) -> None:
    rows = _table("a,b,price", ((at, at * 2 % 7, at * 1.5) for at in range(N)))
    for name, sign in (("dashes", "-- "), ("exclamation", "! "), ("rem", "REM ")):
        above = f"{sign}run 3\n{sign}of, three, sensors\n"
        good = {"rows": N, "cols": 3, "columns": ["a", "b", "price"], "notices": ["comment_lines_skipped"]}
        c.add(f"content_comment_{name}", above + rows, **good)
    dashes = _table("a,b,price", (("--" if at % 3 == 0 else at, at * 2 % 7, at * 1.5) for at in range(N)))
    c.add("content_dashes_are_missing", dashes, rows=N, cols=3, missing={"a": 12}, not_said=["comment_lines_skipped"])


def code_pages(c: Corpus) -> None:
    def page(name: str, codec: str, names: str, words: Sequence[str], **expect: Any) -> None:
        data = _table(names, ((words[at % len(words)], at * 1.5) for at in range(N)))
        c.add(f"content_page_{name}", data.encode(codec), target=1, rows=N, cols=2, **expect)

    turkish = {"encoding": "cp1254", "said": ["a guess"], "columns": ["şehir", "sayı"]}
    page("turkish", "cp1254", "şehir,sayı", ["İzmir", "Ağrı", "Muğla", "Iğdır"], **turkish)
    pounds = {"encoding": "cp850", "said": ["a guess"], "values": [[0, "v", 10]]}
    page("dos_pound", "cp850", "v,n", [f"£{10 + at}.00" for at in range(N)], **pounds)
    page("mac_degree", "mac_roman", "v,n", [f"{10 + at}°C" for at in range(N)], encoding="mac_roman", said=["a guess"])
    twice = ["München".encode().decode("cp1252"), "Köln".encode().decode("cp1252")]
    page("utf8_twice", "utf-8", "v,n", twice, values=[[0, "v", "München"]], said=["'Ã¼' on line 2 is 'ü'"])
    page("a_tilde", "utf-8", "v,n", ["SÃO PAULO", "MÃE Ã "], values=[[0, "v", "SÃO PAULO"]], not_said=["encoding_detected"])


def quotes(c: Corpus) -> None:
    good = {"rows": N, "cols": 3, "columns": ["a", "v", "price"], "values": [[0, "v", "x, 0"]]}

    def quoted(name: str, cell: str, names: str = "a,v,price", sign: str = ",") -> None:
        rows = ((f"{at}", cell.format(at % 3), at * 1.5) for at in range(N))
        c.add(f"content_quotes_{name}", _table(names.replace(",", sign), rows, sign), **good)

    quoted("single", "'x, {}'")
    quoted("typographic", "“x, {}”")
    quoted("tab_and_blank", '"x, {}" ', sign="\t")
    quoted("tripled", '"""x, {}"""', names='"""a""","""v""","""price"""')
    line = [f"{at}\tN{at}\t{at * 1.5}\t" if at != 13 else f"{at}\tN\t\t{at}\t{at * 1.5}\t" for at in range(N)]
    left = {"target": None, "rows": N - 1, "cols": 4, "notices": ["ragged_rows"], "say": ["line 15"]}
    c.add("content_tab_too_many", "id\tname\tprice\tnote\n" + "\n".join(line), **left)


def add_to(c: Corpus) -> None:
    for cases in (dates, numbers, labels, headers, comments, code_pages, quotes):
        cases(c)
