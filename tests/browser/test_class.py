"""A class from the first press to the last: a teacher and two students in three browsers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import heard, settled, train, wait_state
from tuning_core.store import Database, class_exam, classrooms

pytestmark = [pytest.mark.browser]


def join(page, nickname):
    page.get_by_role("textbox", name="Nickname").fill(nickname)
    with heard(page):
        page.get_by_role("button", name="Join", exact=True).click()
    with heard(page):
        page.get_by_role("button", name="Train on Tune").click()
    expect(page.get_by_text(f"Class Tuesday · {nickname}")).to_be_visible()


def test_a_class_from_its_code_to_its_exam(app, new_page):
    teacher = new_page(f"{app.url}/classroom")
    settled(teacher)
    teacher.get_by_role("textbox", name="Name of the class").fill("Tuesday")
    teacher.keyboard.press("Tab")
    teacher.get_by_role("button", name="Make the class").click()
    expect(teacher.get_by_text("Waiting for students")).to_be_visible()
    link = teacher.locator("code", has_text="join=").inner_text()

    students = [new_page(link) for _ in range(2)]
    for student, nickname in zip(students, ("Ana", "Bo"), strict=True):
        settled(student)
        join(student, nickname)
    expect(teacher.get_by_text("Who may need you")).to_be_visible()  # the page of the code makes room by itself
    board = teacher.locator(".cb-root")
    for student in students:
        settled(student)
        train(student)
        wait_state(student, "finished", "stopped_early")
    expect(board).to_have_attribute("data-rows", "2")
    expect(board.locator(".lc-status")).to_contain_text("2 students, 2 settings tried")

    looks_on = students[1]
    settled(looks_on)
    looks_on.get_by_role("link", name="The class", exact=True).click()
    expect(looks_on.locator(".cb-root")).to_have_attribute("data-rows", "2")
    settled(students[0])
    train(students[0])
    expect(looks_on.locator(".cb-root")).to_have_attribute("data-rows", "3")  # hears of it without doing anything
    expect(board).to_have_attribute("data-rows", "3")
    settled(looks_on)
    looks_on.get_by_role("button", name="Train on Tune").click()
    expect(looks_on.get_by_role("button", name="Train", exact=True)).to_be_enabled()

    settled(teacher)
    plot = teacher.locator(".cb-plot")
    plot.focus()
    plot.press("ArrowRight")
    expect(board.locator(".lc-status")).to_contain_text(re.compile("(Ana|Bo), setting [12] of [12]: .* best"))
    plot.press("Enter")
    expect(teacher.locator(".lc-root")).to_have_attribute("data-state", re.compile("finished|stopped_early"))

    teacher.get_by_role("button", name="Pause").click()
    for student in students:  # hears of it without doing anything
        said = student.get_by_test_id("stAlertContentWarning")  # the button under the mouse says so, too
        expect(said.get_by_text("Your teacher has paused the class")).to_be_visible()
        expect(student.get_by_role("button", name="Train", exact=True)).to_be_disabled()
    teacher.get_by_role("button", name="Go on").click()
    for student in students:
        expect(student.get_by_role("button", name="Train", exact=True)).to_be_enabled()

    teacher.locator(".st-key-class_unpick button").first.click()
    teacher.get_by_role("button", name="The exam of the class").click()
    teacher.get_by_text("Everybody is ready").click()
    teacher.get_by_role("button", name="Open the vault of the class").click()
    expect(teacher.get_by_text("On the dashed line", exact=False)).to_be_visible()
    db = Database(app.home)
    rows = class_exam.exam_rows(db, classrooms.classroom_by_code(db, link.split("join=")[1][:6]).id)
    assert [row.nickname for row in rows] == ["Ana", "Bo"] and all(row.test is not None for row in rows)
    assert [row.tried for row in rows] == [2, 1] and rows[0].test == rows[1].test  # both trained what the sliders begin with
