"""Numbers with what stands beside them: currencies, magnitudes, units, other scripts' digits; and what only looks like them."""

from __future__ import annotations

import numpy as np
import pytest

import tuning_core as tc

FULL_WIDTH = str.maketrans("0123456789.%-$", "０１２３４５６７８９．％－＄")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def read(cells):
    rows = "".join(f'"{cell}",{at}\n' for at, cell in enumerate(cells))
    return tc.read_table(f"c,n\n{rows}".encode())


def said(table):
    return {notice.kind: notice.message for notice in table.notices}


@pytest.mark.parametrize(
    ("cell", "factor"),
    [
        (lambda v: f"EUR{v:.1f}M" if v % 2 else f"EUR{v * 1000:.0f}K", 1e6),
        (lambda v: f"${v} B", 1e9),
        (lambda v: f"$ {v}bn", 1e9),
        (lambda v: f"{v} Mio. €", 1e6),
        (lambda v: f"£{v} million", 1e6),
        (lambda v: f"{v} million", 1e6),
        (lambda v: f"{v}M" if v % 3 else f"{v * 1000}k", 1e6),
        (lambda v: f"₹{v} crore", 1e7),
        (lambda v: f"{v} bn USD", 1e9),
    ],
)
def test_magnitudes_are_multiplied_out_and_said(cell, factor):
    table = read([cell(v) for v in range(1, 25)])
    assert table.columns[0].kind in ("integer", "numeric") and table.columns[0].missing == 0
    np.testing.assert_allclose(table.frame["c"].astype(float), np.arange(1, 25) * factor, rtol=1e-12)
    message = said(table)["currency_parsed"]
    assert "multiplied out" in message and cell(1) in message


@pytest.mark.parametrize(
    "unit",
    [
        " m2",
        " m²",
        "km/h",
        " sq ft",
        " sq. ft.",
        " µg/m3",
        " l/100km",
        " kg",
        "+",
        "°C",
        " years old",
        " GB",
        " mmol/l",
        " kWh/m2",
    ],
)
def test_units_are_taken_away_and_named_as_the_file_spells_them(unit):
    table = read([f"{v * 8}.30{unit}" for v in range(1, 25)])
    np.testing.assert_allclose(table.frame["c"], np.arange(1, 25) * 8 + 0.3)
    assert f"({unit.strip()} removed)" in said(table)["currency_parsed"]


@pytest.mark.parametrize("cell", [lambda v: f"{v}.5".translate(FULL_WIDTH), lambda v: f"{v}.5".translate(ARABIC)])
def test_digits_of_other_scripts(cell):
    np.testing.assert_allclose(read([cell(v) for v in range(1, 25)]).frame["c"], np.arange(1, 25) + 0.5)


def test_full_width_signs():
    assert "percent_parsed" in said(read([f"{v}%".translate(FULL_WIDTH) for v in range(24)]))
    assert read([f"-{v}".translate(FULL_WIDTH) for v in range(1, 25)]).frame["c"].sum() == -300
    assert "currency_parsed" in said(read([f"${v}".translate(FULL_WIDTH) for v in range(24)]))


@pytest.mark.parametrize(
    "cells",
    [
        [f"{v} any st." for v in range(100, 124)],
        [f"{v} N Main St" for v in range(100, 124)],
        [f"{v} Oak Ave" for v in range(100, 124)],
        ["GBP1", "GBP3", "DKK1", "DKK2", "TP53", "BRCA1"] * 4,
        ["GBP1", "GBP3", "DKK1", "DKK2"] * 6,
        ["5A2", "7B3", "6C2"] * 8,
        ["$5", "€7", "free", "n/k"] * 6,
    ],
)
def test_addresses_and_names_are_no_numbers(cells):
    table = read(cells)
    assert table.columns[0].kind in ("id", "categorical", "text") and table.columns[0].missing == 0
    assert "currency_parsed" not in said(table)


@pytest.mark.parametrize(
    ("signs", "words"),
    [(("${}", "€{}"), "'$' and '€'"), (("{} kg", "{} lb"), "'kg' and 'lb'"), (("{}%", "{}"), "'%' and plain numbers")],
)
def test_mixed_units_set_the_column_aside_and_nothing_else(signs, words):
    table = read([signs[v % 2].format(v * 10) for v in range(1, 25)])
    assert table.columns[0].kind == "text" and table.columns[0].role == "left_out" and table.columns[1].role == "feature"
    assert f"mixes {words}" in said(table)["mixed_units"] and table.columns[0].reason.startswith("mixes ")


def test_codes_with_letters_are_never_missing():
    for cells in ([*map(str, range(2, 56)), "01A", "13A", "25B"], [str(v % 16 + 1) for v in range(100)] + ["16a", "16b"] * 3):
        table = read(cells)
        assert table.columns[0].missing == 0 and table.columns[0].kind in ("id", "categorical")
        assert len({"code_like_column", "id_like_column"} & set(said(table))) == 1  # one cause, one notice


def test_one_letter_that_slipped_in_is_no_code():
    table = read([*(f"{v}.25" for v in range(60)), "2x"])
    assert table.columns[0].kind == "numeric" and table.columns[0].missing == 1
