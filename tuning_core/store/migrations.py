"""The schema, as named steps that are applied once and in order. A step that has landed is never edited.

datasets  an uploaded table: bytes and cleaned table lie in `datasets/<id>/`, what pages show of it is `profile`
setups    a dataset with target, features and split: checked by the engine once, known by a hash of its content
runs      a request to train, and how far it got
trials    one model of a run
settings  what a search tries: one row for all seeds and folds of a setting, with its score
row_losses what a trial of a search lost on single rows, for the winner's curse
curves    what was recorded, append-only; `cursor` grows, so a page asks for "newer than N"
weights   what a trial learned, when it is small enough to keep
engine    one row: who is training and whether it is ready
pace      how fast this machine trains, as measured
questions what pages ask the engine to work out, with the answer
tree_baselines what trees reach on the validation rows of a setup
answers   what a workspace answered in quiz and lessons
looks     every look at test rows; `vault` says which rows, `sha256` of which file
classrooms a class: a table, a setup and a guide that a teacher gives to those who know its code, until it expires
members   who is in a class, under which nickname; class_answers: what they answered; class_exam: how each one's model did

`shared` of a table or a run: NULL (its owner's alone), "view" or "work" (see `sharing`). `classroom_id` of a run: the class that
sees it. `kept_loss` and `kept_metric` of a trial: on the validation rows, at the epoch that it keeps; NULL for folds.
"""

from __future__ import annotations

NOW = "(julianday('now') - 2440587.5) * 86400.0"  # seconds since 1970, also in SQLite before 3.42

MIGRATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "0001_first",
        (
            f"""CREATE TABLE datasets (
                id TEXT PRIMARY KEY, workspace TEXT NOT NULL, name TEXT NOT NULL, options TEXT NOT NULL DEFAULT '{{}}',
                status TEXT NOT NULL DEFAULT 'queued', profile TEXT, error TEXT, sha256 TEXT,
                created REAL NOT NULL DEFAULT ({NOW}))""",
            "CREATE INDEX datasets_by_workspace ON datasets (workspace, created)",
            f"""CREATE TABLE setups (
                id TEXT PRIMARY KEY, dataset_id TEXT NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
                spec TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'queued', summary TEXT, error TEXT,
                created REAL NOT NULL DEFAULT ({NOW}))""",
            f"""CREATE TABLE runs (
                id TEXT PRIMARY KEY, workspace TEXT NOT NULL,
                dataset_id TEXT NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
                setup TEXT NOT NULL, kind TEXT NOT NULL, spec TEXT NOT NULL, name TEXT NOT NULL DEFAULT '',
                pinned INTEGER NOT NULL DEFAULT 0, automatic INTEGER NOT NULL DEFAULT 0,
                status TEXT NOT NULL DEFAULT 'queued', stop_requested INTEGER NOT NULL DEFAULT 0,
                attempts INTEGER NOT NULL DEFAULT 0, error TEXT, note TEXT NOT NULL DEFAULT '',
                epochs_total INTEGER NOT NULL DEFAULT 0,
                created REAL NOT NULL DEFAULT ({NOW}), started REAL, finished REAL)""",
            "CREATE INDEX runs_by_workspace ON runs (workspace, created)",
            "CREATE INDEX runs_by_status ON runs (status, created)",
            """CREATE TABLE trials (
                run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, number INTEGER NOT NULL,
                hyperparameters TEXT NOT NULL, seed INTEGER NOT NULL, fold INTEGER,
                status TEXT NOT NULL DEFAULT 'queued', epochs INTEGER NOT NULL DEFAULT 0, best_epoch INTEGER,
                stopped_epoch INTEGER, diverged_epoch INTEGER, context TEXT NOT NULL DEFAULT '{}',
                error TEXT NOT NULL DEFAULT '', PRIMARY KEY (run_id, number)) WITHOUT ROWID""",
            """CREATE TABLE curves (
                cursor INTEGER PRIMARY KEY AUTOINCREMENT,
                run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
                number INTEGER NOT NULL, first_epoch INTEGER NOT NULL, epochs INTEGER NOT NULL, record BLOB NOT NULL)""",
            "CREATE INDEX curves_by_run ON curves (run_id, cursor)",
            """CREATE TABLE weights (
                run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, number INTEGER NOT NULL,
                arrays BLOB NOT NULL, PRIMARY KEY (run_id, number))""",
            """CREATE TABLE engine (
                id INTEGER PRIMARY KEY CHECK (id = 1), pid INTEGER, status TEXT NOT NULL DEFAULT 'down',
                workers INTEGER NOT NULL DEFAULT 0, detail TEXT NOT NULL DEFAULT '', beat REAL NOT NULL DEFAULT 0)""",
            "INSERT INTO engine (id) VALUES (1)",
        ),
    ),
    (
        "0002_questions",
        (
            f"""CREATE TABLE questions (
                id TEXT PRIMARY KEY, kind TEXT NOT NULL, spec TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'queued',
                answer TEXT, filename TEXT, error TEXT, created REAL NOT NULL DEFAULT ({NOW}))""",
            "CREATE INDEX questions_by_status ON questions (status, created)",
        ),
    ),
    (
        "0003_looks",
        (
            f"""CREATE TABLE looks (
                id TEXT PRIMARY KEY, workspace TEXT NOT NULL, vault TEXT NOT NULL, sha256 TEXT, run_id TEXT NOT NULL,
                number INTEGER NOT NULL, name TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',
                created REAL NOT NULL DEFAULT ({NOW}))""",
            "CREATE INDEX looks_by_vault ON looks (workspace, vault)",
            "UPDATE setups SET status = 'queued' WHERE status = 'ready'",  # their summaries are to name their vaults
        ),
    ),
    (
        "0004_searches",
        (
            """CREATE TABLE settings (
                run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, number INTEGER NOT NULL,
                axis_values TEXT NOT NULL, hyperparameters TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'queued',
                scores TEXT NOT NULL DEFAULT '[]', metrics TEXT NOT NULL DEFAULT '[]', mean REAL, spread REAL, metric_mean REAL,
                rungs TEXT NOT NULL DEFAULT '{}', error TEXT NOT NULL DEFAULT '', PRIMARY KEY (run_id, number)) WITHOUT ROWID""",
            "ALTER TABLE trials ADD COLUMN setting INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE trials ADD COLUMN score REAL",
            "ALTER TABLE trials ADD COLUMN metric REAL",
            """CREATE TABLE row_losses (
                run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, number INTEGER NOT NULL,
                positions BLOB NOT NULL, losses BLOB NOT NULL, PRIMARY KEY (run_id, number))""",
        ),
    ),
    (
        "0005_pace",
        ("CREATE TABLE pace (name TEXT PRIMARY KEY, value REAL NOT NULL)",),
    ),
    (
        "0006_tree_baselines",
        (
            """CREATE TABLE tree_baselines (
                setup_id TEXT PRIMARY KEY, dataset_id TEXT NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
                scores TEXT NOT NULL)""",
        ),
    ),
    (
        "0007_workspaces",
        (
            "CREATE TABLE workspaces (id TEXT PRIMARY KEY, remembered TEXT NOT NULL DEFAULT '{}')",
            "ALTER TABLE runs ADD COLUMN deleted REAL",
            "ALTER TABLE datasets ADD COLUMN note TEXT NOT NULL DEFAULT ''",
        ),
    ),
    (
        "0008_answers",
        (
            f"""CREATE TABLE answers (
                number INTEGER PRIMARY KEY AUTOINCREMENT, workspace TEXT NOT NULL, subject TEXT NOT NULL, name TEXT NOT NULL,
                content TEXT NOT NULL, created REAL NOT NULL DEFAULT ({NOW}))""",
            "CREATE INDEX answers_by_workspace ON answers (workspace, subject, number)",
        ),
    ),
    (
        "0009_sharing",  # links that were given out go on showing what they showed; what is made from now on is its owner's
        (
            "ALTER TABLE datasets ADD COLUMN shared TEXT",
            "ALTER TABLE runs ADD COLUMN shared TEXT",
            "UPDATE runs SET shared = 'view'",
            """UPDATE datasets SET shared = CASE WHEN EXISTS (SELECT 1 FROM runs WHERE dataset_id = datasets.id
                AND runs.workspace != datasets.workspace) THEN 'work' ELSE 'view' END""",
            "CREATE INDEX runs_shared ON runs (dataset_id) WHERE shared IS NOT NULL",
        ),
    ),
    (
        "0010_classrooms",
        (
            f"""CREATE TABLE classrooms (
                id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, code TEXT NOT NULL UNIQUE,
                dataset_id TEXT NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
                setup TEXT NOT NULL, setup_id TEXT NOT NULL, guide TEXT NOT NULL, board TEXT NOT NULL,
                frozen INTEGER NOT NULL DEFAULT 0, version INTEGER NOT NULL DEFAULT 1, shown_run TEXT,
                created REAL NOT NULL DEFAULT ({NOW}), expires REAL NOT NULL, opened REAL)""",
            "CREATE INDEX classrooms_by_owner ON classrooms (owner, created)",
            "CREATE INDEX classrooms_by_table ON classrooms (dataset_id)",
            f"""CREATE TABLE members (
                classroom_id TEXT NOT NULL REFERENCES classrooms (id) ON DELETE CASCADE, workspace TEXT NOT NULL,
                nickname TEXT NOT NULL, folded TEXT NOT NULL, answer_run TEXT,
                entered INTEGER NOT NULL, joined REAL NOT NULL DEFAULT ({NOW}), seen REAL NOT NULL DEFAULT ({NOW}),
                PRIMARY KEY (classroom_id, workspace), UNIQUE (classroom_id, folded))""",
            "CREATE INDEX members_by_workspace ON members (workspace, entered)",
            f"""CREATE TABLE class_answers (
                classroom_id TEXT NOT NULL, item TEXT NOT NULL, workspace TEXT NOT NULL, choice TEXT NOT NULL,
                is_right INTEGER NOT NULL, created REAL NOT NULL DEFAULT ({NOW}), PRIMARY KEY (classroom_id, item, workspace),
                FOREIGN KEY (classroom_id, workspace) REFERENCES members (classroom_id, workspace) ON DELETE CASCADE)""",
            """CREATE TABLE class_exam (
                classroom_id TEXT NOT NULL, workspace TEXT NOT NULL, run_id TEXT NOT NULL, setting INTEGER NOT NULL,
                tried INTEGER NOT NULL, looks_before INTEGER NOT NULL, found TEXT, PRIMARY KEY (classroom_id, workspace),
                FOREIGN KEY (classroom_id, workspace) REFERENCES members (classroom_id, workspace) ON DELETE CASCADE)""",
            "ALTER TABLE runs ADD COLUMN classroom_id TEXT REFERENCES classrooms (id) ON DELETE SET NULL",
            "CREATE INDEX runs_of_class ON runs (classroom_id, created) WHERE classroom_id IS NOT NULL",
            "ALTER TABLE trials ADD COLUMN kept_loss REAL",
            "ALTER TABLE trials ADD COLUMN kept_metric REAL",
        ),
    ),
    (
        "0011_class_removals",
        (
            "ALTER TABLE classrooms ADD COLUMN sent INTEGER NOT NULL DEFAULT 0",
            f"""CREATE TABLE class_removals (
                classroom_id TEXT NOT NULL REFERENCES classrooms (id) ON DELETE CASCADE, workspace TEXT NOT NULL,
                nickname TEXT NOT NULL, removed REAL NOT NULL DEFAULT ({NOW}), PRIMARY KEY (classroom_id, workspace))""",
        ),
    ),
)
