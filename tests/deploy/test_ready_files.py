"""The ready files in deploy/: units, proxy and containers name what there is, and their own programs accept them."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
import yaml

from tests.support.certificates import dask_tls, make_certificates
from tests.support.paths import ROOT
from tests.support.proxy import NGINX, nginx_command, proxy_file
from tuning_core.config import VARIABLES

DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
OURS = {variable.name for variable in VARIABLES.values()}
COMMANDS = {"streamlit": ("run", "app.py"), "dask": ("scheduler", "worker")}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_accepts_the_unit(unit, tmp_path):
    installed = tmp_path / unit.name
    python = tmp_path / "opt/.venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    installed.write_text(unit.read_text().replace("/opt/tunescope", str(tmp_path / "opt")))
    found = subprocess.run(["systemd-analyze", "verify", installed], capture_output=True, text=True)
    said = [line for line in (found.stdout + found.stderr).splitlines() if unit.stem.rstrip("@") in line]
    assert found.returncode == 0 and not said, found.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_names_what_there_is(unit):
    text = unit.read_text()
    program, *words = re.search(r"^ExecStart=/opt/tunescope/\.venv/bin/python -m (.+)$", text, re.M)[1].split()
    assert words[0] in COMMANDS[program]
    settings = set(re.findall(r"\bTUNESCOPE_[A-Z_]+", text))
    assert settings <= OURS
    for file in re.findall(r"\bdeploy/\S+?\.(?:service|conf)|\bdocs/\w+\.md", text):
        assert (ROOT / file).exists(), file


def test_containers_name_what_there_is():
    plan = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = plan["services"]
    assert set(services) == {"web", "scheduler", "worker"}
    for name, service in services.items():
        assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).exists()
        for source, _, _ in (volume.partition(":") for volume in service["volumes"]):
            assert source in plan["volumes"] or source == "./certificates"
        ours = {key for key in service["environment"] if key.startswith("TUNESCOPE_")}
        assert ours <= OURS and (name == "web") == bool(ours)
        if name != "web":
            program, command = service["command"][2:4]
            assert (program, command) == ("dask", name)
    expected = {key: f"/certificates/{value.rpartition('/')[2]}" for key, value in dask_tls(DEPLOY).items() if "TLS" in key}
    assert {key: value for key, value in services["worker"]["environment"].items() if "TLS" in key} == expected


def test_the_image_is_made_of_what_there_is_and_has_all_that_is_imported():
    text = (DEPLOY / "Dockerfile").read_text()
    copied = [line.split()[1] for line in text.splitlines() if line.startswith("COPY")]
    assert all((ROOT / name).exists() for name in copied)
    packages = {folder.name for folder in ROOT.iterdir() if (folder / "__init__.py").exists()} - {"tests", "benchmarks"}
    assert packages <= set(copied)
    version = re.search(r"^FROM python:3\.(\d+)-slim$", text, re.M)[1]
    assert f"python3.{version}" in (ROOT / "Makefile").read_text()
    assert set(re.findall(r"\bTUNESCOPE_[A-Z_]+", text)) <= OURS


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
def test_nginx_accepts_the_proxy(tmp_path):
    keys = make_certificates(tmp_path / "keys")
    text = (DEPLOY / "nginx.conf").read_text().replace("/etc/ssl/tunescope", str(keys))
    found = subprocess.run([*nginx_command(proxy_file(tmp_path, text)), "-t"], capture_output=True, text=True)
    assert found.returncode == 0 and "warn" not in found.stderr, found.stderr


def test_uploads_that_are_allowed_pass_the_proxy():
    most = int(re.search(r"^maxUploadSize = (\d+)$", (ROOT / ".streamlit" / "config.toml").read_text(), re.M)[1])
    assert int(re.search(r"client_max_body_size (\d+)m;", (DEPLOY / "nginx.conf").read_text())[1]) > most
