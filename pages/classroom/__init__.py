"""The page of a class: its teacher makes it and sees its board, students join it."""
