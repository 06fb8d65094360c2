"""How the suite runs: what goes together, one cache of compiled programs, no clock (docs/testing.md)."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.paths import ROOT

settings.register_profile("no clock", deadline=None)
settings.load_profile("no clock")

# XLA compiles a program once for all processes of the suite, the engine's workers among them, and for the next time.
TENSORFLOW = Path(find_spec("tensorflow").submodule_search_locations[0])
COMPILED = ROOT / ".pytest_cache" / f"xla-{TENSORFLOW.stat().st_mtime_ns}"  # one cache for each TensorFlow that is installed
COMPILED.mkdir(parents=True, exist_ok=True)
os.environ.setdefault("TF_XLA_FLAGS", f"--tf_xla_persistent_cache_directory={COMPILED}")
# Else each program from the cache writes a page: LLVM's preferences are taken for features that the processor lacks.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# Trees grow on one thread, as in the engine's workers: on a busy machine two threads mostly spin and wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Test processes give back what they free, as the engine's workers do.
os.environ.setdefault("MALLOC_ARENA_MAX", "2")
os.environ.setdefault("MALLOC_TRIM_THRESHOLD_", "65536")

WITHOUT_ENGINE = ("accessibility", "curve_", "hand_out", "lost_press", "offline", "presenting")
OF_MANY_PROGRAMS = (
    "tests/estimators/test_mlp.py::test_the_conformance_suite_of_scikit_learn[StackedMLPClassifier",
    "tests/estimators/test_mlp.py::test_the_conformance_suite_of_scikit_learn[StackedMLPRegressor",
    "tests/training/test_parity.py::test_every_epoch",
)
"""Parts of long files that share few programs with the rest: each keeps memory of its process, so they are spread."""
WITH_ENGINE = ("cluster", "engine", "fairness", "faults", "logs", "search_processes", "strangers", "sweep")
TOGETHER = {
    **{f"tests/browser/test_{name}": "pages without an engine" for name in WITHOUT_ENGINE},
    "tests/browser/": "the app",
    **{f"tests/engine/test_{name}.py": "an engine" for name in WITH_ENGINE},
    **{name: name for name in OF_MANY_PROGRAMS},
}
"""Tests that share processes run in one test process, so that these start once; all others go file by file, or by these parts."""
LONGEST = (
    *("browser/test_curve_", "engine/", "browser/", "training/test_parity", "estimators/"),
    *("export/test_weighted_exports", "lessons/test_claims", "training/", "export/"),
)
"""What takes a minute or more comes first, so that the test processes end together; the first three wait most of the time."""
TRAINS = (
    *("training/", "estimators/", "exam/", "export/", "prediction/", "engine/"),
    *("diagnosis/test_early_stop", "diagnosis/test_gallery", "diagnosis/test_over_regularised", "lessons/test_claims"),
)
"""Where networks are trained; `make test-fast` leaves them out."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Who wants none that trains does not import them, and TensorFlow with them, only to leave them out."""
    name = collection_path.relative_to(ROOT).as_posix() + ("/" if collection_path.is_dir() else "")
    unwanted = "not trains" in config.option.markexpr and name.startswith(tuple(f"tests/{start}" for start in TRAINS))
    return True if unwanted else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        return next((i for i, name in enumerate(LONGEST) if item.nodeid.startswith(f"tests/{name}")), len(LONGEST))

    items.sort(key=place)
    for item in items:
        if item.nodeid.startswith(tuple(f"tests/{name}" for name in TRAINS)):
            item.add_marker(pytest.mark.trains)
        if "engine" in getattr(item, "fixturenames", ()) and item.path.stem.removeprefix("test_") not in WITH_ENGINE:
            raise pytest.UsageError(f"{item.nodeid} uses the engine: name its file in WITH_ENGINE (tests/conftest.py).")


MANY, FEW = 8, 4
"""Compiled programs, or models traced by Keras: so many are too many, and so many of the last stay for the next test."""


@pytest.fixture(autouse=True)
def few_programs() -> Iterator[None]:
    """A module of many programs does not keep them all until its end."""
    yield
    if any(len(kept) >= MANY for kept in programs()):
        forget_programs(FEW)


@pytest.fixture(scope="module", autouse=True)
def programs_of_one_module() -> Iterator[None]:
    """What a test module has compiled and traced goes with it, and its memory back to the system."""
    yield
    if programs():
        forget_programs(0)


def programs() -> list[list | dict]:
    """The idle compiled programs and the traced models of this process, the last ones last; nothing if it never trained."""
    places = {"tuning_core.training.program_pool": "_idle", "tests.support.keras_oracle": "traced"}
    return [getattr(sys.modules[module], name) for module, name in places.items() if module in sys.modules]


def forget_programs(but: int) -> None:
    """All but so many of the last; their memory goes back to the system."""
    for kept in programs():
        for old in list(kept)[: max(0, len(kept) - but)]:
            kept.pop(old) if isinstance(kept, dict) else kept.remove(old)
    forget_gradients()
    gc.collect()
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)


def forget_gradients() -> None:
    """What Keras registers for each `fit` that it traces, and TensorFlow keeps for ever: a gradient, and the whole graph with it.

    Only a trace looks it up that is still under way.
    """
    if "tensorflow.python.framework.ops" in sys.modules:
        registered = sys.modules["tensorflow.python.framework.ops"].gradient_registry._registry
        for name in [name for name in registered if name.startswith("CustomGradient-")]:
            del registered[name]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((name for start, name in TOGETHER.items() if nodeid.startswith(start)), nodeid.split("::")[0])

    config.option.loadscopereorder = False
    return Scheduling(config, log)
