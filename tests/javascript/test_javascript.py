"""The browser's own code without a browser: its unit tests (one pytest test a file), and how its files are put together."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from pages.components.shared.modules import bundle, exports
from tests.support.node import COMPONENTS, node

HERE = Path(__file__).parent
SCRIPTS = sorted(COMPONENTS.glob("*/*.js"))
ENTRIES = sorted(COMPONENTS.glob("*/index.js"))


@pytest.mark.parametrize("file", sorted(HERE.glob("*.test.mjs")), ids=lambda file: file.name.removesuffix(".test.mjs"))
def test_units(file: Path) -> None:
    done = subprocess.run([node(), "--test", str(file)], capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"^. tests (\d+)$", done.stdout, re.MULTILINE)[1]) > 0, done.stdout


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda file: file.parent.name)
def test_a_component_is_one_module_whose_default_is_a_function(entry: Path, tmp_path: Path) -> None:
    built = tmp_path / "built.mjs"
    built.write_text(bundle(entry), encoding="utf-8")
    code = f"import mount from {built.as_uri()!r}; console.log(typeof mount)"
    done = subprocess.run([node(), "--input-type=module", "-e", code], capture_output=True, text=True, timeout=600, check=False)
    assert (done.stdout.strip(), done.stderr) == ("function", "")


def test_every_file_is_reached_and_short_and_exports_only_what_is_used() -> None:
    texts = {file: file.read_text(encoding="utf-8") for file in SCRIPTS}
    texts |= {file: file.read_text(encoding="utf-8") for file in HERE.glob("*.test.mjs")}
    built = "".join(bundle(entry) for entry in ENTRIES)
    for file in SCRIPTS:
        text = texts[file]
        assert len(text.splitlines()) <= 300, file
        assert text.split("\n")[0].startswith("// "), f"{file} says first what it holds"
        assert text.split("\n")[0] in built, f"{file} is imported by no component"
        for name in exports(file):
            users = [other for other, words in texts.items() if other != file and re.search(rf"\b{name}\b", words)]
            assert users, f"{name} of {file} is exported and used nowhere"


def test_one_text_means_what_the_files_mean(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.js").write_text(
        "export const seen = [];\nconst own = 1;\nexport function add(n) {\n  seen.push(n + own);\n}\n"
        "export class Box {}\nexport async function wait() {}\n"
    )
    (tmp_path / "b.js").write_text(
        'import {\n  add as put,\n  Box,\n} from "./deep/a.js";\n\nconst own = 10;\nput(own);\nexport const box = new Box();\n'
    )
    (tmp_path / "index.js").write_text(
        'import { seen, Box } from "./deep/a.js";\nimport { box } from "./b.js";\n\nexport default [seen, box instanceof Box];\n'
    )
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "built.mjs").write_text(bundle(tmp_path / "index.js"))
    for file in ("index.js", "built.mjs"):
        code = f"import x from {(tmp_path / file).as_uri()!r}; console.log(JSON.stringify(x))"
        done = subprocess.run(
            [node(), "--input-type=module", "-e", code], capture_output=True, text=True, timeout=600, check=False
        )
        assert done.stdout.strip() == "[[11],true]", done.stderr


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"index.js": 'import { x } from "./a.js";\n', "a.js": "export const y = 1;\n"}, "imports x, which a.js does not export"),
        (
            {"index.js": 'import { x } from "./a.js";\n', "a.js": 'import { z } from "./b.js";\nexport const x = 1;\n',
             "b.js": 'import { x } from "./a.js";\nexport const z = 1;\n'},
            "imports itself by way of b.js",
        ),
        ({"index.js": 'import * as all from "./a.js";\n', "a.js": ""}, "is no form of import or export"),
        ({"index.js": "export let x = 1;\n"}, "`export let x = 1;` is no form"),
    ],
)  # fmt: skip
def test_what_cannot_be_put_together_is_refused(tmp_path: Path, files: dict[str, str], words: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match=re.escape(words)):
        bundle(tmp_path / "index.js")
