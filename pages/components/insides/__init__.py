"""The insides of a run as a Streamlit component: drawings at one epoch, which the replay of the curve and a slider share.

`index.js` begins its JavaScript.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from pages.components.shared.modules import bundle, joined_styles
from pages.components.shared.plotly import plotly_version

FOLDER = Path(__file__).parent
SHARED = FOLDER.with_name("shared")
CURVE = FOLDER.with_name("live_curve")

_component = st.components.v2.component(
    "tunescope_insides",
    html='<div class="ins-mount"></div>',
    css=joined_styles(SHARED / "base.css", CURVE / "style.css", FOLDER / "style.css"),
    js=bundle(FOLDER / "index.js"),
    isolate_styles=False,
)


def insides_view(
    run_id: str, shown: str, answer: Mapping[str, Any], titles: Sequence[str], *, key: str, height: int = 380
) -> None:
    """Draw an answer of the engine.

    Parameters
    ----------
    shown : "prediction" (an answer to "insides": two drawings), "landscape" (one) or "weights" (one): {"epochs", "kept", "last",
        "lines" (epochs, lines), "svg" (`network_svg` with all lines), "hues" (above and below 0)}.
    titles : over each drawing.
    height : pixels of a drawing.
    """
    data = {
        "run_id": run_id,
        "shown": shown,
        "answer": answer,
        "titles": list(titles),
        "kept": answer["kept"],
        "last": answer["last"],
        "height": height,
        "plotly": plotly_version(),
    }
    _component(key=key, data=data, height="content")
