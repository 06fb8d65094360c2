"""Which Plotly the browser gets: the script in the installed wheel, so that versions agree and no network is needed."""

from __future__ import annotations

from importlib.metadata import version

_VERSION = version("plotly")  # looked up once, before threads change the paths on which it is found


def plotly_version() -> str:
    """Of the installed wheel; the query of the script's address, so that an upgrade is fetched anew."""
    return _VERSION
