"""axe-core in a page: what it finds serious there."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

GRAVE = ("serious", "critical")


def grave_findings(page: Page, *rules: str) -> list[str]:
    """Of these rules, or of all that axe-core has: rule, element and reason of each finding that is serious or critical."""
    page.evaluate(AXE_SCRIPT)
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [_words(rule, node) for rule in found["violations"] if rule["impact"] in GRAVE for node in rule["nodes"]]


def _words(rule: dict, node: dict) -> str:
    reasons = "; ".join(check["message"] for check in [*node["any"], *node["all"], *node["none"]])
    return f"{rule['id']}: {' '.join(map(str, node['target']))} {node['html'][:200]} ({reasons[:300]})"
