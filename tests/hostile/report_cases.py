"""Tables as spreadsheets, surveys and instruments write them: several header lines, totals, notes, codes for "no answer"."""

from __future__ import annotations

from tests.support.csv_files import HEADER, KINDS, Corpus, base, changed, text

NAMES = ",".join(HEADER) + "\n"


def header_lines(c: Corpus) -> None:
    rows = base()
    body = text(rows, None)
    good = {"dtypes": KINDS, "columns": HEADER, "notices": ["preamble_skipped"]}
    questions = "How old are you?,How large is it?,How many rooms?,Where?,Do you smoke?,What does it cost?\n"
    imports = ",".join(f'"{{""ImportId"":""QID{at}""}}"' for at in range(6)) + "\n"
    c.add("lines_questions", NAMES + questions + body, "accept_with_notice", **good)
    c.add("lines_questions_and_ids", NAMES + questions + imports + body, "accept_with_notice", **good)
    c.add("lines_types", NAMES + "int,float,int,str,bool,float\n" + body, "accept_with_notice", **good)
    settings = "Model,X1,,,,\nSampling,1000,5,,,\nOperator,anna,b,,,\n"
    c.add("lines_settings", settings + NAMES + body, "accept_with_notice", **good)
    groups = "Person,,House,,Person,\n" + NAMES.replace("price", "age").replace("smoker", "rooms") + body
    joined = ["Person age", "Person size", "House rooms", "House city", "Person rooms", "Person age_2"]
    c.add("lines_groups", groups, "accept_with_notice", target="Person age_2", columns=joined)
    years = ",2020,2020,2021,2021,\nregion,men,women,men,women,price\n"
    cells = "".join(f"R{at % 9},{at % 7},{at % 5},{at % 11},{at % 13},{at % 7 + at % 13}\n" for at in range(120))
    wide = ["region", "2020 men", "2020 women", "2021 men", "2021 women", "2021 price"]
    c.add("lines_years_above", years + cells, "accept_with_notice", target="2021 price", columns=wide)
    flags = "".join(f"A{at % 9}\t{at % 40 / 4} {'bp '[at % 3]}\t{at % 7 or ':'}\t{at % 13}\n" for at in range(120))
    eurostat = "geo\t2019 \t2018 \t2017 \n" + flags
    c.add("lines_years_and_flags", eurostat, "accept_with_notice", target="2017", rows=120, cols=4, dtypes={"2018": "integer"})
    words = changed(1, lambda at, cell: "not measured" if at == 0 else cell)
    c.add("lines_first_row_with_a_word", text(words), "accept_with_notice", columns=HEADER)


def names(c: Corpus) -> None:
    rows = [[row[0], row[1], row[2], row[5]] for row in base()]
    for label, stem in (("var", "VAR"), ("sample", "GSM"), ("column", "COL"), ("channel", "CH")):
        header = [f"{stem}{at}" for at in (1, 2, 3)] + ["price"]
        c.add(f"names_{label}", text(rows, header), cols=4, columns=header, rows=120)
    aligned = "Name      Age  Price\n" + "".join(f"Anna B.   {row[0]:>3}  {row[5]:>9}\n" for row in base())
    c.add("names_of_two_words_aligned", aligned, "accept_with_notice", target="Price", rows=120, cols=3)


def ends(c: Corpus) -> None:
    rows = base()
    body = text(rows)
    good = {"dtypes": KINDS, "notices": ["ragged_rows"]}
    c.add("end_total_everywhere", body + "Gesamtsumme,9000,420,x,y,99999\n", "accept_with_notice", **good)
    c.add("end_total_after_blanks", body + ",,,,,\nTotal,,,,,99999\n", "accept_with_notice", dtypes=KINDS)
    notes = "\nSource: Statistical office, 2023\nNote: prices in thousands\n"
    c.add("end_notes_with_commas", body + notes, "accept_with_notice", **good)
    both = body + "Average,70,3,,,1\nTotal,9000,420,,,99999\n"
    c.add("end_average_and_total", both, "accept_with_notice", say=["2 rows"], **good)
    kept = [["Total" if at in (3, 119) else "Part", *row] for at, row in enumerate(rows)]
    c.add("end_total_is_a_level", text(kept, ["kind", *HEADER]), rows=120, cols=7)


