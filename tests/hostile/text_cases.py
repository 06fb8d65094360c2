"""Damage to the text as a whole: encodings, line ends, separators, drawings, quotes."""

from __future__ import annotations

from tests.support.csv_files import HEADER, KINDS, Corpus, base, changed, text, with_column


def encodings(c: Corpus) -> None:
    western = text(changed(3, lambda _, v: {"Oslo": "Zürich", "Bern": "Genève"}.get(v, v)))
    for codec in ("latin-1", "cp1252", "cp850", "mac_roman"):
        c.add(f"enc_{codec}", western.encode(codec), "accept_with_notice", dtypes=KINDS, notices=["encoding_detected"])
    c.add(
        "enc_cp1252_euro",
        text(changed(3, lambda _, v: v + " – €")).encode("cp1252"),
        "accept_with_notice",
        notices=["encoding_detected"],
    )
    for codec, word in (("cp1251", "Москва"), ("koi8-r", "Самара"), ("cp1253", "Αθήνα"), ("cp1250", "Łódź"), ("cp1254", "Muğla")):
        data = text(changed(3, lambda _, v, w=word: w if v == "Oslo" else v)).encode(codec)
        c.add(f"enc_{codec}", data, "accept_with_notice", notices=["encoding_detected"], dtypes=KINDS)
    c.add(
        "enc_utf16be",
        b"\xfe\xff" + western.encode("utf-16-be"),
        "accept_with_notice",
        notices=["encoding_detected"],
        dtypes=KINDS,
    )
    c.add("enc_utf16_no_bom", western.encode("utf-16-le"), "accept_with_notice", notices=["encoding_detected"], dtypes=KINDS)
    c.add("enc_utf32", western.encode("utf-32"), "accept_with_notice", notices=["encoding_detected"], dtypes=KINDS)
    broken = western.encode().replace("Zürich".encode(), b"Z\xfcrich", 2)
    c.add("enc_utf8_some_latin1", broken, "accept_with_notice", notices=["undecodable_bytes"], dtypes=KINDS)
    c.add(
        "enc_utf8_stray_byte",
        text(base()).encode().replace(b"Oslo", b"Os\xfflo", 1),
        "accept_with_notice",
        notices=[],
        dtypes={"age": "integer", "price": "numeric"},
    )
    c.add("enc_bom_twice", b"\xef\xbb\xbf\xef\xbb\xbf" + text(base()).encode(), "accept", columns=HEADER, dtypes=KINDS)
    c.add("enc_ctrl_z_at_end", text(base()).encode() + b"\x1a", "accept", dtypes=KINDS)
    c.add(
        "enc_nul_padded", text(base()).encode() + b"\x00" * 300, "accept_with_notice", notices=["nul_bytes_removed"], dtypes=KINDS
    )
    c.add(
        "enc_iso2022jp",
        text(changed(3, lambda _, v: "東京" if v == "Oslo" else v)).encode("iso2022_jp"),
        "accept_with_notice",
        notices=["encoding_detected"],
    )


def line_ends(c: Corpus) -> None:
    good = text(base())
    c.add("eol_cr_only", good.replace("\n", "\r"), dtypes=KINDS)
    c.add("eol_crlf", good.replace("\n", "\r\n"), dtypes=KINDS, columns=HEADER)
    c.add("eol_cr_cr_lf", good.replace("\n", "\r\r\n"), dtypes=KINDS, columns=HEADER)
    c.add("eol_none_at_end", good.rstrip("\n"), dtypes=KINDS)
    c.add("eol_many_at_end", good + "\n\n \n\t\n", dtypes=KINDS)
    c.add("eol_blank_first", "\n\n" + good, dtypes=KINDS, columns=HEADER)
    c.add("eol_in_quotes", text(changed(3, lambda at, v: f'"{v}\nCity"' if v == "Oslo" else v)), dtypes=KINDS)
    c.add("eol_unicode_separators", text(changed(3, lambda at, v: v + "\u2028x" if v == "Oslo" else v + "\x0by")), dtypes=KINDS)


