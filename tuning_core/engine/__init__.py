"""The engine: a process of its own that reads uploads, plans stacks and trains them on Dask workers.

`supervisor` is what the web process uses to start and watch it; it imports nothing heavy.
"""
