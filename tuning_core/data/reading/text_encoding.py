"""Bytes to valid UTF-8: byte-order marks, UTF-16 and -32, old code pages, stray bytes, NULs. Every change is said."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

from tuning_core.data.notices import Notice, counted
from tuning_core.data.reading.code_pages import guess, is_damaged_utf8, mend
from tuning_core.data.reading.options import ReadOptions
from tuning_core.errors import TableError

CHUNK = 1 << 20
SAMPLE = 1 << 16


@dataclass(frozen=True)
class Decoded:
    """`data` is valid UTF-8 without byte-order mark and NULs."""

    data: bytes
    encoding: str
    notices: tuple[Notice, ...] = ()


def decode(data: bytes, options: ReadOptions) -> Decoded:
    """Find the encoding, or use the one asked for; TableError `encoding_unknown` when nothing fits."""
    found = _forced(data, options.encoding) if options.encoding is not None else _detected(data)
    if found.data.startswith(codecs.BOM_UTF8):
        found = replace(found, data=found.data[3:])
    if found.encoding != "ascii":
        found = _without_controls(found)
    return _without_nuls(found) if b"\x00" in found.data else found


def _forced(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    return Decoded(text.encode("utf-8", "replace"), encoding, _lost_bytes(text, encoding))


def _lost_bytes(text: str, encoding: str) -> tuple[Notice, ...]:
    """What became the replacement sign, if anything did."""
    lost = text.count("\ufffd")
    return (_undecodable(lost, _line_of(text, text.index("\ufffd")), encoding),) if lost else ()


_ENCODED_TWICE = re.compile(rb"\xc3[\x82-\x85](?:\xc2[\xa0-\xbf]|\xe2\x80[\x90-\xbf]|\xc5[\x90-\xbf])")
"""A letter such as 'ü' as 'Ã¼'."""


def _detected(data: bytes) -> Decoded:
    if data.isascii() and not wide_codec(data):
        if b"\x1b$" not in data[:CHUNK]:
            return Decoded(data, "ascii")
        said = Notice("encoding_detected", "The file is not UTF-8; it was read as iso2022_jp.", (), 1)
        return Decoded(data.decode("iso2022_jp", "replace").encode("utf-8"), "iso2022_jp", (said,))
    if data.startswith(codecs.BOM_UTF8) and _first_bad(data) is None:
        return Decoded(data[3:], "utf-8-sig")
    wide = wide_codec(data)
    if wide:
        return _from_wide(data, wide)
    bad = _first_bad(data)
    return _from_utf8(data) if bad is None else _from_code_page(data, bad)


def _from_utf8(data: bytes) -> Decoded:
    """UTF-8 as it is, or, where it was taken for cp1252 and encoded once more ('MÃ¼nchen'), as it was before."""
    twice = _ENCODED_TWICE.search(data)
    if twice is None:
        return Decoded(data, "utf-8")
    try:
        once = data.decode("utf-8").encode("cp1252")
        once.decode("utf-8")
    except UnicodeError:
        return Decoded(data, "utf-8")  # some letters were encoded once only: those are as they should be
    was, sign = twice.group().decode("utf-8"), twice.group().decode("utf-8").encode("cp1252").decode("utf-8")
    line = data.count(b"\n", 0, twice.start()) + 1
    message = f"The text had been encoded as UTF-8 twice, and was decoded twice: {was!r} on line {line:,} is {sign!r}."
    return Decoded(once, "utf-8", (Notice("encoding_detected", message, (), 1),))


def _from_code_page(data: bytes, bad: int) -> Decoded:
    """UTF-8 with stray bytes, or an old code page; `bad` is the first byte that is not UTF-8."""
    line = data.count(b"\n", 0, bad) + 1
    if is_damaged_utf8(data):
        mended, count, how = mend(data)
        return Decoded(mended, "utf-8", (_undecodable(count, line, "UTF-8", how),))
    encoding, sure = guess(data)
    if encoding is None:
        raise TableError(
            f"The text cannot be decoded: byte {data[bad]:#04x} on line {line:,} is not UTF-8 and no other encoding fits.",
            kind="encoding_unknown",
            remedy="Save the file as CSV UTF-8 and upload it again, or choose the encoding by hand.",
            line=line,
        )
    text = data.decode(encoding, errors="replace")
    message = f"The file is not UTF-8; it was read as {encoding}" + ("." if sure else ", a guess: check letters with accents.")
    said = Notice("encoding_detected", message, (), 1)
    return Decoded(text.encode("utf-8", "replace"), encoding, (said, *_lost_bytes(text, encoding)))


def _undecodable(count: int, line: int, encoding: str, how: str = "replaced by the sign \ufffd") -> Notice:
    message = f"{counted(count, 'byte')} cannot be decoded as {encoding}, the first on line {line:,}: {how}."
    return Notice("undecodable_bytes", message, (), count)


def _line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _first_bad(data: bytes) -> int | None:
    """Position of the first byte that is not UTF-8, found in chunks so that no second copy is held."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), CHUNK):
        try:
            decoder.decode(data[start : start + CHUNK], final=start + CHUNK >= len(data))
        except UnicodeDecodeError as problem:
            return max(0, start + problem.start - 3)
    return None


