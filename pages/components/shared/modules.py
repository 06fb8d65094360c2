"""ES modules as one text, which is what Streamlit's components take.

Each file becomes a function of its own scope, so names in different files cannot collide, and an import becomes the
unpacking of what that function returned. Not chosen: blob or data addresses (a module in one cannot name its neighbours),
and a route a file (some forty requests, one after the other as imports are found, before the first curve).
"""

from __future__ import annotations

import re
from pathlib import Path

_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]*)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?:(?:async )?function|class|const) (\w+)", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def bundle(entry: Path) -> str:
    """One ES module with the default export of `entry` and all that it imports; ValueError names a file that does not fit.

    Understood are `import { a, b as c } from "./x.js"`, `export` before a function, class or const, and in the entry
    `export default`. Each file is evaluated once, after those it imports; a circle of imports is refused.
    """
    names: dict[Path, str] = {}
    texts: list[str] = []
    _add(entry.resolve(), names, texts, ())
    return "".join(texts) + f"export default {names[entry.resolve()]}.default;\n"


def joined_styles(*files: Path) -> str:
    """Style sheets one after the other."""
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def _add(file: Path, names: dict[Path, str], texts: list[str], importers: tuple[Path, ...]) -> None:
    """Put a file's text behind those of what it imports, and its name and exports into `names`."""
    if file in importers:
        raise ValueError(f"{file} imports itself by way of {importers[-1].name}.")
    if file in names:
        return
    source = file.read_text(encoding="utf-8")
    for _, target in _IMPORT.findall(source):
        _add((file.parent / target).resolve(), names, texts, (*importers, file))
    names[file] = f"module_{len(names)}"

    def unpack(found: re.Match[str]) -> str:
        target = (file.parent / found[2]).resolve()
        wanted = [name.strip() for name in found[1].split(",") if name.strip()]
        missing = {name.split(" as ")[0] for name in wanted} - set(exports(target))
        if missing:
            raise ValueError(f"{file} imports {', '.join(sorted(missing))}, which {target.name} does not export.")
        return f"const {{ {', '.join(name.replace(' as ', ': ') for name in wanted)} }} = {names[target]};"

    given = exports(file)
    text = _DEFAULT.sub("const defaultExport = ", _EXPORT.sub(lambda found: found[0].removeprefix("export "), source))
    text = _IMPORT.sub(unpack, text)
    if (other := _OTHER.search(text)) is not None:
        raise ValueError(f"{file}: `{other[0]}` is no form of import or export that is understood here.")
    if _DEFAULT.search(source):
        given.append("default: defaultExport")
    texts.append(f"const {names[file]} = (() => {{\n{text}return {{ {', '.join(given)} }};\n}})();\n")


def exports(file: Path) -> list[str]:
    """The names that a file exports."""
    return _EXPORT.findall(file.read_text(encoding="utf-8"))
