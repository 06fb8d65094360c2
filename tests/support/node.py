"""The `node` that Playwright carries, to run JavaScript without a browser."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from tests.support.paths import ROOT

COMPONENTS = ROOT / "pages" / "components"


def node() -> str:
    """The path of the executable."""
    from playwright._impl._driver import compute_driver_executable

    return str(compute_driver_executable()[0])


def evaluate(module: str, expression: str, given: Any) -> Any:
    """What an expression gives of the JSON `given` and the exports (`m`) of a file under pages/components."""
    code = f"""
        import * as m from {json.dumps((COMPONENTS / module).as_uri())};
        import {{ readFileSync }} from "node:fs";
        const given = JSON.parse(readFileSync(0, "utf8"));
        console.log(JSON.stringify({expression}));"""
    done = subprocess.run(
        [node(), "--input-type=module", "-e", code],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
