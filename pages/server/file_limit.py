"""How many connections the web process may hold: a class of a hundred needs about 900, and many systems begin at 1,024."""

from __future__ import annotations

import sys


def raise_file_limit() -> int:
    """Raise the soft limit of open files to the hard one, which needs no rights; returns the limit, 0 where there is none."""
    if sys.platform == "win32":
        return 0
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = hard if hard != resource.RLIM_INFINITY else max(soft, 65_536)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (ValueError, OSError):  # some systems name a hard limit that they do not grant
        return soft
    return wanted
