"""The Quiz page: read real curves, commit, and be told why."""
