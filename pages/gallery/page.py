"""Gallery: one clear example of every trouble that a learning curve can have, trained on one's own table."""

from __future__ import annotations

import time

import streamlit as st

from pages.gallery.cards import gallery_cards, show_cards
from pages.gallery.example_runs import SETTINGS, begin_gallery, newest_gallery, recorded_examples
from pages.state.database import database
from pages.state.view import current_view
from pages.state.waiting import rerun_when
from pages.widgets.dataset_link import dataset_link
from pages.widgets.errors import show_error
from pages.widgets.example import recorded_example
from pages.widgets.setup_summary import setup_summary
from pages.widgets.train_button import train_button
from tuning_core.charts.style import duration
from tuning_core.experiment import RunStatus
from tuning_core.store import runs

if st.session_state.pop("to_tune", False):
    st.switch_page("tune/page.py")
view = current_view()
summary = setup_summary(view)
run = newest_gallery(view)
live = run is not None and run.live

with st.sidebar:  # as on every page, so that nothing jumps on the way here
    again = run is not None and run.status == RunStatus.FINISHED
    train_button(
        "Train again" if again else "Train the gallery",
        view.dataset_id,
        type="secondary" if again else "primary",
        icon=":material/play_arrow:",
        on_click=begin_gallery,
        disabled=summary is None or live,
        help=f"Trains {SETTINGS} settings side by side: learning rates from tiny to huge with adam and sgd, models that are too "
        "small and too large. The curve doctor then picks the clearest example of each trouble.",
    )
    if summary is not None:
        dataset_link(summary)

if run is None:
    st.info(
        "What does overfitting look like on *these* rows? One click trains one clear example of each trouble that a learning "
        "curve can have, beside a healthy one. It takes some seconds.",
        icon=":material/medical_information:",
    )
    train_button(
        "Train it on this table",
        view.dataset_id,
        type="primary",
        icon=":material/play_arrow:",
        key="begin",
        on_click=begin_gallery,
        disabled=summary is None,
        help=f"Trains {SETTINGS} settings side by side on your table.",
    )
    with recorded_example("gallery", "what each trouble looks like"):
        show_cards(recorded_examples(), recorded=True)
elif live:
    done = runs.progress(database(), run.id)
    with st.container(horizontal=True, vertical_alignment="center"):
        left = (time.time() - (run.started or time.time())) * (1 / done - 1) if done >= 0.1 else 0.0
        ahead = f", about {duration(left)} left" if left >= 1 else ""
        st.progress(done, text=f"Training {SETTINGS} settings side by side: {done:.0%}{ahead}")
        st.button(
            "Stop", icon=":material/stop:", on_click=runs.request_stop, args=(database(), run.id), help="Stop the training."
        )
    step = int(20 * done)

    def moved() -> bool:
        now = runs.get_run(database(), run.id)
        return now is None or not now.live or int(20 * runs.progress(database(), run.id)) > step

    rerun_when(moved)
elif run.status == RunStatus.FAILED:
    error = run.error or {}
    show_error(error.get("message", "The training failed."), error.get("remedy", "Try again."))
elif run.status in (RunStatus.STOPPED, RunStatus.INTERRUPTED):
    st.info("The gallery was stopped before it was complete. Train it again to see it.", icon=":material/stop:")
else:
    gallery_cards(run)
