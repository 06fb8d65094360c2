"""How busy the server is, as OpenMetrics text (`/api/metrics`): numbers of the whole server, about nobody.

Counted when it is asked for, from the store and the processes; `Operators` says who may ask.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import psutil
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeHistogramMetricFamily, GaugeMetricFamily
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from streamlit.runtime import Runtime, exists

from tuning_core.store import Database, engine_status
from tuning_core.store.engine_status import EngineState
from tuning_core.store.totals import Totals, totals

BOUNDS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3600.0)  # seconds of a run
LIVE = ("queued", "running")
MEDIA_TYPE = CONTENT_TYPE_LATEST


def metrics_text(db: Database) -> bytes:
    """Everything, now."""
    registry = CollectorRegistry()
    registry.register(_Now(db))
    return generate_latest(registry)


class _Now(Collector):
    """The families of one answer."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def describe(self) -> list[GaugeMetricFamily]:
        return []  # nothing is asked twice to learn the names

    def collect(self) -> Iterator[GaugeMetricFamily | GaugeHistogramMetricFamily]:
        engine, found = engine_status.get_engine(self.db), totals(self.db, BOUNDS)
        yield from _engine(engine)
        yield from _runs(found)
        yield GaugeMetricFamily("tunescope_questions", "Questions of pages that wait or are worked on.", found.questions)
        yield GaugeMetricFamily("tunescope_uploads", "Uploads that wait to be read or are being read.", found.uploads)
        yield GaugeMetricFamily("tunescope_sessions", "Browsers that have a page open.", _sessions())
        memory = GaugeMetricFamily("tunescope_memory_bytes", "Resident memory of the processes.", labels=["process"])
        for process, held in _memory(engine.pid).items():
            memory.add_metric([process], held)
        yield memory
        yield GaugeMetricFamily("tunescope_store_bytes", "The database file.", self.db.file.stat().st_size)
        yield GaugeMetricFamily(
            "tunescope_disk_free_bytes", "Free space where the store is.", shutil.disk_usage(self.db.home).free
        )


def _engine(engine: EngineState) -> Iterator[GaugeMetricFamily]:
    yield GaugeMetricFamily("tunescope_engine_up", "1 where the engine is ready to train, else 0.", engine.status == "ready")
    workers = GaugeMetricFamily("tunescope_workers", "Training processes.", labels=["state"])
    busy = engine.busy if engine.up else 0
    workers.add_metric(["busy"], busy)
    workers.add_metric(["idle"], max(0, engine.workers - busy) if engine.up else 0)
    yield workers


def _runs(found: Totals) -> Iterator[GaugeMetricFamily | GaugeHistogramMetricFamily]:
    """What waits and goes on, by kind; what is kept of those that ended; how long these took."""
    live = GaugeMetricFamily("tunescope_live_runs", "Runs and searches that wait or train.", labels=["kind", "status"])
    kinds = sorted({kind for kind, _ in found.runs} | {"manual", "search"})
    for kind in kinds:
        for status in LIVE:
            live.add_metric([kind, status], found.runs.get((kind, status), 0))
    yield live
    ended = GaugeMetricFamily("tunescope_ended_runs", "Runs and searches in the store that have ended.", labels=["status"])
    for status in sorted({status for _, status in found.runs if status not in LIVE} | {"finished", "failed"}):
        ended.add_metric([status], sum(n for (_, other), n in found.runs.items() if other == status))
    yield ended
    took = GaugeHistogramMetricFamily("tunescope_run_seconds", "Time of runs in the store, from their begin to their end.")
    names = [*(f"{bound:g}" for bound in BOUNDS), "+Inf"]
    took.add_metric([], list(zip(names, map(float, found.run_counts), strict=True)), found.run_seconds)
    yield took


def _sessions() -> int:
    return Runtime.instance()._session_mgr.num_active_sessions() if exists() else 0


def _memory(engine_pid: int) -> dict[str, int]:
    """Of the web process, the engine and all its workers together; what has just ended has none."""
    held = {"web": psutil.Process().memory_info().rss, "engine": 0, "workers": 0}
    try:
        engine = psutil.Process(engine_pid)
        held["engine"] = engine.memory_info().rss
        for child in engine.children(recursive=True):
            held["workers"] += child.memory_info().rss
    except psutil.Error:
        return held
    return held
