"""What only this server can have written: signatures made with a secret of the store."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

FILE = "secret"
BYTES = 32


def signature(home: Path, purpose: str, text: str) -> str:
    """22 characters (HMAC-SHA256, 132 bits) that say: this server wrote `text` for `purpose`."""
    digest = hmac.new(_secret(home), f"{purpose}\0{text}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest)[:22].decode()


def is_signature(home: Path, purpose: str, text: str, given: str) -> bool:
    """Whether `given` is the signature; takes as long for every wrong one."""
    return hmac.compare_digest(signature(home, purpose, text).encode(), given.encode("utf-8", "replace"))


@lru_cache(maxsize=8)
def _secret(home: Path) -> bytes:
    """Of this store, made once; servers on the same store share it."""
    file = home / FILE
    if not file.exists():
        fresh = home / f"{FILE}.{os.getpid()}.{secrets.token_hex(4)}"
        fresh.touch(mode=0o600)
        fresh.write_bytes(secrets.token_bytes(BYTES))
        try:
            os.link(fresh, file)  # whole or not at all, and the first one stays
        except FileExistsError:
            pass
        except OSError:  # a file system without links
            if not file.exists():
                os.replace(fresh, file)
        fresh.unlink(missing_ok=True)
    return file.read_bytes()
