"""Text files that are no tables, recognised by how they begin, so that the refusal can say what they are."""

from __future__ import annotations

import json
import re

from tuning_core.errors import TableError

_SAVE = "Export the table itself as CSV and upload that."
_KINDS: tuple[tuple[str, str, str], ...] = (
    (
        r"version https://git-lfs\.github\.com/spec/",
        "looks like a Git LFS pointer, which only says where the data are",
        "Fetch the data (git lfs pull, or the download button of the website) and upload that file.",
    ),
    (
        r"\s*(<!--.*?-->\s*)?<(!doctype\s+html|html|head|body)\b",
        "is a web page (HTML)",
        "Often this is a login or error page saved in place of the data: download the CSV itself.",
    ),
    (r"\s*<table\b", "is an HTML table", "Open it in a spreadsheet program and save it as CSV."),
    (r"\s*<(\?xml|svg|rss|kml|gpx|workbook|feed|data)\b", "is an XML file", _SAVE),
    (r"\s*(%[^\n]*\n\s*)*@relation\b", "is a Weka ARFF file", "Save it as CSV, with the attribute names as its first line."),
    (
        r"\s*(--[^\n]*\n\s*|/\*.*?\*/;?\s*)*(create\s+(table|database)|insert\s+into|drop\s+table|set\s+sql_mode)\b",
        "is SQL",
        _SAVE,
    ),
    (r"\s*---\s*\n\s*[\w\"-]+\s*:", "is a YAML file", _SAVE),
    (r"\s*\{\\rtf", "is a rich-text document (RTF)", _SAVE),
    (r"%!PS", "is a PostScript document", _SAVE),
    (r"\s*\\(documentclass|begin\{|usepackage)", "is a LaTeX document", _SAVE),
    (r"-----BEGIN ", "is a key or certificate", "Keep it safe; upload a table instead."),
    (r"BEGIN:V(CARD|CALENDAR)", "is an address book or calendar", _SAVE),
    (r"(From|Received|Return-Path|MIME-Version|Delivered-To): ", "is an e-mail", "Save the attachment and upload that."),
    (r"\[InternetShortcut\]", "is a link to a web page", "Download the file it leads to."),
    (r"#!|(import|from) \w+[\w.]*( import [^\n]*)?( as \w+)?\n|package \w+|#include\b", "is program text", _SAVE),
    (r"%%MatrixMarket", "is a Matrix Market file", _SAVE),
    (r">\S+[^\n]*\n[ACGTUNacgtun\s*-]+\n", "is a FASTA file", _SAVE),
    (r"(diff --git|--- a/|\*\*\* Begin Patch)", "is a patch", _SAVE),
    (
        r"\s*(404|403|401|500)?:?\s*(not found|forbidden|access denied|unauthorized|bad gateway|internal server error)\W*\s*\Z",
        "is an error message of a website, not the data",
        "Download the CSV again and look into it before uploading.",
    ),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE | re.DOTALL), what, remedy) for pattern, what, remedy in _KINDS)
_LIBSVM = re.compile(r"[-+]?\d+(\.\d+)?([ \t]+\d+:[-+.\deE]+)+[ \t]*(#.*)?")


def refuse_text_kind(head: str) -> None:
    """TableError `not_csv_text` when the beginning is that of another kind of text file."""
    for pattern, what, remedy in _PATTERNS:
        if pattern.match(head):
            raise TableError(f"The file {what}; it is not a table.", kind="not_csv_text", remedy=remedy, line=1)
    if _is_json(head):
        raise TableError(
            "The file is JSON, not a table.", kind="not_csv_text", remedy="Convert it to CSV and upload that.", line=1
        )
    lines = [line for line in head.split("\n")[:-1] if line.strip()][:5]
    if len(lines) >= 2 and all(_LIBSVM.fullmatch(line.strip()) for line in lines):
        raise TableError("The file is in LIBSVM format, not CSV.", kind="not_csv_text", remedy=_SAVE, line=1)


def _is_json(head: str) -> bool:
    text = head.lstrip()
    if not text.startswith(("{", "[")):
        return False
    if re.match(r"\{\s*\"(?:[^\"\\]|\\.)*\"\s*:|\[\s*\{\s*\"|\[\s*\[|\{\s*\}\s*\Z|\[\s*\]\s*\Z", text):
        return True
    try:
        value, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, (dict, list)) and not text[end:].strip()