def separators(c: Corpus) -> None:
    for label, sep in (
        ("semicolon", ";"),
        ("tab", "\t"),
        ("pipe", "|"),
        ("tilde", "~"),
        ("caret", "^"),
        ("soh", "\x01"),
        ("doubled_pipe", "||"),
        ("doubled_colon", "::"),
        ("colon", ":"),
    ):
        c.add(
            f"sep_{label}",
            text(base(), sep=sep),
            "accept_with_notice",
            dtypes=KINDS,
            columns=HEADER,
            notices=["delimiter_detected"],
        )
    comma = changed(1, lambda _, v: v.replace(".", ","), changed(5, lambda _, v: v.replace(".", ",")))
    first = float(base()[0][5])
    c.add(
        "sep_semicolon_decimal_comma",
        text(comma, sep=";"),
        "accept_with_notice",
        dtypes=KINDS,
        values=[[0, "price", first]],
        notices=["delimiter_detected", "decimal_comma"],
    )
    c.add(
        "sep_tab_decimal_comma",
        text(comma, sep="\t"),
        "accept_with_notice",
        dtypes=KINDS,
        values=[[0, "price", first]],
        notices=["delimiter_detected", "decimal_comma"],
    )
    quoted = changed(5, lambda _, v: '"' + v.replace(".", ",") + '"')
    c.add(
        "sep_comma_quoted_decimal_comma",
        text(quoted),
        "accept_with_notice",
        dtypes=KINDS,
        values=[[0, "price", first]],
        notices=["decimal_comma"],
    )
    c.add("sep_comma_blank", text(base(), sep=", "), dtypes=KINDS, columns=HEADER)
    c.add("sep_comma_blank_quoted", text(changed(3, lambda _, v: f'"{v}, N"'), sep=", "), dtypes=KINDS, columns=HEADER)
    c.add(
        "sep_trailing",
        text([[*row, ""] for row in base()], [*HEADER, ""]),
        "accept_with_notice",
        dtypes=KINDS,
        columns=HEADER,
        notices=["extra_trailing_delimiter"],
    )
    c.add(
        "sep_trailing_rows_only",
        text([[*row, ""] for row in base()]),
        "accept_with_notice",
        dtypes=KINDS,
        columns=HEADER,
        notices=["extra_trailing_delimiter"],
    )
    c.add(
        "sep_leading_and_trailing",
        text([["", *row, ""] for row in base()], ["", *HEADER, ""], sep="|"),
        "accept_with_notice",
        dtypes=KINDS,
        columns=HEADER,
        notices=["extra_trailing_delimiter"],
    )
    c.add(
        "sep_hint_tab",
        "sep=\t\n" + text(base(), sep="\t"),
        "accept_with_notice",
        dtypes=KINDS,
        columns=HEADER,
        notices=["delimiter_detected"],
    )
    c.add("sep_hint_quoted", '"sep=;"\r\n' + text(base(), sep=";"), "accept_with_notice", dtypes=KINDS, columns=HEADER)
    c.add("sep_hint_comma", "sep=,\n" + text(base()), dtypes=KINDS, columns=HEADER)
    c.add(
        "sep_header_other",
        text([], sep=",") + text(base(), None, sep=";"),
        "accept_or_refuse",
        notices=["delimiter_detected"],
        error="ragged_rows|header_not_found|delimiter_unknown",
        columns=HEADER,
    )
    c.add(
        "sep_unquoted_decimal_comma",
        text(changed(5, lambda _, v: v.replace(".", ","))),
        "refuse",
        error="ragged_rows|header_not_found",
    )
    c.add(
        "sep_half_and_half",
        text(base()[:60]) + text(base()[60:], None, sep=";"),
        "refuse",
        error="ragged_rows|header_not_found|delimiter_unknown",
    )
    c.add(
        "sep_dates_and_times",
        with_column("when", lambda at: f"2024-01-{at % 28 + 1:02d} {at % 24:02d}:15:00"),
        "accept_with_notice",
        rows=120,
        cols=7,
        dtypes={"when": "datetime", **KINDS},
        notices=["date_column"],
    )


