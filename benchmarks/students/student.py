"""A student: trains, looks around, searches or brings a table, and thinks in between."""

from __future__ import annotations

import asyncio
import json
import random
import time
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.students.record import Book
from benchmarks.students.tab import PATIENCE, Setter, Tab

WAIT_MS = 2000  # of a long poll, as in the live curve's feed
BOARD_PAUSE = 0.3  # seconds, as on the search board
FINAL = ("finished", "stopped", "failed", "interrupted", "diverged")
RATES = ("0.0001", "0.0003", "0.001", "0.002", "0.003", "0.005", "0.007", "0.01", "0.02", "0.03", "0.05", "0.1")


def press(widget: Any) -> dict[str, Setter]:
    return {widget.id: lambda w: setattr(w, "trigger_value", True)}


class Student:
    """Does what its kind does until the lesson is over."""

    def __init__(
        self, number: int, kind: str, port: int, book: Book, think: tuple[float, float], assets: bool, rounds: int | None = None
    ) -> None:
        self.kind, self.book, self.think, self.assets = kind, book, think, assets
        self.random, self.tab, self.number = random.Random(number), Tab(port, book), number
        self.rounds = rounds

    async def live(self, starts: float, until: float) -> None:
        await asyncio.sleep(starts)
        try:
            began = time.perf_counter()
            await self.tab.open(self.assets)
            self.book.add("open: page and assets", time.perf_counter() - began)
            self.book.add("open: first rerun", await self.tab.rerun())
            self.book.add("open: first page", time.perf_counter() - began)
            await self.tab.settle()
            if self.kind == "upload":
                await self.bring_table()
            done = 0
            while time.perf_counter() < until and done != self.rounds:
                await self.pause()
                await getattr(self, f"do_{self.kind}")()
                done += 1
        except (asyncio.CancelledError, KeyboardInterrupt):
            raise
        except Exception as problem:
            self.book.errors[f"student gave up: {type(problem).__name__} {str(problem)[:60]}"] += 1
        finally:
            await self.tab.close()

    async def pause(self) -> None:
        await asyncio.sleep(self.random.uniform(*self.think))

    async def do_tune(self) -> None:
        """Move a slider, press Train, watch."""
        slider = self.tab.widget("slider", "Learning rate")
        rate = self.random.choice([r for r in RATES if r in slider.options] or list(slider.options))
        seconds = await self.tab.rerun({slider.id: lambda w: w.string_array_value.data.append(rate)})
        self.book.add("rerun: slider", seconds)
        await asyncio.sleep(self.random.uniform(0.3, 1.0))
        await self.train()

    do_upload = do_tune

    async def train(self) -> None:
        """From the press to the complete curve and its verdict; the curve is asked for as soon as the page names the run."""
        tab, before, following = self.tab, self.tab.shown("run"), []
        began = time.perf_counter()

        def hear(message: ForwardMsg) -> None:
            run = tab.shown("run")
            if not following and run and run != before and message.WhichOneof("type") == "delta":
                following.append(asyncio.create_task(self.follow(f"curves/{run}")))

        self.book.add("rerun: Train", await tab.rerun(press(tab.widget("button", "Train")), hear=hear))
        run = tab.shown("run")
        if not following:
            self.book.errors["pressed Train, no run"] += 1
            return
        status = await following[0]
        took = time.perf_counter() - began
        if status == "finished":
            self.book.add("press to complete curve", took)
        else:
            self.book.errors[f"run ended as {status}"] += 1
        looked = time.perf_counter()
        await tab.get(f"/api/verdicts/{run}" + (f"?ghost={before}" if before else ""), tab.polls)
        self.book.add("verdict", time.perf_counter() - looked)
        component = self._component()
        told = json.dumps([{"event": "ended", "value": {"run_id": run, "status": status}}])
        identity = f"$$STREAMLIT_INTERNAL_KEY_{component.id}__events"
        self.book.add("rerun: ended", await tab.rerun({identity: lambda w: setattr(w, "json_trigger_value", told)}))

    def _component(self) -> Any:
        for _, element in self.tab.elements.values():
            if element.WhichOneof("type") == "bidi_component" and "live_curve" in element.bidi_component.component_name:
                return element.bidi_component
        raise LookupError("no live curve")

    async def follow(self, path: str, known: bool = False, pause: float = 0.0) -> str:
        """Long polls until the run has ended."""
        after, state, settings, began = 0, "", 0, time.perf_counter()
        first = True
        while time.perf_counter() - began < PATIENCE:
            query = f"after={after}&wait={WAIT_MS if state else 0}" + (f"&state={state}" if state else "")
            asked = time.perf_counter()
            status, body = await self.tab.get(f"/api/{path}?{query}" + (f"&known={settings}" if known else ""), self.tab.polls)
            self.book.add("poll: first" if first else "poll: next", time.perf_counter() - asked)
            first = False
            if status != 200:
                return f"HTTP {status}"
            answer = json.loads(body)
            after, state, settings = answer["cursor"], answer["state"], settings + len(answer.get("fresh", ()))
            if answer["run"]["status"] in FINAL and not answer["more"]:
                return answer["run"]["status"]
            if pause and not answer["more"]:
                await asyncio.sleep(pause)
        return "given up"

    async def do_look(self) -> None:
        """Somebody who reads: Data, Search, Gallery, back to Tune."""
        for path in ("data", "search", "compare", ""):
            self.book.add("rerun: page", await self.tab.to_page(path))
            await self.pause()

    async def do_search(self) -> None:
        """A search of the settings that the page proposes, followed on the board; then a longer pause."""
        tab = self.tab
        self.book.add("rerun: page", await tab.to_page("search"))
        before = tab.shown("search")
        began = time.perf_counter()
        self.book.add("rerun: Search", await tab.rerun(press(tab.widget("button", "Search"))))
        search = tab.shown("search")
        if search is None or search == before:
            self.book.errors["pressed Search, no search"] += 1
            return
        status = await self.follow(f"board/{search}", known=True, pause=BOARD_PAUSE)
        if status == "finished":
            self.book.add("press to complete search", time.perf_counter() - began)
        else:
            self.book.errors[f"search ended as {status}"] += 1
        self.book.add("rerun: page", await tab.rerun())
        if self.rounds is None:  # a search on the board is looked at for longer
            await asyncio.sleep(self.random.uniform(10, 20))

    async def bring_table(self) -> None:
        """A table of one's own: 2,000 rows, 8 columns."""
        tab = self.tab
        self.book.add("rerun: page", await tab.to_page("data"))
        began = time.perf_counter()
        await tab.upload(f"mine{self.number}.csv", own_table(self.number), "Upload your own")
        while tab.waiting and time.perf_counter() - began < PATIENCE:
            await tab.settle()
            if tab.waiting:
                await tab.rerun()
        self.book.add("upload to table shown", time.perf_counter() - began)
        self.book.add("rerun: page", await tab.to_page(""))


def own_table(seed: int, rows: int = 2000, columns: int = 8) -> bytes:
    rng = random.Random(seed)
    lines = [",".join([*(f"x{i}" for i in range(columns)), "y"])]
    for _ in range(rows):
        x = [rng.gauss(0, 1) for _ in range(columns)]
        lines.append(",".join(f"{v:.4f}" for v in [*x, 3 * x[0] - x[1] * x[2] + rng.gauss(0, 0.3)]))
    return "\n".join(lines).encode()
