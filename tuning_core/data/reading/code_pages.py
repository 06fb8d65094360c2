"""Old code pages: which of them makes words of the bytes that are not UTF-8.

Tables give few such bytes (a dozen place names among numbers), too few for the letter statistics of general detectors
(docs/reading-csv.md has the comparison). So each candidate is judged by alphabets: do the decoded letters belong to one
language that is written in this code page, and do capitals stand where capitals stand?
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

SAMPLE_WORDS = 3_000
_WORD = re.compile(rb"[A-Za-z']*[\x80-\xff](?:[A-Za-z'@\[\]\\^_`{|}~]?[\x80-\xff]|[A-Za-z'])*[@\[\]\\^_`{|}~]?")

_QUOTES = "«»“”„‘’–—¿¡"
_WEST = "°²³µ€£§«»“”„‘’–—…•·×½¼º™®©¿¡\u00a0"
_ALPHABETS = {
    "de": "äöüß",
    "fr": "éèêëàâçôîïùûœ",
    "es": "áéíóúñü¿¡",
    "pt": "áâãàçéêíóôõú",
    "it": "àèéìòùî",
    "sv": "åäöé",
    "da": "æøåé",
    "is": "áéíóúýðþæö",
    "nl": "éëïöüèá",
    "ca": "àçéèíïóòúü·",
    "pl": "ąćęłńóśźż",
    "cs": "áčďéěíňóřšťúůýžäĺľôŕ",
    "hu": "áéíóöőúüű",
    "hr": "čćđšž",
    "ro": "ăâîşţșț",
    "tr": "çğıöşüâîİ",
    "et": "äöõüšž",
    "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž",
    "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'",
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюя",
    "el": "αβγδεζηθικλμνξοπρστυφχψωάέήίόύώςϊϋΐΰ",
    "he": "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
    "ar": "ءآأؤإئابةتثجحخدذرزسشصضطظعغـفقكلمنهوىيپچژگ،؟",
    "th": "".join(chr(code) for code in range(0x0E01, 0x0E5C)),
}
_USUAL = {  # the more frequent letters; the others count a little less
    "ru": frozenset("оеаинтсрвлкмдпуягьызбй"),
    "uk": frozenset("оанивтіреслкудмпязьбгйїє"),
    "bg": frozenset("аоиетнрсвлкдпмъзугцб"),
    "el": frozenset("αοιετσνηυρπκμλςάόίέήωύ"),
    "he": frozenset("יוהלאתרמשבנםחדכקע"),
    "ko": frozenset(
        "이다는에의을가고하은한를으로자지기도서시사나리아인대정해스부수일원전주라그제상어장보여관공경만동구위성소조과오개있것적유"
        "세신면비우용년당무통음생연방산울남북광역문화국민계강양안천포명현진영호선재미모드트터예니객매출품번월간급회학교단체"
    ),
    "ar": frozenset("اليمونتربدعةسكفحقهجشصأطخ"),
}
_ALONE = frozenset("àÀåÅöÖéÉóÓаАяЯвВоОкКсСуУиИжЖмМ")
"""Letters beyond ASCII that are words, or the usual codes for man and woman."""

_WIDE_SCRIPTS = {"ja": "cp932", "zh": "gb18030", "tw": "big5", "ko": "cp949"}

_RARE = {"is": 0.06, "ca": 0.03, "hr": 0.03, "ro": 0.03, "bg": 0.01, "et": 0.03, "lv": 0.03, "lt": 0.03}
_LATIN = frozenset(_ALPHABETS) - {"ru", "uk", "bg", "el", "he", "ar", "th"}
_WESTERN = ("de", "fr", "es", "pt", "it", "sv", "da", "is", "nl", "ca")
_CENTRAL = ("pl", "cs", "hu", "hr", "ro", "de")
_CODECS: tuple[tuple[str, tuple[str, ...], float], ...] = (  # codec, languages, handicap of a rare code page
    ("cp1252", _WESTERN, 0.0),
    ("cp1250", _CENTRAL, 0.02),
    ("cp1251", ("ru", "uk", "bg"), 0.02),
    ("cp1253", ("el",), 0.02),
    ("cp1254", ("tr",), 0.02),
    ("cp1255", ("he",), 0.02),
    ("cp1256", ("ar",), 0.02),
    ("cp1257", ("lt", "lv", "et"), 0.03),
    ("iso8859_2", _CENTRAL, 0.03),
    ("iso8859_7", ("el",), 0.03),
    ("iso8859_15", _WESTERN, 0.04),
    ("iso8859_5", ("ru", "uk", "bg"), 0.05),
    ("koi8_r", ("ru",), 0.03),
    ("koi8_u", ("uk",), 0.03),
    ("cp866", ("ru",), 0.04),
    ("mac_roman", _WESTERN, 0.05),
    ("cp850", _WESTERN, 0.05),
    ("cp852", _CENTRAL, 0.07),
    ("cp874", ("th",), 0.15),
    ("cp932", ("ja",), 0.01),
    ("euc_jp", ("ja",), 0.04),
    ("gb18030", ("zh",), 0.03),
    ("big5", ("tw",), 0.02),
    ("cp949", ("ko",), 0.01),
)
_WIDE = ("cp932", "euc_jp", "gb18030", "big5", "cp949")


def guess(data: bytes) -> tuple[str | None, bool]:
    """(codec, sure). None when no code page makes words of the bytes. "Sure" is a clear winner, else say it is a guess."""
    words = Counter(match.group() for match in _WORD.finditer(data))
    sample = b"\n".join(word for word, _ in words.most_common(SAMPLE_WORDS))
    scores = {}
    for codec, languages, handicap in _CODECS:
        try:
            text = sample.decode(codec)
            data[:65_536].decode(codec, "strict" if codec not in _WIDE else "replace")
        except UnicodeDecodeError:
            continue
        scores[codec] = max(_fit(text, language) for language in languages) - handicap
    if not scores:
        return ("latin-1", False) if _has_words(data) else (None, False)
    ranked = sorted(scores, key=lambda codec: -scores[codec])
    best = ranked[0]
    if scores[best] < 0.35:
        return (("cp1252" if "cp1252" in scores else best), False) if _has_words(data) else (None, False)
    rivals = [codec for codec in ranked[1:] if _decoded(sample, codec) != _decoded(sample, best)]
    lone = best != "cp1252" and len({byte for byte in sample if byte >= 0x80}) < 2  # one sign may be many
    return best, not lone and scores[best] > 0.8 and not (rivals and scores[rivals[0]] > scores[best] - 0.06)


def _decoded(sample: bytes, codec: str) -> str:
    return sample.decode(codec, "replace")


def _has_words(data: bytes) -> bool:
    """Mostly ASCII with a few odd bytes: still a text that can be read."""
    head = data[:65_536]
    return sum(byte >= 0x80 for byte in head) < 0.3 * len(head)


def _fit(text: str, language: str) -> float:
    """1 when every non-ASCII letter belongs to the language and stands where it may; below 0 for rubbish."""
    known = _member(language)
    latin, usual = language in _LATIN, _USUAL.get(language)
    good = bad = seen = 0.0
    letters = 0
    for word in text.split("\n"):
        for at, sign in enumerate(word):
            if sign < "\x80":
                continue
            seen += 1
            before, after = word[at - 1 : at], word[at + 1 : at + 2]
            if known(sign):
                letters += sign.isalpha()
                bad += 0.4 if len(word) == 2 and at == 0 and (sign in "¿¡" or after in ("C", "F")) else 0.0  # '°C' was meant
                bad += _loneliness(sign, language) if len(word) == 1 else 0.0
                good += 1.0 if usual is None or sign.lower() in usual else (0.7 if usual is not _USUAL["ko"] else 0.93)
                bad += _misplaced(word, at)
                if latin:
                    bad += 0.4 * (before > "\x7f" and before.isalpha())  # two accents in a row are rare
                else:
                    bad += (_is_ascii_letter(before) + _is_ascii_letter(after)) / 2  # no word mixes two scripts
            elif sign in _WEST:
                good += _punctuation(sign, before, after, word[at + 1 :])
            else:
                bad += 1.0 if not sign.isalpha() else 0.5
    if not latin and not letters:
        bad += 0.2 * seen  # signs alone are no evidence of a script
    return (good - bad) / seen - _RARE.get(language, 0.0) if seen else 0.0


def _loneliness(sign: str, language: str) -> float:
    """What speaks against a letter that stands alone: a sign that is no letter was meant."""
    if language in _WIDE_SCRIPTS:  # many words are one character; few end in the byte of an ASCII letter, as '°C' does
        return 0.3 if min(sign.encode(_WIDE_SCRIPTS[language], "replace")) < 0x80 else 0.0
    return 0.12 if sign in _ALONE else 0.4 if language in _LATIN else 0.7


def _punctuation(sign: str, before: str, after: str, rest: str) -> float:
    """How well a sign that is no letter stands where it does, from 0 to 1."""
    if sign == "\u00a0":  # a blank: beside words rather than within one
        return 1.0 if not before or not after else (0.8 if after.isupper() else 0.2)
    if sign == "’" and before.isalpha() and rest in ("s", "t", "d", "m", "ll", "re", "ve"):
        return 1.0  # it's, don't, they're
    if not before and not after:
        return 0.9
    if (sign == "°" and after in tuple("CFKNESW")) or (sign == "µ" and after.islower()):
        return 0.9
    return 0.0 if after.isalpha() and (before.isalpha() or sign not in _QUOTES) else 0.7


def _is_ascii_letter(sign: str) -> bool:
    return sign.isascii() and sign.isalpha()


def _misplaced(word: str, at: int) -> float:
    """1 for a capital right after a small letter, 0.5 for a small letter amid capitals; none in scripts without case."""
    sign, before, after = word[at], word[at - 1 : at], word[at + 1 : at + 2]
    if sign.isupper() and before.islower():
        return 1.0
    if sign.islower() and after.isupper() and (before.islower() or (not before and word[at + 2 : at + 3].islower())):
        return 1.0
    if sign.islower() and before.isupper() and (after.isupper() or (not after and at > 1)):
        return 0.5
    return 0.6 if sign.isupper() and after.islower() and before.isupper() else 0.0


@lru_cache(maxsize=64)
def _member(language: str) -> Callable[[str], bool]:
    if language in _WIDE_SCRIPTS:
        return {"ja": _japanese, "zh": _simplified, "tw": _traditional, "ko": _korean}[language]
    letters = _ALPHABETS[language]
    return frozenset(letters + letters.upper()).__contains__


def _japanese(sign: str) -> bool:
    code = ord(sign)
    if 0x3041 <= code <= 0x30FF or 0xFF01 <= code <= 0xFF5E or sign in "、。・ー「」　":
        return True
    return _lead(sign, "euc_jp", 0xB0, 0xCF)  # JIS X 0208 level 1: the common characters


def _simplified(sign: str) -> bool:
    return _lead(sign, "gb2312", 0xB0, 0xD7) or sign in "，。、：；（）《》"  # GB 2312 level 1


def _traditional(sign: str) -> bool:
    return _lead(sign, "big5", 0xA4, 0xC6) or sign in "，。、：；（）《》"  # Big5 level 1


def _korean(sign: str) -> bool:
    return 0xAC00 <= ord(sign) <= 0xD7A3 and _lead(sign, "euc_kr", 0xB0, 0xC8)  # KS X 1001 Hangul


def _lead(sign: str, codec: str, low: int, high: int) -> bool:
    try:
        found = sign.encode(codec)
    except UnicodeEncodeError:
        return False
    return len(found) == 2 and low <= found[0] <= high


_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|([\x80-\xff])")


def is_damaged_utf8(data: bytes) -> bool:
    """Whether the non-ASCII bytes are UTF-8 for the most part: then it is UTF-8 with strays, and no code page."""
    good = bad = 0
    for match in _SEQUENCE.finditer(data):
        if match.group(1) is None:
            good += 1
        else:
            bad += 1
    return good >= 3 * bad and good > 0


def mend(data: bytes) -> tuple[bytes, int, str]:
    """(UTF-8, stray bytes, what was done). Strays that are cp1252 letters inside words become those letters."""
    strays = [match.group(1) for match in _SEQUENCE.finditer(data) if match.group(1) is not None]
    codec, sure = guess(b"\n".join(_words_of_strays(data)))
    if codec == "cp1252" and sure:
        text = _SEQUENCE.sub(_from_cp1252, data)
        return text.decode("utf-8", "replace").encode("utf-8"), len(strays), "read as cp1252 letters"
    return data.decode("utf-8", "replace").encode("utf-8"), len(strays), "replaced by the sign \ufffd"


def _from_cp1252(match: re.Match[bytes]) -> bytes:
    stray = match.group(1)
    return match.group() if stray is None else stray.decode("cp1252", "replace").encode("utf-8")


def _words_of_strays(data: bytes) -> list[bytes]:
    found = []
    for match in _SEQUENCE.finditer(data):
        if match.group(1) is not None:
            start, end = match.span()
            around = data[max(0, start - 12) : end + 12]
            at = start - max(0, start - 12)
            left = re.search(rb"[A-Za-z]*$", around[:at])
            right = re.match(rb"[A-Za-z]*", around[at + 1 :])
            found.append((left.group() if left else b"") + around[at : at + 1] + (right.group() if right else b""))
        if len(found) >= 500:
            break
    return found
