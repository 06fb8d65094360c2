"""How a person reads curves so far, beside how often the doctor is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from tuning_core.diagnosis import VERDICTS, error_rates
from tuning_core.diagnosis.wording import TITLES
from tuning_core.lessons import QuizAnswer, QuizItem, sure_records, verdict_records
from tuning_core.lessons.quiz_progress import SURE


def show_record(items: Mapping[str, QuizItem], answers: Sequence[QuizAnswer], begin_anew: Callable[[], None]) -> None:
    """One line, and the tables behind it."""
    if not answers:
        return
    right = sum(answer.right for answer in answers)
    with st.expander(f"Your record: {right} of {len(answers)} right", icon=":material/monitoring:", key="quiz_record"):
        st.markdown(_verdict_table(items, answers))
        st.caption("Of the first answers. The doctor's shares are those that it has on tables that it had not seen.")
        st.markdown(_sure_table(answers))
        st.button("Begin anew", icon=":material/restart_alt:", on_click=begin_anew, help="Forget all answers of this workspace.")


def _verdict_table(items: Mapping[str, QuizItem], answers: Sequence[QuizAnswer]) -> str:
    rates = error_rates()
    lines = ["| | you found | you claimed it wrongly | the doctor found | claimed wrongly |", "|---|---|---|---|---|"]
    for verdict, record in verdict_records(items, answers).items():
        assert verdict in VERDICTS
        doctor = rates[verdict]
        cells = (
            TITLES[verdict],
            f"{record.found} of {record.have}" if record.have else "",
            f"{record.claimed} of {record.have_not}" if record.have_not else "",
            f"{100 * doctor.recall:.0f} %",
            f"{100 * doctor.false_alarms:.0f} %",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _sure_table(answers: Sequence[QuizAnswer]) -> str:
    lines = ["| when you were | right | well judged would be |", "|---|---|---|"]
    for sure, record in sure_records(answers).items():
        share = f"{record.right} of {record.answers} ({100 * record.right / record.answers:.0f} %)" if record.answers else ""
        lines.append(f"| {sure} | {share} | about {100 * SURE[sure]:.0f} % |")
    return "\n".join(lines)
