"""Big and mean files get an answer in bounded time."""

from __future__ import annotations

import time

import numpy as np
import pytest

import tuning_core as tc


def refusal(data: bytes) -> tuple[str, float]:
    begin = time.process_time()
    with pytest.raises(tc.TableError) as caught:
        tc.read_table(data)
    assert caught.value.remedy
    return caught.value.kind, time.process_time() - begin


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b",".join([b"a"] * 32_000) + b"\n" + b",".join([b"1"] * 32_000) + b"\n", "too_many_columns"),
        (b"a," * 1_000_000 + b"a", "too_many_columns"),
        (b"abcdefghi" * 2_000_000, "cell_too_long"),
        (b"," * 20_000_000, "too_many_columns"),
        (b"\n" * 20_000_000, "empty_file"),
        (b"[" * 3_000_000, "not_csv_text"),
        (b"a,b\n" + b'"' * 5_000_000, "cell_too_long"),
        (b"a,b\r\n" + b"1,2\r\n" * 2_500_000, "too_large"),
        (b"1,2\n" * 53_000_000, "too_large"),
    ],
    ids=["32,000 names", "2 MB header", "one cell", "commas", "line ends", "brackets", "quotes", "rows", "bytes"],
)
def test_mean_files_are_refused_quickly(data, kind):
    found, seconds = refusal(data)
    assert found == kind and seconds < 10


def test_equal_names_are_renamed_in_linear_time():
    data = b",".join([b"a"] * 4_900) + b"\n" + b"\n".join(b",".join([b"%d" % (at % 7)] * 4_900) for at in range(20))
    begin = time.process_time()
    table = tc.read_table(data)
    assert table.frame.shape == (20, 4_900) and time.process_time() - begin < 15
    assert len(set(table.frame.columns)) == 4_900


def test_a_million_rows_are_read_and_split():
    data = b"a,b,c\n" + b"".join(b"%d,%d.5,x%d\n" % (at, at % 977, at % 5) for at in range(1_000_000))
    table = tc.read_table(data)
    assert table.frame.shape == (1_000_000, 3) and "large_data" in {notice.kind for notice in table.notices}
    assert len(tc.Dataset(table, "b").rows.train) == 700_000


@pytest.mark.slow
def test_five_thousand_columns_get_an_answer():
    rng = np.random.default_rng(0)
    lines = [",".join(f"c{at}" for at in range(5_000))]
    lines += [",".join(f"{value:.3f}" for value in rng.normal(size=5_000)) for _ in range(500)]
    table = tc.read_table("\n".join(lines).encode())
    assert "wide_data" in {notice.kind for notice in table.notices}
    dataset = tc.Dataset(table, "c0")
    assert dataset.prepare().transform(dataset.frame, dataset.rows.train).shape == (350, 4_999)
