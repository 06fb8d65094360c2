"""What the numbers of a date mean where a single cell does not say: day or month first, year first, and which century."""

from __future__ import annotations

from collections.abc import Callable, Sequence

TIGHT = 15
"""Years that a column may span around the present and still reach into the future."""


def century_start(years: Sequence[int], this_year: int) -> int:
    """First year of the hundred in which all two-digit `years` (0 to 99) are read.

    The window holds them closest together (50 to 96 with 3 are 1950 to 2003) and, of the centuries, lies where none is later
    than this year. Only a column that spans few years around the present, such as dates on which contracts end, may go five
    years beyond.
    """
    known = sorted(set(years))
    gaps = [((after - before) % 100 or 100, after) for before, after in zip(known, [*known[1:], known[0]], strict=True)]
    first = max(gaps, key=lambda gap: (gap[0], -((gap[1] - this_year - 1) % 100)))[1]  # what follows the largest gap
    span = max((year - first) % 100 for year in known)
    start = this_year - (this_year - first) % 100  # latest year that ends in `first` and is not in the future
    if start + span <= this_year or (span <= TIGHT and start + span <= this_year + 5):
        return start
    return start - 100


def is_year_first(numbers: Sequence[tuple[int, int, int]], this_year: int) -> bool:
    """Whether 14-01-05 is the fifth of January 2014: `numbers` are all cells' triples of two-digit numbers, in file order.

    Decided by what can be a month or a day at all, then by which order runs forward or backward through the file, then by
    which number moves: days move, years hardly do.
    """
    if not all(1 <= b <= 12 and 1 <= c <= 31 for _, b, c in numbers):
        return False
    day_first = all(1 <= a <= 31 and 1 <= b <= 12 for a, b, _ in numbers)
    month_first = all(1 <= a <= 12 and 1 <= b <= 31 for a, b, _ in numbers)
    if not day_first and not month_first:
        return True

    def runs(year: int, key: Callable[[tuple[int, int, int]], tuple[int, int]]) -> bool:
        start = century_start([triple[year] for triple in numbers], this_year)
        dates = [((triple[year] - start) % 100, *key(triple)) for triple in numbers]
        return dates in (sorted(dates), sorted(dates, reverse=True))

    year_first = runs(0, lambda t: (t[1], t[2]))
    others = (day_first and runs(2, lambda t: (t[1], t[0]))) or (month_first and runs(2, lambda t: (t[0], t[1])))
    if len(numbers) > 3 and year_first != others:
        return year_first
    first, last = {a for a, _, _ in numbers}, {c for _, _, c in numbers}
    return first != {1} and len(last) >= 4 * len(first)


def is_day_of_month(pairs: Sequence[tuple[int, int]], in_doubt: bool) -> bool:
    """Whether the numbers beside months, (month, number) in file order, are days of no year rather than years.

    Decided by what can be a day at all, then by which order runs through the file; `in_doubt` where neither tells.
    """
    if any(not 1 <= number <= 31 for _, number in pairs):
        return False
    months, numbers = {month for month, _ in pairs}, {number for _, number in pairs}
    if len(months) == 1:
        return True  # 'Set 01', 'Set 02', ...: a month alone is no column of months
    by_year = [(number, month) for month, number in pairs]
    runs = [values in (sorted(values), sorted(values, reverse=True)) for values in (list(pairs), by_year)]
    if runs[0] != runs[1]:
        return runs[0]
    return in_doubt or (len(numbers) > 12 and len(months) <= 3)
