"""What was handed over: its bytes, its harmless name, and files that are no table at all, refused by what they are."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tuning_core.data.limits import MAX_BYTES
from tuning_core.data.notices import Notice
from tuning_core.data.reading.text_encoding import wide_codec
from tuning_core.errors import TableError

_OTHER_FILES = (
    "xlsx xls xlsm xlsb ods numbers pdf doc docx odt ppt pptx rtf md tex png jpg jpeg gif bmp tif tiff svg webp mp3 mp4 "
    "m4a avi mov wav exe dll so dylib bin msi bat cmd com scr sh ps1 vbs jar app apk js ts py ipynb r rmd html htm xml "
    "json jsonl geojson yaml yml toml zip tar tgz 7z rar bz2 xz zst parquet feather arrow orc avro pkl pickle joblib npy "
    "npz h5 hdf5 nc mat sav dta sas7bdat rds rdata db sqlite sqlite3 sql mdb accdb"
)
OTHER_FILES = frozenset(_OTHER_FILES.split())
"""Extensions of files that are no delimited text; any other extension is judged by its content."""

CHUNK = 1 << 20
SAVE_AS = "Save the table as CSV (UTF-8) and upload that."

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Office file (.xls)"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"FEA1", "a Feather file"),
    (b"\x89HDF\r\n", "an HDF5 file"),
    (b"CDF\x01", "a NetCDF file"),
    (b"\x93NUMPY", "a NumPy file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a Windows program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"ID3", "an MP3 file"),
    (b"RIFF", "a sound or video file"),
    (b"OggS", "a sound file"),
    (b"wOF2", "a font"),
    (b"Obj\x01", "an Avro file"),
    (b"ORC", "an ORC file"),
    (b"$FL2", "an SPSS file"),
    (b"<stata_dta>", "a Stata file"),
    (b"RDX2\n", "an R data file"),
    (b"RDX3\n", "an R data file"),
)
_PICKLE = re.compile(rb"\x80[\x02-\x05][\x8c\x95\]}(ccq]")


@dataclass(frozen=True)
class Upload:
    """Bytes of a table-like file, unpacked."""

    name: str
    data: bytes
    sha256: str
    size: int
    notices: tuple[Notice, ...] = ()


def open_upload(source: str | Path | bytes | IO[bytes], filename: str | None = None) -> Upload:
    """Bytes, name and hash of what was handed over; TableError for what is too large, binary or no CSV by its name."""
    raw, own_name = _bytes_of(source)
    name = display_name(filename or own_name or "table.csv")
    if not raw:
        raise TableError("The file is empty (0 bytes).", kind="empty_file", remedy="Upload a file with a header line and rows.")
    notices: list[Notice] = []
    data = raw
    if raw[:2] == b"\x1f\x8b":
        data = _gunzip(raw)
        if not name.lower().endswith((".gz", ".gzip")):
            message = f"The file is gzip-compressed, although its name does not say so; unpacked to {len(data):,} bytes."
            notices.append(Notice("encoding_detected", message, (), 1))
    refuse_binary(data)
    _check_extension(name)
    return Upload(name, data, hashlib.sha256(raw).hexdigest(), len(raw), tuple(notices))


def _bytes_of(source: str | Path | bytes | IO[bytes]) -> tuple[bytes, str]:
    if isinstance(source, (bytes, bytearray, memoryview)):
        data, name = bytes(source), ""
    elif isinstance(source, (str, Path)):
        path = Path(source)
        try:
            size = path.stat().st_size
            if size > MAX_BYTES:
                raise too_large(size, "The file has")
            data = path.read_bytes()
        except (OSError, ValueError) as problem:
            raise TableError(
                f"The file {display_name(path.name)!r} cannot be opened.",
                kind="file_not_found",
                remedy="Check its name and place.",
            ) from problem
        name = path.name
    elif not callable(getattr(source, "read", None)):
        raise TableError(
            f"A {type(source).__name__} is no file: a path, bytes or an open file is read.",
            kind="not_a_file",
            remedy="Write Table.from_frame(frame) for a DataFrame." if hasattr(source, "iloc") else "Hand over the file itself.",
        )
    else:
        data, name = source.read(MAX_BYTES + 1), str(getattr(source, "name", "") or "")
        if isinstance(data, str):
            data = data.encode("utf-8", "surrogatepass")
    if len(data) > MAX_BYTES:
        raise too_large(len(data), "The file has at least" if name else "The file has")
    return data, name


def too_large(size: int, what: str) -> TableError:
    return TableError(
        f"{what} {size / 2**20:,.0f} MB; the limit is {MAX_BYTES // 2**20:,} MB.",
        kind="too_large",
        remedy="Upload fewer rows or columns.",
    )


def display_name(name: str) -> str:
    """The last part of a path, without control and direction characters, at most 120 long: for showing, never a path."""
    last = re.split(r"[/\\]", name.strip())[-1]
    clean = "".join(sign for sign in last if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    clean = clean.strip() or "table.csv"
    return clean if len(clean) <= 120 else clean[:80] + "…" + clean[-39:]


def _check_extension(name: str) -> None:
    extension = name.lower().removesuffix(".gz").removesuffix(".gzip").rpartition(".")[2]
    if extension in OTHER_FILES and "." in name:
        raise TableError(
            f"Files ending in '.{extension}' are not read; .csv, .tsv, .txt, .dat, .data and .csv.gz are.",
            kind="unsupported_file_type",
            remedy=f"{SAVE_AS} If it is CSV already, rename it to end in .csv.",
        )


def _gunzip(raw: bytes) -> bytes:
    """Unpack all members, stopping at the limit before the memory is used."""
    chunks: list[bytes] = []
    size, left = 0, raw
    while left[:2] == b"\x1f\x8b":
        unpacker = zlib.decompressobj(wbits=31)
        while not unpacker.eof:
            try:
                chunks.append(unpacker.decompress(left, CHUNK))
            except zlib.error as problem:
                raise _corrupt("cannot be unpacked") from problem
            size += len(chunks[-1])
            left = unpacker.unconsumed_tail
            if size > MAX_BYTES:
                raise too_large(size, "Unpacked, the file has at least")
            if not left and not chunks[-1] and not unpacker.eof:
                raise _corrupt("ends too early")
        left = unpacker.unused_data.lstrip(b"\x00")
    out = b"".join(chunks)
    if not out:
        raise TableError(
            "The archive holds an empty file.", kind="empty_file", remedy="Upload a file with a header line and rows."
        )
    return out


def _corrupt(how: str) -> TableError:
    return TableError(
        f"The gzip archive {how}: the upload or an earlier copy was cut off.",
        kind="corrupt_file",
        remedy="Pack it again, or upload the unpacked CSV.",
    )


def refuse_binary(data: bytes) -> None:
    """TableError naming the kind when the bytes are no text."""
    head = data[:4096]
    what = next((name for magic, name in _MAGIC if head.startswith(magic)), None)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        what = _zip_kind(data)
    elif head.startswith(b"\x1f\x8b"):
        what = "a gzip archive inside a gzip archive"
    elif head[257:262] == b"ustar":
        what = "a tar archive"
    elif head[4:8] == b"ftyp":
        what = "a video or image file"
    elif _PICKLE.match(head) and b"." in data[-2:]:
        what = "a Python pickle, which is never opened here because it can run programs"
    if what is None and _looks_binary(head):
        what = "a binary file"
    if what is not None:
        raise TableError(f"This is {what}, not a CSV file.", kind="not_csv_binary", remedy=_remedy(what))


def _remedy(what: str) -> str:
    if "archive" in what or "ZIP" in what:
        return "Unpack it and upload the CSV file in it."
    if "Excel" in what or "OpenDocument" in what:
        return "Open it and save the sheet as CSV (UTF-8), then upload that."
    return SAVE_AS


def _zip_kind(data: bytes) -> str:
    import io
    import zipfile

    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "a ZIP archive (and a damaged one)"
    if any(name.startswith("xl/") for name in names):
        return "an Excel workbook (.xlsx)"
    if any(name.startswith(("word/", "ppt/")) for name in names):
        return "an Office document"
    if "content.xml" in names:
        return "an OpenDocument file (.ods)"
    if any(name.endswith(".npy") for name in names):
        return "a NumPy file (.npz)"
    return "a ZIP archive"


_TEXT_BYTES = bytes({7, 8, 9, 10, 11, 12, 13, 27} | set(range(28, 32)) | set(range(32, 127)) | set(range(128, 256)) | {26, 1})


def _looks_binary(head: bytes) -> bool:
    """More than 2 % control bytes, NULs apart (UTF-16 and damaged text have them; `text_encoding` looks at those)."""
    if wide_codec(head):
        return False
    without = head.replace(b"\x00", b"")
    if not without:
        return True
    if len(without) < len(head) / 3:  # mostly NULs and no UTF-32
        return len(without) * 4 > len(head) + 8 or len(without) * 4 < len(head) - 8
    control = len(without.translate(None, _TEXT_BYTES))
    return control > 0.02 * len(without) + 1