def wide_codec(data: bytes) -> str | None:
    """UTF-16 or UTF-32, by its mark or by where the zero bytes of its ASCII characters are."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = data[:SAMPLE]
    if head.count(0) < len(head) // 4:
        return None
    zeros = [head[place::4].count(0) / max(1, len(head[place::4])) for place in range(4)]
    if min(zeros[1:]) > 0.9 and zeros[0] < 0.3:
        return "utf-32-le"
    if min(zeros[:3]) > 0.9 and zeros[3] < 0.3:
        return "utf-32-be"
    even, odd = (zeros[0] + zeros[2]) / 2, (zeros[1] + zeros[3]) / 2
    if odd > 0.4 and even < 0.1:
        return "utf-16-le"
    if even > 0.4 and odd < 0.1:
        return "utf-16-be"
    return None


def _from_wide(data: bytes, codec: str) -> Decoded:
    notices = [Notice("encoding_detected", f"The file is encoded in {codec.upper()}, not in UTF-8.", (), 1)]
    unit = 4 if "32" in codec else 2
    if len(data) % unit:
        cut = len(data) % unit
        notices.append(Notice("undecodable_bytes", f"The file ends in the middle of a character; {cut} bytes left out.", (), cut))
        data = data[: len(data) - cut]
    text = data.decode(codec, errors="replace")
    lost = text.count("\ufffd")
    if lost > 0.1 * len(text):
        raise TableError(
            f"The file claims to be {codec.upper()}, but {lost:,} of its {len(text):,} characters cannot be decoded.",
            kind="encoding_unknown",
            remedy="Save it as CSV UTF-8 and upload it again.",
        )
    notices += _lost_bytes(text, codec.upper())
    return Decoded(text.removeprefix("\ufeff").encode("utf-8", "replace"), codec, tuple(notices))


_CONTROL = re.compile(
    rb"\xc2([\x80\x82\x84-\x89\x8b\x91-\x99\x9b]|(?:(?<=[A-Za-z]\xc2)|(?=.[A-Za-z]))[\x83\x8a\x8c\x8e\x9a\x9c\x9e\x9f])"
)
"""The cp1252 signs among them anywhere, the cp1252 letters within words."""


def _without_controls(found: Decoded) -> Decoded:
    """Control characters U+0080 to U+009F, which nobody writes, as the cp1252 signs that they were before a wrong conversion."""
    match = _CONTROL.search(found.data)
    if match is None:
        return found
    count = len(_CONTROL.findall(found.data))
    line = found.data.count(b"\n", 0, match.start()) + 1
    was, sign = f"U+{match.group(1)[0]:04X}", match.group(1).decode("cp1252", "replace")
    message = (
        f"{counted(count, 'control character')} read as the cp1252 signs that were saved wrongly, the first on line {line:,}: "
        f"{was} as {sign!r}."
    )
    data = _CONTROL.sub(lambda control: control.group(1).decode("cp1252", "replace").encode("utf-8"), found.data)
    return replace(found, data=data, notices=(*found.notices, Notice("undecodable_bytes", message, (), count)))


def _without_nuls(found: Decoded) -> Decoded:
    data = found.data
    count = data.count(b"\x00")
    if count > 0.3 * len(data):
        raise TableError(
            f"{count:,} of the file's {len(data):,} bytes are NUL: it was damaged on its way, or it is no text.",
            kind="nul_bytes",
            remedy="Export the table again as CSV UTF-8.",
        )
    line = data.count(b"\n", 0, data.index(b"\x00")) + 1
    said = Notice("nul_bytes_removed", f"Removed: {counted(count, 'NUL byte')}, the first on line {line:,}.", (), count)
    return replace(found, data=data.replace(b"\x00", b""), notices=(*found.notices, said))
