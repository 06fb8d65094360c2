"""What the reader is told to do differently, where it looks for trouble, and that both of its parsers agree."""

from __future__ import annotations

import io

import pandas as pd
import pytest

import tuning_core as tc
from tests.support.csv_files import HEADER, base, changed, text, with_column
from tuning_core.data import ReadOptions
from tuning_core.data.reading import arrow_parser, tokenizer


def kinds(table):
    return {notice.kind for notice in table.notices}


def test_paths_bytes_and_files_give_the_same(tmp_path):
    data = text(base()).encode()
    (tmp_path / "x.csv").write_bytes(data)
    tables = [tc.read_table(source) for source in (data, tmp_path / "x.csv", str(tmp_path / "x.csv"), io.BytesIO(data))]
    for table in tables[1:]:
        pd.testing.assert_frame_equal(table.frame, tables[0].frame)
        assert table.sha256 == tables[0].sha256
    assert [table.name for table in tables] == ["table.csv", "x.csv", "x.csv", "table.csv"]


def test_a_missing_file_is_a_sentence_without_a_path(tmp_path):
    with pytest.raises(tc.TableError) as caught:
        tc.read_table(tmp_path / "nowhere.csv")
    assert caught.value.kind == "file_not_found" and str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize(("thing", "remedy"), [(pd.DataFrame({"a": [1]}), "Table.from_frame"), ([1, 2], "the file itself")])
def test_what_is_no_file_is_refused_with_the_way_out(thing, remedy):
    with pytest.raises(tc.TableError, match="is no file") as caught:
        tc.read_table(thing)
    assert caught.value.kind == "not_a_file" and remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("cells", "options", "wanted"),
    [
        (lambda at: "-999" if at % 10 == 0 else str(at % 50), {"missing": ("-999",)}, "missing 12"),
        (lambda at: f"{at % 10}.0", {"missing_in": {"x": ("0",), "age": ("5",)}}, "missing 12"),
        (lambda at: f"{at % 10}", {"missing_in": {"age": ("0",)}}, "missing 0"),
        (lambda at: ("NA", "BW", "ZA")[at % 3], {"keep": ("NA",)}, "missing 0"),
        (lambda at: ("NA", "BW", "ZA")[at % 3], {}, "missing 40"),
        (lambda at: f"{at % 9 + 1}.{at % 9}00", {"decimal": ",", "thousands": "."}, "value 1000"),
        (lambda at: f"{at % 12 + 1:02d}/{at % 5 + 1:02d}/2020", {"day_first": True}, "value 2020-01-01 00:00:00"),
        (lambda at: f"{2 + at % 9:02d}/{at % 5 + 1:02d}/2020", {"day_first": True}, "value 2020-01-02 00:00:00"),
        (lambda at: f"{2 + at % 9:02d}/{at % 5 + 1:02d}/2020", {"day_first": False}, "value 2020-02-01 00:00:00"),
        (lambda at: ("$5", "€5")[at % 2], {"as_text": ("x",)}, "kind categorical"),
        (lambda at: ("Red", "red")[at % 2], {"fold_variants": False}, "distinct 2"),
        (lambda at: ("Red", "red")[at % 2], {}, "distinct 1"),
        (lambda at: str(at % 50), {"as_text": ("x",)}, "kind text"),
    ],
)
def test_options_are_obeyed(cells, options, wanted):
    table = tc.read_table(with_column("x", cells).encode(), options=ReadOptions(**options))
    column, what = table.column("x"), wanted.split(" ", 1)
    found = {"missing": column.missing, "value": table.frame["x"].iloc[0], "kind": column.kind, "distinct": column.distinct}[
        what[0]
    ]
    assert str(found) == what[1]


def test_delimiter_encoding_and_header_can_be_forced():
    data = "α;β\n" + "1;2\n" * 20
    table = tc.read_table(data.encode("cp1253"), options=ReadOptions(encoding="cp1253", delimiter=";", header=True))
    assert list(table.frame.columns) == ["α", "β"]
    years = "2019,2020\n" + "".join(f"{at},{at + 5}\n" for at in range(20))
    assert len(tc.read_table(years.encode()).frame) == 21
    assert list(tc.read_table(years.encode(), options=ReadOptions(header=True)).frame.columns) == ["2019", "2020"]
    table = tc.read_table(text(base()).encode(), options=ReadOptions(header=False))
    assert table.frame.columns[0] == "column_1" and len(table.frame) == 121