def instruments(c: Corpus) -> None:
    rows = base()
    tabs = "".join(("\t\t" if at % 17 == 3 else "\t").join(row) + "\n" for at, row in enumerate(rows))
    c.add("tabs_doubled_in_places", "\t".join(HEADER) + "\n" + tabs, "accept_with_notice", dtypes=KINDS, notices=["ragged_rows"])
    more = [[("2", "3", "4", "5more")[at % 4], *row] for at, row in enumerate(rows)]
    c.add("words_with_digits", text(more, ["doors", *HEADER]), rows=120, cols=7, dtypes={"doors": "categorical"})
    patients = [[str(842302 + 7919 * at % 90001), *row] for at, row in enumerate(rows)]
    c.add("patients_without_names", text(patients, None), "accept_with_notice", rows=120, cols=7, target="column_7",
          dtypes={"column_1": "id"}, notices=["no_header_suspected", "id_like_column"])  # fmt: skip


def cells(c: Corpus) -> None:
    def one(name: str, cell, kind: str, notice: str | None = None, value: object = None, sep: str = ",") -> None:
        rows = [[cell(at), *row] for at, row in enumerate(base())]
        expect = {"values": [[5, "extra", value]]} if value is not None else {}
        notices = [notice] if notice else []
        c.add(
            name,
            text(rows, ["extra", *HEADER], sep),
            "accept_with_notice",
            rows=120,
            cols=7,
            dtypes={"extra": kind},
            notices=notices,
            **expect,
        )

    german = ("Januar", "Februar", "März", "Mai", "Oktober", "Dezember")
    french = ("janvier", "février", "mars", "juin", "juillet", "août")
    one(
        "cell_german_months", lambda at: f"{at % 28 + 1}. {german[at % 6]} 2021", "datetime", "date_column", "2021-12-06 00:00:00"
    )
    one("cell_french_months", lambda at: f"{at % 28 + 1} {french[at % 6]} 2021", "datetime", "date_column", "2021-08-06 00:00:00")
    one("cell_french_july", lambda at: f"{at % 28 + 1} {french[(at + 5) % 6]} 2021", "datetime", None, "2021-07-06 00:00:00")
    one("cell_spanish_months", lambda at: f"{at % 28 + 1} de agosto de 2021", "datetime", "date_column", "2021-08-06 00:00:00")
    one(
        "cell_chinese_dates", lambda at: f"2023年{at % 12 + 1}月{at % 28 + 1}日", "datetime", "date_column", "2023-06-06 00:00:00"
    )
    one("cell_times_of_day", lambda at: f"{at % 24}:{at % 4 * 15:02d}", "numeric", "times_as_hours", 5.25)
    one("cell_durations", lambda at: f"{at % 3}:{at % 60:02d}:30", "numeric", "times_as_hours", 2 + 5 / 60 + 30 / 3600)
    one("cell_excel_in_german", lambda at: "#NV" if at % 9 == 0 else str(at % 17), "integer", "missing_values")
    one("cell_no_answer", lambda at: "k.A." if at % 9 == 0 else str(at % 17), "integer", "missing_marker_detected")
    one("cell_tabs_and_spaced_thousands", lambda at: f"{at + 1} {at % 1000:03d}", "integer", "thousands_separator", 6005, "\t")
    survey = ("1", "2", "3", "4", "5", "-77", "-99")
    one("cell_survey_codes", lambda at: survey[at % 7], "integer", "missing_marker_detected")


def add_to(c: Corpus) -> None:
    for part in (header_lines, names, ends, instruments, cells):
        part(c)
