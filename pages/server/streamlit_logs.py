"""Streamlit's loggers, each with a handler of its own that writes messages and tracebacks, are made to speak through ours."""

from __future__ import annotations

from streamlit import logger

from tuning_core.logs import take_over


def take_over_streamlit() -> None:
    """For the loggers that are there and those to come; after `set_up_logs`."""
    logger.setup_formatter = take_over
    logger.update_formatter()
