"""Error rates on tables that were not used for choosing, and what the first remedies gained."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.doctor.bank import ACTIONS, Bank, with_less_context
from benchmarks.doctor.calibrate import balanced, calibrate
from benchmarks.doctor.tables import origin
from benchmarks.doctor.textbook import textbook
from tuning_core.diagnosis import VERDICTS
from tuning_core.diagnosis.calibrated_trees import Calibration, from_json
from tuning_core.diagnosis.decisions import RunSigns, decide

PAGE = Path(__file__).resolve().parents[2] / "docs" / "curve-doctor.md"
OPEN, CLOSE = "<!-- rates: written by `python -m benchmarks.doctor report` -->", "<!-- end of rates -->"
RATES = ("recall", "false_alarms", "balanced_accuracy")
HARM, WORTH = 0.05, 0.05  # relative change of the held-out loss


def judge(numbers: Calibration, bank: Bank) -> tuple[np.ndarray, list[str]]:
    """What the doctor says of every run: verdicts, bool (runs, kinds), and the first remedy's action ("" for none)."""
    said = np.zeros(bank.labels.shape, bool)
    first = []
    for i, row in enumerate(bank.x):
        measures = {name: value for name, value in zip(bank.measures, row, strict=True) if np.isfinite(value)}
        chosen = decide(RunSigns(measures, numbers.read(measures).votes, numbers.thresholds))
        for kind, _ in chosen:
            said[i, VERDICTS.index(kind)] = True
        first.append(next((steps[0].action for _, steps in chosen if steps), ""))
    return said, first


def halves(bank: Bank) -> tuple[np.ndarray, np.ndarray]:
    """Rows of either half of the tables: in alphabetical order, every other one."""
    odd = np.unique([origin(table) for table in bank.table], return_inverse=True)[1] % 2 == 1
    return np.flatnonzero(~odd), np.flatnonzero(odd)


def report(bank: Bank) -> dict[str, Any]:
    """Choose on one half of the tables, judge the other, and the other way round; rates over all runs so judged."""
    rounds: list[tuple[Bank, np.ndarray, list[str]]] = []
    without: list[tuple[Bank, np.ndarray]] = []
    one, other = halves(bank)
    for learn, held_out in ((one, other), (other, one)):
        numbers = from_json(calibrate(bank.only(learn)))
        rest = bank.only(held_out)
        rounds.append((rest, *judge(numbers, rest)))
        bare = with_less_context(rest).only(np.arange(2 * len(rest.x), 3 * len(rest.x)))  # the third copy: curves alone
        without.append((bare, judge(numbers, bare)[0]))
    labels = np.concatenate([part.labels for part, _, _ in rounds])
    said = np.concatenate([said for _, said, _ in rounds])
    gains = np.concatenate([part.gains for part, _, _ in rounds])
    first = [action for _, _, actions in rounds for action in actions]
    return {
        "runs": len(labels),
        "tables": len(set(bank.table)),
        "verdicts": verdict_rates(labels, said),
        "without_context": verdict_rates(np.concatenate([p.labels for p, _ in without]), np.concatenate([s for _, s in without])),
        "textbook": verdict_rates(bank.labels, textbook(bank)),
        "contested": round(float(np.mean(said[:, VERDICTS.index("healthy")] & (said.sum(axis=1) > 1))), 3),
        "halves": [mean_rate(verdict_rates(part.labels, s)) for part, s, _ in rounds],
        "remedies": remedy_rates(gains, first),
    }


def verdict_rates(labels: np.ndarray, said: np.ndarray) -> dict[str, dict[str, float]]:
    """By kind: share of the sick found, share of the others accused, their mean, and how many of each there were."""
    rates = {}
    for i, kind in enumerate(VERDICTS):
        known = np.isfinite(labels[:, i])
        truth, told = labels[known, i] == 1, said[known, i]
        rates[kind] = {
            "recall": round(float(told[truth].mean()), 3),
            "false_alarms": round(float(told[~truth].mean()), 3),
            "balanced_accuracy": round(balanced(truth, told), 3),
            "sick": int(truth.sum()),
            "others": int((~truth).sum()),
        }
    return rates


