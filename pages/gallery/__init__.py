"""The Gallery page: one clear example of every trouble, trained on one's own table."""
