"""The tour of a first visit: five steps from the curve to one's own training. It comes once, and again from the help."""

from __future__ import annotations

from pages.components.tour import TourStep, tour
from pages.state.first_steps import end_tour, tour_on_screen

SIDEBAR = '[data-testid="stExpandSidebarButton"]'  # where the sidebar is closed, as on a phone
SHEET = ".st-key-open_settings"  # on a phone the settings are a sheet, which this button opens
STEPS = (
    TourStep(
        "The learning curve",
        "Each step to the right is an epoch: the model has seen all training rows once more. Blue is the loss on these rows, "
        "orange the loss on rows that it does not learn from. A low orange line is what you want.",
        (".st-key-curve_place .lc-stage",),
    ),
    TourStep(
        "What it tells",
        "The curve is read for you: what is wrong first, with its evidence marked in the drawing. Try it trains the one change "
        "that helps most often.",
        (".st-key-curve_place .lc-verdict",),
    ),
    TourStep(
        "The settings",
        "Every hyperparameter has a slider, and a ? that says what it does. Move one and see how the curve changes.",
        (".st-key-set_learning_rate", SHEET, SIDEBAR, '[data-testid="stSidebar"]'),
    ),
    TourStep(
        "Train",
        "This trains your own model. It takes seconds, and its curve takes the place of the example.",
        (".st-key-train",),
    ),
    TourStep(
        "The other pages",
        "Data takes your own table. Search tries many settings, Compare puts them side by side, Exam scores the one you choose, "
        "once. Lessons explain it all. Help, at the end of the left side, shows this tour again.",
        ('[data-testid="stTopNav"]', SIDEBAR, '[data-testid="stHeader"]'),
    ),
)


def show_tour(first_visit: bool) -> None:
    """Begin it on a first visit; go on with one that is open."""
    turn = tour_on_screen(first_visit)
    if turn:
        tour(STEPS, turn, key="tour", on_over=end_tour)
