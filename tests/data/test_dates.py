"""Dates, months, quarters and times as people write them; two-digit years lie in one century, never in the future by accident."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

import tuning_core as tc
from tuning_core.data.inference.clock import read_hours
from tuning_core.data.inference.date_order import century_start, is_day_of_month, is_year_first
from tuning_core.data.inference.dates import read_dates
from tuning_core.data.inference.months import month_of

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
DAYS = [date(2014, 1, 1) + timedelta(2 * at) for at in range(24)]


def read(cells, name="c"):
    rows = "".join(f'"{cell}",{at}\n' for at, cell in enumerate(cells))
    return tc.read_table(f"{name},n\n{rows}".encode())


def dates_of(cells, **known):
    found = read_dates(list(cells), np.ones(len(cells), dtype=int), None, False, False, **{"this_year": 2026, **known})
    return None if found is None else [str(value)[:10] for value in found.values]


@pytest.mark.parametrize(
    ("years", "first"),
    [
        (range(50, 97), 1950),
        (range(62, 107), 1962),
        ([98, 99, 0, 1, 2, 3], 1998),
        (range(20, 63), 1920),  # years of birth
        (range(20, 29), 2020),  # around the present: contracts that end
        ([31, 33, 35], 1931),
        ([26], 2026),
        (range(100), 1927),
    ],
)
def test_two_digit_years_lie_in_one_century(years, first):
    start = century_start([year % 100 for year in years], 2026)
    read = [start + (year - start) % 100 for year in years]
    assert min(read) == first and max(read) - min(read) < 100
    assert max(read) <= 2026 or (max(read) <= 2031 and max(read) - min(read) <= 15)


def test_every_cell_of_the_column_is_read_in_that_century():
    assert dates_of(["1/1/62", "5/5/70", "9/9/07"]) == ["1962-01-01", "1970-05-05", "2007-09-09"]
    assert dates_of(["1/1/62"], first_year=2000) == ["2062-01-01"]  # as an earlier reading of the column found


@pytest.mark.parametrize("form", ["%y-%m-%d", "%y/%m/%d", "%y.%m.%d", "%d.%m.%y", "%m/%d/%y", "%d-%m-%y", "%d %b %Y", "%B %d,%Y"])
@pytest.mark.parametrize("step", [1, -1])
def test_which_number_moves_tells_the_order(form, step):
    days = DAYS[::step]
    assert dates_of([day.strftime(form) for day in days]) == [day.isoformat() for day in days]


def test_the_first_of_each_year_is_not_taken_for_days_of_one_month():
    assert dates_of([f"01/01/{year:02d}" for year in range(24)])[-1] == "2023-01-01"
    assert not is_year_first([(1, month, year) for year in (10, 11, 12) for month in range(1, 13)], 2026)


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        (lambda y, m: f"{MONTHS[m - 1]} {y}", None),
        (lambda y, m: f"{MONTHS[m - 1]}-{y % 100:02d}", None),
        (lambda y, m: f"{MONTHS[m - 1]} '{y % 100:02d}", None),
        (lambda y, m: f"{y % 100:02d}-{MONTHS[m - 1]}", None),
        (lambda y, m: f"{y} {MONTHS[m - 1]}", None),
        (lambda y, m: f"{y}M{m:02d}", None),
        (lambda y, m: f"{y}-{m:02d}", None),
        (lambda y, m: f"{y}Q{(m + 2) // 3}", "quarter"),
        (lambda y, m: f"{y} Q{(m + 2) // 3}", "quarter"),
        (lambda y, m: f"Q{(m + 2) // 3} {y}", "quarter"),
        (lambda y, m: f"Q{(m + 2) // 3}{y}", "quarter"),
    ],
)
def test_months_and_quarters_begin_on_their_first_day(cell, wanted):
    months = [(1998 + (8 + at) // 12, (8 + at) % 12 + 1) for at in range(0, 48, 3 if wanted else 1)]
    table = read([cell(*month) for month in months])
    starts = [f"{y}-{m if wanted is None else (m + 2) // 3 * 3 - 2:02d}-01" for y, m in months]
    assert table.columns[0].kind == "datetime" and [str(value)[:10] for value in table.frame["c"]] == starts


@pytest.mark.parametrize(
    "word", ["März", "Sept", "juin", "juillet", "agosto", "outubro", "Dezember", "maja", "января", "ağustos"]
)
def test_months_have_names_in_many_languages(word):
    wanted = {"März": 3, "Sept": 9, "juin": 6, "juillet": 7, "agosto": 8, "outubro": 10, "Dezember": 12, "maja": 5}
    assert month_of(word) == wanted.get(word, 1 if word == "января" else 8)


@pytest.mark.parametrize(
    "cells",
    [
        [f"Item {at:02d}" for at in range(24)],
        [f"Market {at:02d}" for at in range(24)],
        [f"Set {at:02d}" for at in range(1, 10)] * 3,
        [f"{MONTHS[at // 31]}-{at % 31 + 1:02d}" for at in range(60)],  # days of no year
        [f"{at % 31 + 1}-{MONTHS[at // 31]}" for at in range(60)],
        [MONTHS[at % 12] for at in range(24)],
        ["2014", "2014Q1", "2014M01", "2015"] * 6,  # a year is no quarter
    ],
)
def test_what_only_looks_like_months_is_no_date(cells):
    assert read(cells).columns[0].kind in ("id", "categorical", "text")


def test_days_of_the_month_are_told_from_years():
    assert is_day_of_month([(1, day) for day in range(1, 32)] + [(2, day) for day in range(1, 29)], False)
    assert not is_day_of_month([(month, year) for year in (10, 11, 12) for month in range(1, 13)], False)


@pytest.mark.parametrize("every", [2, 5, 8])
@pytest.mark.parametrize("serial", [True, False])
def test_spreadsheet_numbers_among_dates(every, serial):
    cells = [day.strftime("%d/%m/%Y") if (at % every == 0) != serial else str(41640 + 2 * at) for at, day in enumerate(DAYS)]
    table = read(cells)
    assert table.columns[0].kind == "datetime"
    assert [value.date() for value in table.frame["c"]] == DAYS
    assert any("days counted as spreadsheets do" in notice.message for notice in table.notices)


def test_shares_are_counted_over_rows():
    table = read(["soon"] * 30 + [day.isoformat() for day in DAYS])  # 24 distinct dates, one word: most rows hold the word
    assert table.columns[0].kind != "datetime"
    assert read(["soon"] * 2 + [day.isoformat() for day in DAYS]).columns[0].kind == "datetime"


def test_times_with_dots_and_letters_are_hours():
    np.testing.assert_allclose(read_hours(["18.00.00", "7.30.36", "18:00:00", "18h30", "18 h"]), [18, 7.51, 18, 18.5, 18])
    assert np.isnan(read_hours(["18.00", "25.00.00", "10.61.00", "h"])).all()
    table = read([f"{at % 24}.{at * 7 % 60:02d}.{at * 13 % 60:02d}" for at in range(48)])
    assert table.columns[0].kind == "numeric" and table.frame["c"][1] == pytest.approx(1 + 7 / 60 + 13 / 3600)


def test_the_notice_says_how_years_were_read():
    table = read([f"{at % 28 + 1}.{at % 12 + 1}.{year:02d}" for at, year in enumerate(range(50, 97))], "born")
    assert any("two-digit years taken as 1950 to 1996" in notice.message for notice in table.notices)
    assert table.reading["repairs"]["born"]["first_year"] == 1950
    assert table.frame["born"].max() < pd.Timestamp("1997-01-01")
