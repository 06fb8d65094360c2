"""The Data page: what was read, what it is used as, and how its rows are split."""
