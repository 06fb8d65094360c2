"""The doctor's bank: runs trained with and without each remedy, labelled by what the remedies did to held-out rows.

    python -m benchmarks.doctor grow --table diabetes        # trains; minutes a table
    python -m benchmarks.doctor calibrate                    # chooses the doctor's numbers from the bank
    python -m benchmarks.doctor report                       # error rates on tables not used for choosing
    python -m benchmarks.doctor quiz                         # trains the runs of the lessons' quiz and writes its items

Reading order: `tables`, `design` (which settings), `grow` (training), `calibrate`, `report`,
`textbook` (the rules to compare with); `quiz_runs`, `quiz` and the items that `quiz_misread` and `quiz_many` write.
"""
