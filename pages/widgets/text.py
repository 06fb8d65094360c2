"""Plain text for untrusted words, and labels that no two options share."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD_JOINER = "\u2060"


_REPLACED = re.compile(r"(?<=:)(?=[\w+/-]+:)|(?<=[<>~-])(?=[->=])|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=[\w.+-])(?=@)", re.IGNORECASE)
"""Where Streamlit would put an icon (":material/home:"), an emoji (":cat:"), a symbol ("->") or a link, escaped or not."""


def plain(text: object) -> str:
    """Untrusted text for places that render Markdown: every character shows as itself."""
    line = _REPLACED.sub(_WORD_JOINER, re.sub(r"\s+", " ", str(text)))
    line = re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~$:&=@^\"'])", r"\\\1", line)
    return line.replace("\\<", "&lt;").replace("\\>", "&gt;").replace("\\&", "&amp;")


def unique_labels(labels: Iterable[str]) -> list[str]:
    """The labels of a list of options, equal ones numbered: a browser sends back the label, not the place, of what is chosen."""
    told: dict[str, None] = {}
    for label in labels:
        words, place = label, 1
        while words in told:
            place += 1
            words = f"{label} ({place})"
        told[words] = None
    return list(told)
