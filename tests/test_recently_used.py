"""What was used last is kept."""

from __future__ import annotations

from tuning_core.recently_used import RecentlyUsed


def test_the_value_that_was_not_used_for_longest_goes():
    kept: RecentlyUsed[str, int] = RecentlyUsed(2)
    assert kept.put("a", 1) == 1 and kept.put("b", 2) == 2
    assert kept.get("a") == 1, "used, so b is the oldest now"
    kept.put("c", 3)
    assert (kept.get("a"), kept.get("b"), kept.get("c"), len(kept)) == (1, None, 3, 2)
    kept.put("a", 4)
    kept.put("d", 5)
    assert (kept.get("a"), kept.get("c"), kept.get("d")) == (4, None, 5), "replacing counts as use"
    kept.drop("a")
    kept.drop("never there")
    assert kept.get("a") is None and len(kept) == 1
