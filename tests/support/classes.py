"""A class with two members, Ada and Ben, in a store without an engine; what they train and what time does to it."""

from __future__ import annotations

from tests.support.datasets import SETUP
from tuning_core.store import Database, class_members, classrooms, datasets, runs

OTHER_SETUP = SETUP | {"split": {**SETUP["split"], "seed": 99}}


def store_with_tables(home) -> Database:
    """Tables of the teacher's, of somebody else's, and a sample; unread."""
    found = Database(home)
    for owner, name in (("teacher", "table"), ("other", "theirs"), (datasets.SAMPLES, "sample")):
        datasets.add_dataset(found, owner, "a.csv", b"a,b\n1,2\n", dataset_id=name)
    return found


def make_class(db: Database) -> classrooms.Classroom:
    made = classrooms.add_classroom(db, "teacher", "Statistics 2", "table", SETUP)
    for who, nickname in (("ada", "Ada"), ("ben", "Ben")):
        class_members.join(db, made.code, who, nickname)
    return made


def train(db: Database, who: str, setup=SETUP, table: str = "table", kind: str = "manual") -> str:
    return runs.add_run(db, who, table, setup, kind, {"hyperparameters": {}, "seeds": [0]})


def expire(db: Database, *made: classrooms.Classroom) -> None:
    """Their days are over, and nobody has tidied up yet."""
    for one in made:
        db.write("UPDATE classrooms SET expires = created WHERE id = ?", one.id)