def mean_rate(rates: dict[str, dict[str, float]]) -> float:
    return round(float(np.mean([r["balanced_accuracy"] for r in rates.values()])), 3)


def remedy_rates(gains: np.ndarray, first: Sequence[str]) -> dict[str, Any]:
    """What the first remedies did: harm, the share of the best gain that they reached, and the gains by action."""
    mine = np.array([gains[i, ACTIONS.index(a)] if a in ACTIONS else 0.0 for i, a in enumerate(first)])
    known = np.isfinite(mine)  # older runs were not trained with less of their penalty
    mine, best, first = mine[known], np.nanmax(gains[known], axis=1), [a for a, k in zip(first, known, strict=True) if k]
    worth = best >= WORTH
    by_action = {}
    for action in sorted({a for a in first if a in ACTIONS}):
        these = mine[np.array(first) == action]
        by_action[action] = {"runs": len(these), "median_gain": round(float(np.median(these)), 3)}
        by_action[action]["harmed"] = round(float(np.mean(these <= -HARM)), 3)
    return {
        "harmed": round(float(np.mean(mine <= -HARM)), 3),
        "half_of_best": round(float(np.mean(mine[worth] >= 0.5 * best[worth])), 3),
        "could_gain": int(worth.sum()),
        "none_offered": int(sum(not a for a in first)),
        "not_measured": int((~known).sum()),
        "by_action": by_action,
    }


def write(rates: dict[str, Any], path: Path) -> None:
    path.write_text(json.dumps(rates, indent=1) + "\n")


def publish(rates: dict[str, Any], page: Path = PAGE) -> None:
    """Put the rates between the two marks of the documentation page."""
    before, rest = page.read_text().split(OPEN, 1)
    after = rest.split(CLOSE, 1)[1]
    page.write_text(f"{before}{OPEN}\n{markdown(rates)}\n{CLOSE}{after}")


def markdown(rates: dict[str, Any]) -> str:
    """The rates for a reader."""
    found, alone, rules, remedies = rates["verdicts"], rates["without_context"], rates["textbook"], rates["remedies"]
    one, other = rates["halves"]
    head = ("verdict", "recall", "false alarms", "balanced accuracy", "curves alone", "textbook rules", "have it", "do not")
    rows = [
        (
            kind,
            *(f"{r[name]:.2f}" for name in RATES),
            *(f"{other[kind]['balanced_accuracy']:.2f}" for other in (alone, rules)),
            str(r["sick"]),
            str(r["others"]),
        )
        for kind, r in found.items()
    ]
    rows.append(("**mean**", "", "", f"**{mean_rate(found):.3f}**", f"{mean_rate(alone):.3f}", f"{mean_rate(rules):.3f}", "", ""))
    actions = [
        (action, str(r["runs"]), f"{100 * r['median_gain']:.1f} %", f"{r['harmed']:.1%}")
        for action, r in remedies["by_action"].items()
    ]
    harmed, reached, could = f"{remedies['harmed']:.1%}", f"{remedies['half_of_best']:.1%}", remedies["could_gain"]
    paragraphs = [
        f"{rates['runs']:,} runs on {rates['tables']} tables; {one:.3f} and {other:.3f} on either half of the tables.",
        _table(head, rows),
        _table(("first remedy", "runs", "median gain", "harmed by 5 % or more"), actions),
        f"The first remedy raised the held-out loss by 5 % or more in {harmed} of all runs.\n"
        f"Where some remedy gained 5 % or more ({could} runs), the first one reached half of the best gain in {reached}.\n"
        f"In {remedies['none_offered']} runs none was offered first, which counts as no change; "
        f"in {remedies['not_measured']} older ones the first remedy was not trained, and they count for nothing here.\n"
        f'In {rates["contested"]:.0%} of the runs a disease and "healthy" were both named as possible.',
    ]
    return "\n\n".join(paragraphs)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows))
