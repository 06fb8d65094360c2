"""Which module imports which, read from the source: lazy imports, those for type checkers and those by name counted."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Module:
    name: str
    path: Path
    tree: ast.Module
    is_package: bool

    def absolute(self, node: ast.ImportFrom) -> str:
        """The full name of what `from … import` names first."""
        if not node.level:
            return node.module or ""
        parts = self.name.split(".")
        base = parts[: len(parts) - node.level + self.is_package]
        return ".".join([*base, node.module] if node.module else base)


def read_modules(root: Path, packages: Sequence[str]) -> dict[str, Module]:
    """All modules below `root / package`, by full name."""
    found = {}
    for package in packages:
        for path in sorted((root / package).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            found[name] = Module(name, path, ast.parse(path.read_text(encoding="utf-8")), is_package)
    return found


def import_graph(modules: dict[str, Module]) -> dict[str, set[str]]:
    """For each module those that it imports.

    A name that a package re-exports counts as an import of the module that defines it; that importing a module runs its
    packages' `__init__` counts for nothing, since every module has it.
    """
    return {name: set(_imported(module, modules)) - {name} for name, module in modules.items()}


def _imported(module: Module, modules: dict[str, Module]) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield from _home(module.absolute(node), alias.name, modules)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules and not _is_facade(modules[alias.name]))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not module.is_package and node.value in modules:
            yield node.value  # import_module, by name; in a package's `__init__` it is a lazy re-export


def _home(source: str, name: str, modules: dict[str, Module]) -> Iterator[str]:
    """Where `from source import name` finds its name."""
    if f"{source}.{name}" in modules:
        yield f"{source}.{name}"
    elif source in modules and modules[source].is_package and name in (exported := re_exports(modules[source])):
        yield from _home(exported[name], name, modules)
    elif source in modules:
        yield source


def re_exports(package: Module) -> dict[str, str]:
    """Names that a package's `__init__` imports, or loads lazily by its table `_HOMES`, and from where."""
    found = {}
    for node in package.tree.body:
        if isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name: package.absolute(node) for alias in node.names}
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "_HOMES":
            found |= ast.literal_eval(node.value)
    return found


def _is_facade(module: Module) -> bool:
    """Whether a package only hands on what others define (`import tuning_core as tc`)."""
    return module.is_package and bool(re_exports(module))


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The strongly connected parts with more than one module (Tarjan 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in graph.get(node, ()):
            if other not in index:
                visit(other)
            if other in stack:
                low[node] = min(low[node], low[other])
        if low[node] == index[node]:
            part = [stack.pop()]
            while part[-1] != node:
                part.append(stack.pop())
            if len(part) > 1:
                found.append(sorted(part))

    for node in graph:
        if node not in index:
            visit(node)
    return sorted(found)
