"""Files that are no CSV at all, and file names that are no names."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import sqlite3
import struct
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

from tests.support.csv_files import HEADER, KINDS, Corpus, base, text


def not_csv(c: Corpus) -> None:
    good = text(base())

    def refused(name: str, data: bytes | str, error: str, **more: Any) -> None:
        c.add(name, data, "refuse", target=None, task=None, error=error, **more)

    records = [dict(zip(HEADER, row, strict=True)) for row in base(20)]
    refused("txt_json", json.dumps(records), "not_csv_text")
    refused("txt_json_indented", json.dumps({"data": records}, indent=2), "not_csv_text")
    refused("txt_json_lines", "\n".join(map(json.dumps, records)), "not_csv_text")
    refused(
        "txt_html", "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>, , ,</body></html>\n" * 3, "not_csv_text"
    )
    refused("txt_html_table", "<table><tr><td>1</td></tr></table>", "not_csv_text")
    refused("txt_xml", '<?xml version="1.0"?>\n<rows><row a="1"/></rows>\n', "not_csv_text")
    refused("txt_sql", "-- dump\nCREATE TABLE t (a int, b int);\nINSERT INTO t VALUES (1, 2);\n", "not_csv_text")
    refused("txt_yaml", "---\na: 1\nb: 2\n", "not_csv_text")
    refused("txt_python", "import pandas as pd\n\nprint(pd.read_csv('x'))\n", "not_csv_text")
    refused("txt_libsvm", "1 1:0.5 2:0.25\n-1 2:0.5 7:1\n" * 20, "not_csv_text")
    prose = "It was the best of times it was the worst of times\nit was the age of wisdom\nit was the age of foolishness\n"
    refused("txt_prose", prose * 5, "not_csv_text|delimiter_unknown|single_column|ragged_rows")
    letter = "Dear Sir, I write, as ever, to you.\nAll is well, thanks.\nYours, A.\nP.S. no, never, not, now\n"
    refused("txt_prose_commas", letter * 4, "not_csv_text|delimiter_unknown|single_column|ragged_rows|header_not_found")
    refused("txt_404", "404: Not Found", "not_csv_text")
    refused("txt_rtf", "{\\rtf1\\ansi hello}", "not_csv_text")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("data.csv", good)
    refused("bin_zip", archive.getvalue(), "not_csv_binary")
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as packed:
        packed.writestr("[Content_Types].xml", "<x/>")
        packed.writestr("xl/workbook.xml", "<x/>")
    refused("bin_xlsx", book.getvalue(), "not_csv_binary")
    refused("bin_xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "not_csv_binary")
    refused("bin_png", b"\x89PNG\r\n\x1a\n" + zlib.compress(bytes(2000)), "not_csv_binary")
    refused("bin_parquet", b"PAR1" + bytes(range(256)) * 4 + b"PAR1", "not_csv_binary")
    refused("bin_pickle", pickle.dumps(records), "not_csv_binary")
    refused("bin_doubles", struct.pack("<200d", *(0.1 * at for at in range(200))), "not_csv_binary")
    refused("bin_zeros", bytes(4000), "not_csv_binary|nul_bytes|empty_file")
    refused("bin_sqlite", _database(), "not_csv_binary")
    packed_good = gzip.compress(good.encode())
    refused("bin_gzip_cut", packed_good[: len(packed_good) // 2], "corrupt_file")
    refused("bin_gzip_rubbish", packed_good[:20] + b"rubbish" * 30, "corrupt_file")
    refused("bin_gzip_twice", gzip.compress(packed_good), "not_csv_binary")
    refused("bin_gzip_empty", gzip.compress(b""), "empty_file")
    c.add("bin_csv_gz", packed_good, upload_name="data.csv.gz", dtypes=KINDS)


def _database() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.db"
        connection = sqlite3.connect(path)
        connection.execute("create table t (a int)")
        connection.commit()
        connection.close()
        return path.read_bytes()


def file_names(c: Corpus) -> None:
    good = text(base())
    for label, name in (
        ("upper", "DATA.CSV"),
        ("txt", "x.txt"),
        ("tsv", "x.tsv"),
        ("html", "<img src=x onerror=alert(1)>.csv"),
        ("dots", "..."),
        ("slash", "/"),
        ("long", "n" * 4000 + ".csv"),
        ("rtl", "evil\u202evsc.csv"),
        ("newline", "a\nb.csv"),
        ("nul", "a\x00b.csv"),
        ("backslash", "..\\..\\windows\\x.csv"),
        ("sql", "x'); DROP TABLE runs;--.csv"),
        ("blank", " .csv"),
        ("data", "auto.data"),
        ("version", "results.v2"),
    ):
        c.add(f"name_{label}", good, upload_name=name, dtypes=KINDS)
    for label, name in (
        ("exe", "data.csv.exe"),
        ("xlsx", "data.xlsx"),
        ("parquet", "x.parquet"),
        ("json", "x.json"),
        ("png", "x.png"),
    ):
        c.add(f"name_{label}", good, "accept_or_refuse", upload_name=name, error="unsupported_file_type", dtypes=KINDS)


def add_to(c: Corpus) -> None:
    for part in (not_csv, file_names):
        part(c)
