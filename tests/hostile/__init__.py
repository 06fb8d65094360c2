"""Scoring how files as people really have them are read: `python -m tests.hostile MANIFEST` (see scoring.py)."""
