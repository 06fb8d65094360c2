"""The order of the suite; and no example fails because the machine was busy."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("no clock", deadline=None)
settings.load_profile("no clock")

LONGEST = ("training/test_parity", "estimators/test_mlp", "engine/", "browser/")
"""What takes a minute or more a file comes first, so that two workers, which take file by file, end together."""


def pytest_collection_modifyitems(items):
    def place(item):
        return next((i for i, name in enumerate(LONGEST) if item.nodeid.startswith(f"tests/{name}")), len(LONGEST))

    items.sort(key=place)
