"""Plotly's own script, served from the installed package, so that versions agree and no network is needed."""

from __future__ import annotations

import asyncio
import gzip
from functools import lru_cache
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

from pages.components.shared.plotly import plotly_version

_YEAR = "public, max-age=31536000, immutable"


async def plotly_js(request: Request) -> Response:
    """plotly.js of the installed wheel. With the version in the query it may be kept for ever."""
    tag = f'"plotly-{plotly_version()}"'
    current = request.query_params.get("v") == plotly_version()
    headers = {"Cache-Control": _YEAR if current else "no-cache", "ETag": tag, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    # `identity` keeps the server's own middleware from compressing 4.8 MB again for every reader.
    coding = "gzip" if "gzip" in request.headers.get("accept-encoding", "") else "identity"
    body = await asyncio.get_running_loop().run_in_executor(None, _plotly_bytes, coding)
    return Response(body, media_type="text/javascript", headers={**headers, "Content-Encoding": coding})


@lru_cache(maxsize=2)
def _plotly_bytes(coding: str) -> bytes:
    data = files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()
    return gzip.compress(data, 6, mtime=0) if coding == "gzip" else data
