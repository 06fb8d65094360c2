"""Two visitors and a run: refused, shared by a press, seen, and taken back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from pages.state.workspace import COOKIE
from tests.support.browser import heard, settled
from tests.support.stored_runs import LINEAR, recorded_run

pytestmark = [pytest.mark.browser]


def test_a_link_works_from_the_press_on_share_to_the_press_on_stop(server, new_page):
    owner = new_page(server.url)
    settled(owner)
    workspace = next(c["value"] for c in owner.context.cookies() if c["name"] == COOKIE).split(".")[0]
    run_id = recorded_run(server.db, workspace, [LINEAR])
    link = f"{server.url}/tune?run={run_id}"
    refusal = re.compile("not shared with you.*Ask its owner to share it")
    owner.goto(link)
    expect(owner.locator(".lc-root")).to_have_attribute("data-complete", run_id)

    guest = new_page(link)
    expect(guest.get_by_role("alert").filter(has_text=refusal)).to_be_visible()
    assert guest.request.get(f"{server.url}/api/curves/{run_id}").status == 403

    owner.get_by_role("button", name="Export & share").click()
    with heard(owner):
        owner.get_by_role("button", name="Share for viewing").click()
    expect(owner.get_by_text(f"/tune?run={run_id}")).to_be_visible()
    guest.goto(link)
    expect(guest.locator(".lc-root")).to_have_attribute("data-complete", run_id)
    expect(guest.get_by_role("alert").filter(has_text=refusal)).to_have_count(0)

    with heard(owner):
        owner.get_by_role("button", name="Stop sharing").click()
    assert guest.request.get(f"{server.url}/api/curves/{run_id}").status == 403
    guest.reload()
    expect(guest.get_by_role("alert").filter(has_text=refusal)).to_be_visible()
    expect(owner.locator(".lc-root")).to_have_attribute("data-complete", run_id)
