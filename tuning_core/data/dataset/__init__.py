"""A Table becomes a Dataset: target, features, split, baselines, and the Preparation fitted on training rows."""
