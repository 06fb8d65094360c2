"""The chapters that are here: those of the project, and those of a teacher's own folder."""

from __future__ import annotations

import logging
from pathlib import Path

from tuning_core.lessons.chapter import Chapter
from tuning_core.lessons.chapter_file import LessonError, read_chapter

FOLDER = Path(__file__).with_name("chapters")
log = logging.getLogger("tunescope.lessons")


def chapters(folder: Path = FOLDER) -> tuple[Chapter, ...]:
    """All chapters of a folder that can be read, in their order; one that breaks a rule is left out, see `broken_chapters`."""
    return tuple(sorted(_read(folder)[0], key=lambda chapter: (chapter.order, chapter.name)))


def broken_chapters(folder: Path = FOLDER) -> tuple[LessonError, ...]:
    """What is wrong with the files of a folder that cannot be read as chapters."""
    return tuple(_read(folder)[1])


def _read(folder: Path) -> tuple[list[Chapter], list[LessonError]]:
    found, broken = [], []
    for path in sorted(folder.glob("*.toml")):
        try:
            found.append(read_chapter(path))
        except LessonError as problem:
            log.warning("%s", problem)
            broken.append(problem)
    return found, broken
