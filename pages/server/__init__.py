"""What answers without a rerun of a page: curves, boards, verdicts, Plotly's script; and the gates before all of it."""
