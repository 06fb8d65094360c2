"""How a file begins, for a person's eyes."""

from __future__ import annotations

import gzip

import pytest

from tuning_core.data.reading.raw_preview import LINES, glimpse

TEXT = "größe\tname\n1\ta\x07b\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gzip"])
def test_the_first_lines_whatever_the_encoding(tmp_path, encoding):
    path = tmp_path / "upload"
    path.write_bytes(gzip.compress(TEXT.encode()) if encoding == "gzip" else TEXT.encode(encoding))
    assert glimpse(path) == "größe→name\n1→a·b"


def test_a_given_encoding_is_used_and_latin_1_where_utf_8_fails(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes("größe ÄÖÜ".encode("cp1252"))
    assert glimpse(path) == glimpse(path, "cp1252") == "größe ÄÖÜ"
    assert glimpse(path, "no such codec") != ""


def test_long_files_and_lines_are_cut(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes((b"x" * 1000 + b"\n") * 100_000)
    lines = glimpse(path).split("\n")
    assert len(lines) == LINES and all(len(line) < 310 for line in lines)
