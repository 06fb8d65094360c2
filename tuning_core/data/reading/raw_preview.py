"""The beginning of an upload as it stands in the file, for a person who decides how to read it."""

from __future__ import annotations

import zlib
from pathlib import Path

from tuning_core.data.reading.text_encoding import wide_codec

BYTES = 16_384
LINES = 12
WIDTH = 300


def glimpse(path: str | Path, encoding: str | None = None) -> str:
    """The first lines, unpacked and decoded as well as can be, at the same cost for any file; tabs as →, other controls as ·."""
    with Path(path).open("rb") as file:
        data = file.read(BYTES)
    if data[:2] == b"\x1f\x8b":
        try:
            data = zlib.decompressobj(wbits=31).decompress(data, BYTES)
        except zlib.error:
            return ""
    try:
        text = data.decode(encoding or wide_codec(data) or "utf-8-sig", "replace")
    except (LookupError, ValueError):
        text = data.decode("utf-8", "replace")
    if encoding is None and text.count("\ufffd") > 1:
        text = data.decode("latin-1")
    lines = text.lstrip("\ufeff").splitlines()[:LINES]
    return "\n".join(_visible(line[:WIDTH] + ("…" if len(line) > WIDTH else "")) for line in lines)


def _visible(line: str) -> str:
    return "".join("→" if sign == "\t" else sign if sign.isprintable() else "·" for sign in line)
