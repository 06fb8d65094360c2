# make run    set up what is missing and serve the dashboard on http://127.0.0.1:8501
# make test   set up what is missing (a browser too), lint, and run all tests (ARGS="tests/data -x" for some of them)
# make test-fast   the tests that need no browser, no other process and no training: for daily work
# make lint   ruff, mypy, import-linter, bandit
# make bench  speed as ratios against named peers, measured in one run
# make clean  remove the virtual environment and caches; your data in .tunescope stay

# The first interpreter of a supported version that really starts.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1 && { echo $$p; break; }; done)
BIN := .venv/bin
PY := $(BIN)/python

.PHONY: run test test-fast lint bench clean

run: .venv/.run
	$(PY) -m streamlit run app.py

test: lint .venv/.browser
	@echo "tests: all, in three processes; what the first run compiles is kept for the next one (docs/testing.md)"
	$(PY) -m pytest -n 3 $(ARGS)

test-fast: .venv/.dev
	@echo "tests: without browser, processes and training; all of them: make test"
	$(PY) -m pytest -n 2 -m "not browser and not process and not slow and not trains" $(ARGS)

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/bandit -q -ll -r app.py pages tuning_core 2>/dev/null  # what it finds; its log tells of each exception, too

bench: .venv/.bench
	$(PY) -m benchmarks $(ARGS)

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.venv/.made:
	@echo "set-up: a virtual environment in .venv, and the packages (some minutes the first time)"
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed. Install one, or name it: make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --upgrade pip
	@touch $@

.venv/.run: .venv/.made requirements.txt
	$(PY) -m pip install --quiet -r requirements.txt
	@touch $@

.venv/.dev: .venv/.run requirements-dev.txt
	$(PY) -m pip install --quiet -r requirements-dev.txt
	@touch $@

.venv/.bench: .venv/.dev benchmarks/requirements.txt
	$(PY) -m pip install --quiet -r benchmarks/requirements.txt
	@touch $@

.venv/.browser: .venv/.dev
	$(PY) -m tests.support.chromium
	@touch $@
