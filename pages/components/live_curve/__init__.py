"""The live learning curve: a Streamlit component that follows a run by itself, without a rerun of the page.

It asks `/api/curves/...` (`pages.server.routes`) for news, draws with Plotly.js from the same server, and tells the page
once when the run has ended. `index.js` is where its JavaScript begins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from pages.components.shared.inbox import TRIGGER, hear, heard_ids, take
from pages.components.shared.modules import bundle, joined_styles
from pages.components.shared.plotly import plotly_version

FOLDER = Path(__file__).parent
SHARED = FOLDER.with_name("shared")

INVITATION = "Choose the settings in the sidebar and press Train: the learning curves grow here."


@dataclass(frozen=True)
class CurveEvent:
    """`ended` is None, or {"run_id", "status"} in the one rerun after a run was seen to end ("gone": deleted)."""

    ended: dict[str, Any] | None


@dataclass(frozen=True)
class VerdictActions:
    """What the page does when somebody presses a button of the verdict; both are called before the page runs again.

    `try_changes(run_id, changes)` : launch the run's settings with these fields of Hyperparameters changed.
    `go_back()` : show the run before again.
    `held_back` : why nothing may be trained now, "" where it may: *Try it* is off then, and says it.
    """

    try_changes: Callable[[str, Mapping[str, Any]], None]
    go_back: Callable[[], None]
    held_back: str = ""


_component = st.components.v2.component(
    "tunescope_live_curve",
    html='<div class="lc-mount"></div>',
    css=joined_styles(SHARED / "base.css", FOLDER / "style.css", FOLDER / "verdict.css"),
    js=bundle(FOLDER / "index.js"),
    isolate_styles=False,  # Plotly's own style rules must reach its drawing; ours all start with .lc
)


def live_curve(
    run_id: str | None,
    *,
    key: str,
    height: int = 460,
    ghost: str | None = None,
    overlays: Sequence[tuple[str, str]] = (),
    live: bool = True,
    target: str = "",
    invitation: str = INVITATION,
    on_stopping: Callable[[dict[str, Any]], None] = lambda asked: None,
    verdict: VerdictActions | None = None,
    large: bool = False,
) -> CurveEvent:
    """Draw a run's learning curves, growing while it is live.

    Parameters
    ----------
    run_id : the run, or None for an invitation.
    key : of the Streamlit element; keep it the same while the run changes, so that nothing flickers.
    height : pixels at least, controls included; the drawing grows with the window.
    ghost : id of the previous run, drawn faint behind.
    overlays : (run id, label) of runs to compare with; each gets a dash of its own.
    live : whether the run was unfinished when this page run read it. If so, the component follows it, and reports its end even
        when it was over before the first look. A page reads a run once: what else it shows of it must be of the same reading.
    target : name of the target, for the axis.
    invitation : what to read where no curve is.
    on_stopping : called before the page runs when rules of early stopping that were tried on the curve are to be used:
        {"action": "take" | "record", "run_id", "rules": fields of EarlyStopping}. It comes from the browser: check it.
    verdict : what the buttons of the curve doctor do; None leaves the doctor out. With it, the findings stand under the curve,
        their evidence is drawn on it, and the difference to the ghost is said. `height` includes it.
    large : letters and lines for a projector.

    Returns
    -------
    CurveEvent
    """
    data = {
        "key": key,
        "run_id": run_id,
        "ghost": ghost if ghost != run_id else None,
        "overlays": [[identity, label] for identity, label in overlays if identity != run_id],
        "live": bool(live and run_id),
        "height": int(height),
        "target": target,
        "invitation": invitation,
        "verdict": verdict is not None,
        "held": verdict.held_back if verdict is not None else "",
        "large": large,
        "plotly": plotly_version(),
        "heard": heard_ids(key),
    }
    act = {
        "stopping": lambda asked: on_stopping(asked) if isinstance(asked, dict) else None,
        "wish": lambda wish: act_on(wish, verdict) if verdict is not None and isinstance(wish, Mapping) else None,
    }
    _component(key=key, data=data, height="content", **{f"on_{TRIGGER}_change": lambda: hear(key, act)})
    return CurveEvent(take(key).get("ended"))


def act_on(wish: Mapping[str, Any], verdict: VerdictActions) -> None:
    """Do what the browser asks for: {"back": true}, or {"run_id", "changes"}; anything else is not ours and is left alone."""
    if wish.get("back"):
        verdict.go_back()
    elif isinstance(wish.get("run_id"), str) and isinstance(wish.get("changes"), Mapping):
        verdict.try_changes(wish["run_id"], wish["changes"])