def drawings(c: Corpus) -> None:
    """Tables drawn for the eye."""
    numbers = [(str(at * 3), f"{at * 1.5 % 7:.2f}", ("New York", "Oslo", "Los Angeles")[at % 3]) for at in range(40)]
    expect = {"target": "b", "rows": 40, "cols": 3, "columns": ["a", "b", "c"]}
    lines = [f"| {a} | {b} | {word} |\n" for a, b, word in numbers]
    c.add("draw_markdown", "| a | b | c |\n|---|---|---|\n" + "".join(lines), "accept_with_notice", **expect)
    lines = [f" {a} | {b} | {word}\n" for a, b, word in numbers]
    c.add("draw_psql", " a | b | c \n---+---+---\n" + "".join(lines) + "(40 rows)\n", "accept_with_notice", **expect)
    lines = [f"{a:>5}  {b:>8}  {word:<12}\n" for a, b, word in [("a", "b", "c"), *numbers]]
    kinds = {"b": "numeric", "c": "categorical"}
    c.add("draw_wide_blanks", "".join(lines), "accept_with_notice", notices=["delimiter_detected"], dtypes=kinds, **expect)


def quotes(c: Corpus) -> None:
    everything = [[f'"{cell}"' for cell in row] for row in base()]
    c.add("quote_all", text(everything, [f'"{name}"' for name in HEADER]), dtypes=KINDS, columns=HEADER)
    c.add(
        "quote_single",
        text([[f"'{cell}'" for cell in row] for row in base()], [f"'{name}'" for name in HEADER]),
        "accept_with_notice",
        dtypes=KINDS,
        columns=HEADER,
        notices=["dialect_detected"],
    )
    c.add(
        "quote_backslash",
        text(changed(3, lambda at, v: f'"{v} \\"{at % 3}\\", N"')),
        "accept_with_notice",
        notices=["dialect_detected"],
        dtypes={"age": "integer", "price": "numeric"},
    )
    c.add(
        "quote_doubled", text(changed(3, lambda at, v: f'"{v} ""{at % 3}"", N"')), dtypes={"age": "integer", "price": "numeric"}
    )
    c.add("quote_inside_bare", text(changed(3, lambda at, v: f'{v} 5" pipe')), dtypes={"price": "numeric", "city": "categorical"})
    unquoted = text(changed(3, lambda at, v: f"“{v}, N”"))
    first = [[0, "city", f"{base()[0][3]}, N"]]
    c.add("quote_typographic", unquoted, "accept_with_notice", notices=["dialect_detected"], dtypes=KINDS, values=first)
    c.add("quote_commas_inside", text(changed(3, lambda at, v: f'"{v}, Norway"')), dtypes=KINDS)
    c.add(
        "quote_whole_lines",
        "".join(f'"{line}"\n' for line in text(base()).splitlines()),
        "accept_with_notice",
        notices=["dialect_detected"],
        columns=HEADER,
    )
    lines = text(base()).splitlines()
    lines[30] = lines[30].replace(lines[30].split(",")[3], '"Oslo')
    c.add("quote_unclosed_alone", "\n".join(lines) + "\n", "refuse", error="malformed_quotes", say=["line 31"])
    lines[60] = lines[60].replace(lines[60].split(",")[3], '"Bern"')
    c.add("quote_unclosed_then_closed", "\n".join(lines) + "\n", "refuse", error="malformed_quotes", say=["line 31"])
    c.add(
        "quote_tab_bare",
        text(changed(3, lambda at, v: f'"{v}' if at % 5 == 0 else v), sep="\t"),
        "accept_or_refuse",
        notices=["dialect_detected"],
        error="malformed_quotes",
    )


def add_to(c: Corpus) -> None:
    for part in (encodings, line_ends, separators, drawings, quotes):
        part(c)
