"""A run from the queue to its end: placing, executing, the speed of this machine."""
