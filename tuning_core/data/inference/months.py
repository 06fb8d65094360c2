"""Months by their names, in the languages that tables are written in."""

from __future__ import annotations

_NAMES = (
    "january januar janvier enero gennaio janeiro januari styczeń stycznia январь января leden ledna ocak jänner",
    "february februar février fevrier febrero febbraio fevereiro februari luty lutego февраль февраля únor února şubat feber",
    "march märz maerz mars marzo março marco maart mrt marts marzec marca март марта březen března mart mrz",
    "april avril abril aprile kwiecień kwietnia апрель апреля duben dubna nisan",
    "may mai mayo maggio maio mei maj maja май мая květen května mayıs",
    "june juni juin junio giugno junho czerwiec czerwca июнь июня červen června haziran",
    "july juli juillet julio luglio julho lipiec lipca июль июля červenec července temmuz",
    "august août aout agosto augustus augusti sierpień sierpnia август августа srpen srpna ağustos",
    "september septembre septiembre setiembre settembre setembro wrzesień września сентябрь сентября září eylül",
    "october oktober octobre octubre ottobre outubro październik października октябрь октября říjen října ekim",
    "november novembre noviembre novembro listopad listopada ноябрь ноября listopadu kasım",
    "december dezember décembre decembre diciembre dicembre dezembro desember grudzień grudnia декабрь декабря prosinec prosince"
    " aralık",
)
_FULL = {name: number for number, names in enumerate(_NAMES, start=1) for name in names.split()}
_SHORT = {name[:length]: number for name, number in reversed(_FULL.items()) for length in range(3, len(name))}


def month_of(word: str) -> int:
    """1 to 12 for a month's name or its first three letters and more, 0 for any other word."""
    word = word.lower().rstrip(".")
    return _FULL.get(word) or _SHORT.get(word, 0)
