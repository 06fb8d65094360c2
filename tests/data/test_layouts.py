"""Where tables begin and which lines are no rows: headers of several lines, titles, settings, comments, quotes, delimiters."""

from __future__ import annotations

import pytest

import tuning_core as tc

R = range(20)
NUMBERS = "".join(f"{at * 1.5:.2f},{at * at % 17},{at % 7}\n" for at in R)


def read(text):
    return tc.read_table(text.encode())


def names(text):
    return list(read(text).frame.columns)


def lines(cell, count=20):
    return "".join(cell(at) + "\n" for at in range(count))


SURVEY = "id,Which?,,Age\n,Tea,Coffee,Response\n" + lines(
    lambda at: ",".join([str(900 + at), "Tea" * (at % 2), "Coffee" * (at % 3 > 0), ("18-29", "30-44")[at % 2]])
)
FEW = lines(lambda at: f"S{at},{at},{at + 2},{at + 1},{at * 3},{at * 4}", 10)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "site,length,,,weight,\n,min,max,mean,min,max\n" + FEW,
            ["site", "length min", "length max", "length mean", "weight min", "weight max"],
        ),
        (
            ",2020,,2021,,\ncountry,men,women,men,women,all\n" + FEW,
            ["country", "2020 men", "2020 women", "2021 men", "2021 women", "2021 all"],
        ),
        ("time,force,length\ns,N,mm\n" + lines(lambda at: f"{at},{at * 2.5},{at / 7:.3f}", 10), ["time", "force", "length"]),
        (
            "time;force;length\n[s];[N];[mm]\n" + lines(lambda at: f"{at};{at * 2.5};{at / 7:.3f}", 10),
            ["time", "force", "length"],
        ),
        (
            "time,force,length,note\ns,N,mm,\n"
            + lines(lambda at: f"{at},{at * 2.5},{'' if at % 3 else at},{'' if at % 5 else 'ok'}", 14),
            ["time", "force", "length", "note"],
        ),
        (
            "a,,b,\nX,Y,X,Y\n" + lines(lambda at: f"{at},{'' if at % 2 else at},{at / 7:.3f},{'' if at % 3 else at}", 12),
            ["a X", "a Y", "b X", "b Y"],
        ),
        (SURVEY, ["id", "Which? Tea", "Which? Coffee", "Age"]),
        (
            "1,2,3,4\nname,age,height,weight\n" + lines(lambda at: f"P{at},{20 + at},{150 + at},{60 + at}"),
            ["name", "age", "height", "weight"],
        ),
        (",0,1,2\n,a,b,c\n" + lines(lambda at: f"{at},{at * 2},{at * 3},{at * 5}"), ["column_1", "a", "b", "c"]),
        ("country,2015\n" + lines(lambda at: f"C{at},{at * 37 % 500}"), ["country", "2015"]),
        ("state,code,2022\n" + lines(lambda at: f"S{at},K{at % 4},{at * 0.37:.3f}"), ["state", "code", "2022"]),
        ("Sales,\nCreated 2020-01-01,\nregion,amount\n" + lines(lambda at: f"R{at},{at * 10}"), ["region", "amount"]),
        ('"Sales, by region",\nregion,amount\n' + lines(lambda at: f"R{at},{at * 10}"), ["region", "amount"]),
        (lines(lambda at: f"Param{at}: {at * 3}", 30) + "x,y,z\n" + NUMBERS, ["x", "y", "z"]),
        (
            lines(lambda at: f"Param{at},{at * 3 if at % 3 else 'on'}", 40)
            + "x,y\n"
            + lines(lambda at: f"{at * 0.5},{at * at}", 80),
            ["x", "y"],
        ),
        (
            lines(lambda at: f"Param{at}\t{at * 3 if at % 3 else 'on'}", 22)
            + "x\ty\n"
            + lines(lambda at: f"{at * 0.5}\t{at * at}", 80),
            ["x", "y"],
        ),
    ],
)
def test_the_names_are_found(text, wanted):
    table = read(text)
    assert list(table.frame.columns) == wanted
    assert (
        len(table.frame)
        == sum(line.strip() != "" for line in text.splitlines())
        - table.reading["header_line"]
        - table.reading["lines_after_header"]
    )


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (lines(lambda at: f"Film {at},{2000 + at * 7 % 20}"), 20),  # a year that is a value
        ("name,note\n" + lines(lambda at: f"R{at},{'' if at % 4 else 'x'}"), 20),  # cells left empty are no titles
        ('# see, "Smith et al\nx,y,z\n' + NUMBERS, 20),
        ("# a, b, c\n# d, e, f\nx,y,z\n" + NUMBERS, 20),
        ("x,y,z\n" + NUMBERS + "# pause, now, then\n", 20),
        ("// by us\n// in 2020, at noon, here\nx,y,z\n" + NUMBERS, 20),
        ("tag,who,where\n" + lines(lambda at: f"#tag{at},W{at % 4},X{at % 3}"), 20),
        ("title,who,where\n" + lines(lambda at: f"{'' if at % 9 else '#'}tag{at},W{at % 4},X{at % 3}"), 20),
        ("title,year,plays\n" + lines(lambda at: f"{'Song' if at % 9 else '#1 Song'} {at},{1970 + at},{at}") + "# the end\n", 20),
        ("#,name,value\n" + lines(lambda at: f"{at},n{at % 3},{at * 2}"), 20),
        (lines(lambda at: f"# line {at}", 40) + "a,b\n" + lines(lambda at: f"{at},{at * 2}", 12), 12),
        ("# see https://x.org for more\n" + lines(lambda at: f"{at} {at * 2} {at * 3} {at * 4} {at * 5}"), 20),
        ('a,b\n' + lines(lambda at: f'"w, {at} ","v; {at}, x "'), 20),
        ("a,b,c\n" + lines(lambda at: f'"w {at}" ,{at},"x, {at}" '), 20),
        ("a,b,c\n" + lines(lambda at: f'"w\n {at}" ,{at},"x, {at}"'), 20),
        ("a,b,c\n" + lines(lambda at: f'{at},"",{at * 2}'), 20),
        ("a;;c\n" + lines(lambda at: f"{at};;{at * 2}"), 20),
        ("a||c\n" + lines(lambda at: f"{at}||{at * 2}"), 20),
        ("a,b,c,d,e\n" + lines(lambda at: f"{at},{at},x{at % 3},{at}," if at != 7 else "7,,7,x1,7,"), 19),
        ("a,b,c,d\n" + lines(lambda at: f"w{at % 5},x{at % 3},y{at % 4}," if at != 7 else "w1,,x1,y1,"), 19),
        ("a,b,c\n" + lines(lambda at: f"{at},{at},{at},"), 20),
    ],
)  # fmt: skip
def test_rows_are_counted_as_a_person_counts_them(text, rows):
    assert len(read(text).frame) == rows


