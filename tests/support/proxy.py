"""nginx with deploy/nginx.conf, on ports of this machine, without TLS where a test speaks plainly."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.support.paths import ROOT

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def proxy_file(folder: Path, text: str) -> Path:
    """A whole configuration of nginx around the text, that needs no rights and leaves nothing elsewhere."""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    file = folder / "nginx.conf"
    user = "user root;\n" if os.getuid() == 0 else ""  # else its workers could not look into a test's folder
    file.write_text(
        f"{user}pid {folder}/nginx.pid;\nerror_log {folder}/error.log;\ndaemon off;\nworker_processes 1;\n"
        f"events {{ worker_connections 512; }}\nhttp {{\naccess_log off;\n{places}{text}\n}}\n"
    )
    return file


def nginx_command(file: Path) -> list[str]:
    assert NGINX is not None
    return [NGINX, "-p", str(file.parent), "-e", str(file.parent / "error.log"), "-c", str(file)]


def start_proxy(folder: Path, port: int, first: int, second: int) -> subprocess.Popen[bytes]:
    """deploy/nginx.conf before two servers of this machine; its own port speaks plainly."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    text = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", text, flags=re.S)
    text = re.sub(r"\n +ssl_certificate(_key)? [^\n]+", "", text).replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    text = text.replace("127.0.0.1:8501", f"127.0.0.1:{first}").replace("127.0.0.1:8502", f"127.0.0.1:{second}")
    return subprocess.Popen(nginx_command(proxy_file(folder, text.replace("; Secure", ""))))
