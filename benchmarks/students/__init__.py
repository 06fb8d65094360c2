"""A class of virtual students: what a server is like for them, and for how many."""