@pytest.mark.parametrize(
    "bad", [{"decimal": ";"}, {"delimiter": "ab"}, {"encoding": "klingon"}, {"encoding": "base64"}, {"thousands": "x"},
            {"decimal": ",", "thousands": ","}, {"delimiter": "\n"}],
)  # fmt: skip
def test_bad_options_are_refused(bad):
    with pytest.raises(tc.SettingsError) as caught:
        ReadOptions(**bad)
    assert caught.value.remedy


def test_options_survive_json():
    options = ReadOptions(decimal=",", missing=("-999", "x"), header=False, missing_in={"a": "0"})
    assert ReadOptions.from_json(options.to_json()) == options
    with pytest.raises(tc.SettingsError):
        ReadOptions.from_json({"decimals": ","})


def test_both_parsers_agree(monkeypatch):
    rows = changed(3, lambda at, v: f'"{v}, ""x""\n{at % 3}"', base(400))
    data = text(
        [[f"{at / 7:.5f}", "" if at % 9 == 0 else f"w{at % 5}", *row] for at, row in enumerate(rows)], ["d", "w", *HEADER]
    )
    careful = tc.read_table(data.encode())
    monkeypatch.setattr(tokenizer, "FAST_BYTES", 0)
    used = []
    parse = arrow_parser.parse
    monkeypatch.setattr(arrow_parser, "parse", lambda *arguments: used.append(1) or parse(*arguments))
    fast = tc.read_table(data.encode())
    assert used
    pd.testing.assert_frame_equal(fast.frame, careful.frame)
    assert fast.columns == careful.columns and fast.notices == careful.notices


@pytest.mark.parametrize(
    "damage",
    [
        lambda s: s.replace("\n", "\n# note\n", 3),
        lambda s: s + "1,2\n",
        lambda s: s + "1,2,3,4,5,6,7,8\n",
        lambda s: s + ",".join(HEADER) + "\n",
        lambda s: "title\n\n" + s,
        lambda s: s.replace("\n", "\r\n"),
        lambda s: s.replace("\n", "\r"),
        lambda s: s.replace("Oslo", '"Oslo'),
    ],
)
def test_large_damaged_files_are_read_as_small_ones_are(monkeypatch, damage):
    data = damage(text(base(300))).encode()

    def outcome():
        try:
            table = tc.read_table(data)
            return table.frame.to_csv(), table.columns, table.notices
        except tc.TableError as error:
            return error.kind, error.message, error.line

    careful = outcome()
    monkeypatch.setattr(tokenizer, "FAST_BYTES", 0)
    assert outcome() == careful


def test_a_refusal_carries_its_line():
    with pytest.raises(tc.TableError) as caught:
        tc.read_table(text(base()).replace("Oslo", '"Oslo', 1).encode())
    assert caught.value.line == next(at for at, row in enumerate(base(), 2) if row[3] == "Oslo")


def test_names_are_never_paths():
    table = tc.read_table(text(base()).encode(), filename="../../etc/\u202epass\x00wd.csv")
    assert table.name == "passwd.csv"


def test_a_file_without_a_header_takes_names_by_hand() -> None:
    rows = "\n".join(f"{i},{i % 7},{'ab'[i % 2]}" for i in range(40)).encode()
    table = tc.read_table(rows, options=ReadOptions(names=("age", "children", "smoker")))
    assert list(table.frame.columns) == ["age", "children", "smoker"] and len(table.frame) == 40
    assert table.frame["age"].tolist() == list(range(40))
    assert not [notice for notice in table.notices if notice.kind == "no_header_suspected"]
    with pytest.raises(tc.TableError, match="2 names for 3 columns"):
        tc.read_table(rows, options=ReadOptions(names=("age", "children")))
    with pytest.raises(tc.UserError, match="header is True"):
        ReadOptions(header=True, names=("age",))
    assert "names" not in ReadOptions(header=False).to_json()
    assert ReadOptions.from_json(ReadOptions(names=("a", "b")).to_json()).names == ("a", "b")
