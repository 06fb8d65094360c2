"""The doctor's bank: runs trained with and without each remedy, labelled by what the remedies did to held-out rows.

    python -m benchmarks.doctor grow --table diabetes        # trains; minutes a table
    python -m benchmarks.doctor calibrate                    # chooses the doctor's numbers from the bank
    python -m benchmarks.doctor report                       # error rates on tables not used for choosing

Reading order: `tables`, `design` (which settings), `grow` (training), `labels` (what is true of a run), `calibrate`, `report`,
`textbook` (the rules to compare with).
"""
