"""The Exam page: the test rows, once."""
