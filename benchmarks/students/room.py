"""The browsers of a class lesson: its teacher's, who leads it, and students' who look on as people do."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from playwright.async_api import Browser, Page, async_playwright, expect

from tests.support.chromium import ARGUMENTS, executable

PATIENCE_MS = 300_000
FAILED = "[data-testid=stException]"  # a page that failed; so has one that says so in words
ROWS = "async id => (await fetch(`/api/classroom/${id}?after=0`)).json().then(said => said.rows)"

expect.set_options(timeout=PATIENCE_MS)


class Room:
    """`async with Room(url, students, errors)`: a teacher and so many students in browsers of their own."""

    def __init__(self, url: str, students: int, errors: Counter) -> None:
        self.url, self.n_students, self.errors = url, students, errors
        self.pages: list[Page] = []

    async def __aenter__(self) -> Room:
        self.playwright = await async_playwright().start()
        self.browser: Browser = await self.playwright.chromium.launch(args=list(ARGUMENTS), executable_path=executable())
        return self

    async def __aexit__(self, *problem: object) -> None:
        await self.browser.close()
        await self.playwright.stop()

    async def open(self, address: str) -> Page:
        context = await self.browser.new_context(viewport={"width": 1280, "height": 720}, service_workers="block")
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda problem: self.errors.update([f"script in a page: {str(problem)[:80]}"]))
        await page.goto(address)
        self.pages.append(page)
        return page

    # ---- the teacher ----------------------------------------------------------------------------------------------------

    async def make_class(self, name: str) -> str:
        """Its join code."""
        self.teacher = await self.open(f"{self.url}/classroom")
        await self.teacher.get_by_role("textbox", name="Name of the class").fill(name)
        await self.teacher.keyboard.press("Tab")
        await self.press("Make the class")
        link = await self.teacher.locator("code", has_text="join=").inner_text()
        return re.search(r"join=(\w+)", link)[1]

    async def press(self, name: str) -> None:
        await self.teacher.get_by_role("button", name=name, exact=True).click()

    async def pause(self) -> None:
        await self.press("Pause")
        await expect(self.teacher.get_by_role("button", name="Go on")).to_be_visible()

    async def go_on(self) -> None:
        await self.press("Go on")
        await expect(self.teacher.get_by_role("button", name="Pause")).to_be_visible()

    async def send_settings(self) -> None:
        """Those of a lesson, so that they differ from what anybody has set."""
        await self.teacher.locator(".st-key-class_send button").first.click()
        await self.teacher.get_by_text("of a lesson").click()
        await expect(self.teacher.get_by_text("Curve of a lesson")).to_be_visible()
        await self.press("Send to all")
        await self.teacher.keyboard.press("Escape")

    async def open_exam(self) -> None:
        await self.teacher.get_by_role("button", name="The exam of the class").click()
        await self.teacher.get_by_text("Everybody is ready").click()
        await self.press("Open the vault of the class")
        await expect(self.teacher.get_by_text("On the dashed line")).to_be_visible()

    async def board_rows(self, classroom_id: str) -> list[dict[str, Any]]:
        """What the teacher's browser is told; the board must have drawn all of it."""
        rows = await self.teacher.evaluate(ROWS, classroom_id)
        tried = sum(row["number"] > 0 for row in rows)
        await expect(self.teacher.locator(".cb-root").first).to_have_attribute("data-rows", str(tried))
        return rows

    # ---- students ---------------------------------------------------------------------------------------------------------

    async def join(self, code: str) -> None:
        for number in range(self.n_students):
            page = await self.open(f"{self.url}/classroom?join={code}")
            await page.get_by_role("textbox", name="Nickname").fill(f"Browser {number}")
            await page.get_by_role("button", name="Join", exact=True).click()
            await page.get_by_role("button", name="Train on Tune").click()
            await expect(page.get_by_text(f"· Browser {number}")).to_be_visible()

    @property
    def students(self) -> list[Page]:
        return self.pages[1:]

    async def see_pause(self, paused: bool) -> None:
        for page in self.students:
            train = page.get_by_role("button", name="Train", exact=True)
            await (expect(train).to_be_disabled() if paused else expect(train).to_be_enabled())

    async def train(self, page: Page) -> str:
        """Press Train, and see the whole curve; the run's id."""
        before = page.url
        await page.get_by_role("button", name="Train", exact=True).click()
        await page.wait_for_function("before => location.href !== before && location.href.includes('run=')", arg=before)
        run = re.search(r"run=([^&]+)", page.url)[1]
        await page.locator(f".lc-root[data-complete='{run}']").wait_for()
        return run

    async def see_exam(self) -> None:
        """On each student's page of the class; and no page has failed."""
        for page in self.students:
            await page.get_by_role("link", name="The class", exact=False).first.click()
            await expect(page.get_by_text("On the dashed line")).to_be_visible()
        for page in self.pages:
            if await page.locator(FAILED).count() or await page.get_by_text("problem of its own").count():
                self.errors["a page in a browser failed"] += 1