def test_comments_with_links_and_dates_name_no_columns():
    data = lines(lambda at: f"{at * 1.1:.2f} {at * at}")
    for comment in ("# Web: https://example.org", "# Date: 2020-01-01", "# Source: here"):
        assert names(f"{comment}\n{data}") == ["column_1", "column_2"]
    assert names(f"# x y\n{data}") == ["x", "y"]


def test_hash_in_a_cell_of_its_own_is_a_name():
    assert names("#,name,value\n" + lines(lambda at: f"{at},n{at % 3},{at * 2}")) == ["#", "name", "value"]


def test_a_quote_sign_in_a_commented_header_stays():
    text = '# E"(1 Hz),time\n' + lines(lambda at: f"{at * 1.1:.2f},{at}")
    assert names(text) == ['E"(1 Hz)', "time"]


def test_lines_that_begin_with_a_sign_inside_quoted_cells_are_no_comments():
    table = read("title,url,n\n" + lines(lambda at: f'"first\n# ||a - b||\n||c -|| d",https://x.org/{at % 3},{at}'))
    assert table.reading["delimiter"] == "," and len(table.frame) == 20


@pytest.mark.parametrize(
    "text",
    [
        "# one\na,b\n1,2\n2,3\n# two\nc,d\n3,4\n5,6\n",
        lines(lambda at: f"a{at},{at}", 30) + lines(lambda at: f"{at},{at},{at}", 60),
        lines(lambda at: f"u{at},v{at},w{at},x", 30) + lines(lambda at: f"{at},{at}", 60),
    ],
)
def test_several_tables_are_refused(text):
    with pytest.raises(tc.TableError) as caught:
        read(text)
    assert caught.value.kind == "ragged_rows" and caught.value.line


def test_doubled_quotes_around_cells():
    table = read('""ID"";""Name"";""Zip""\n' + lines(lambda at: f'""{at}"";""n, {at % 3}"";""0{at + 4000}  ""'))
    assert (
        list(table.frame.columns) == ["ID", "Name", "Zip"]
        and table.frame["Zip"][0] == "04000"
        and table.frame["Name"][1] == "n, 1"
    )


def test_what_is_left_out_is_quoted_with_its_line():
    text = "Report 7,,\nx,y,z\n" + NUMBERS + "1,2,3,4\n"
    said = {notice.kind: notice.message for notice in read(text).notices}
    assert "line 1, 'Report 7,,'" in said["preamble_skipped"] and "line 23, '1,2,3,4' with 4, not 3" in said["ragged_rows"]


def test_too_few_rows_say_how_many_are_needed():
    with pytest.raises(tc.TableError) as caught:
        read("a,b\n" + lines(lambda at: f"{at},{at}", 8))
    assert "at least 10" in caught.value.message and "Add 2 rows" in caught.value.remedy


def test_years_as_names_are_said():
    text = "country,1990,1991,1992,1993\n" + lines(lambda at: f"C{at},{at},{at + 1},{at + 2},{at + 3}")
    notice = next(notice for notice in read(text).notices if notice.kind == "years_as_columns")
    assert notice.columns == ("1990", "1991", "1992", "1993") and "1990 to 1993" in notice.message


@pytest.mark.parametrize(
    ("levels", "task", "word"),
    [((1, 2, 3, 5, 6, 7), "classification", "regression"), (range(1, 8), "classification", "regression"),
     (range(3, 9), "regression", "classification")],
)  # fmt: skip
def test_a_target_of_few_whole_numbers_is_asked_about(levels, task, word):
    levels = list(levels)
    text = "x,type\n" + lines(lambda at: f"{at * 1.7:.1f},{levels[at % len(levels)]}", 140)
    dataset = tc.Dataset(read(text), "type")
    notice = next(notice for notice in dataset.notices if notice.kind == "class_codes")
    assert dataset.task == task and f"choose {word}" in notice.message
    assert not [n for n in tc.Dataset(read(text), "type", task=task).notices if n.kind == "class_codes"]  # the person has said so
