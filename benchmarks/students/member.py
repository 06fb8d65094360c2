"""A student of a class: joins with its code, hears its teacher as a browser does, trains, searches, answers."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress
from typing import Any

from benchmarks.students.record import Book
from benchmarks.students.student import Student, press
from benchmarks.students.tab import Http

WAIT_MS = 10_000  # of the long poll of a class


class Member(Student):
    """One student by protocol; `runs` are the ids of all that was trained, as the pages have named them."""

    def __init__(self, number: int, port: int, book: Book, think: tuple[float, float], rounds: int | None) -> None:
        super().__init__(number, "tune", port, book, think, assets=False, rounds=rounds)
        self.nickname, self.runs, self.searches = f"Student {number:02}", set(), set()
        self.heard, self.shown_version, self.news = 0, 0, asyncio.Event()
        self.channel = Http(port)
        self.listening: asyncio.Task[None] | None = None

    async def join(self, code: str, classroom_id: str) -> None:
        """By the link: the form has the code already."""
        tab = self.tab
        tab.query, tab.page_name = f"join={code}", "classroom"
        began = time.perf_counter()
        await tab.open(self.assets, f"/classroom?join={code}")
        await tab.rerun()
        await tab.settle()
        fields = {
            tab.widget("text_input", "Code").id: lambda w: setattr(w, "string_value", code),
            tab.widget("text_input", "Nickname").id: lambda w: setattr(w, "string_value", self.nickname),
        }
        await tab.rerun(fields | press(tab.widget("button", "Join")))
        self.book.add("open to joined", time.perf_counter() - began)
        await self.to("")
        self.listening = asyncio.create_task(self._listen(classroom_id))

    async def to(self, path: str) -> None:
        self.book.add("rerun: page", await self.tab.to_page(path))

    async def _listen(self, classroom_id: str) -> None:
        """What the class line's component does all the time."""
        known, state = 0, ""
        while True:
            query = f"after={known}" + (f"&state={state}&wait={WAIT_MS}" if state else "")
            status, body = await self.tab.get(f"/api/classroom/{classroom_id}?{query}", self.channel)
            if status != 200:
                return
            said = json.loads(body)
            known, state = said["cursor"], said["state"]
            self.heard = said["version"]
            self.news.set()
            await asyncio.sleep(0.3)

    async def hear(self, version: int) -> None:
        """Wait until the teacher's last deed has come, then show it, as the component makes the page do."""
        while self.heard < version:
            self.news.clear()
            await self.news.wait()
        self.book.add("rerun: told by the teacher", await self.tab.rerun())
        self.shown_version = version

    async def catch_up(self) -> None:
        if self.heard > self.shown_version:
            await self.hear(self.heard)

    async def do_tune(self) -> None:
        if self.tab.shown("run"):
            self.runs.add(self.tab.shown("run"))
        await super().do_tune()
        self.runs.add(self.tab.shown("run"))

    async def do_search(self) -> None:
        await super().do_search()
        self.runs.add(self.tab.shown("search"))
        self.searches.add(self.tab.shown("search"))
        await self.to("")

    async def do_answer(self) -> None:
        """The question at the end of a lesson."""
        await self.to("lessons")
        radio = self._question()
        chosen = self.random.choice(list(radio.options))
        seconds = await self.tab.rerun({radio.id: lambda w: setattr(w, "string_value", chosen)})
        self.book.add("rerun: answer", seconds)
        await self.to("")

    def _question(self) -> Any:
        for _, element in self.tab.elements.values():
            if element.WhichOneof("type") == "radio" and element.radio.id.split("-")[-1].startswith("lesson_answer_"):
                return element.radio
        raise LookupError("no question on the page of the lesson")

    def may_train(self) -> bool:
        return not self.tab.widget("button", "Train").disabled

    def slider(self, label: str) -> str:
        """What the slider shows."""
        slider = self.tab.widget("slider", label)
        return (list(slider.raw_value) or [slider.options[int(i)] for i in slider.default])[0]

    async def leave(self) -> None:
        if self.listening is not None:
            self.listening.cancel()
            with suppress(asyncio.CancelledError):
                await self.listening
        self.channel.close()
        await self.tab.close()
