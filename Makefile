# Every command of this project. What is installed is pinned with its hash in a requirements*.lock; only
# `make lock` fetches something else, the tool that writes those files.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet
COMPILE := $(VENV)/locker/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate $(UPGRADE)
BUILD := setuptools>=77
PEERS := aiogram aiosqlite duckdb python-telegram-bot>=22.8,<23

.DELETE_ON_ERROR:
.PHONY: run check test pytest search test-browser test-debian campaign bench lock format

run: $(VENV)/.run
	@$(BIN)/giaoban run

# The part that takes seconds: format, lint, types, contracts.
check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Beside each other: types take one processor ten seconds when nothing of theirs is kept.
test: $(VENV)/.dev
	@$(MAKE) --no-print-directory -j 2 check pytest

pytest: $(VENV)/.dev
	$(BIN)/pytest -m "not browser and not campaign" --ignore=tests/browser --ignore=tests/debian -n auto --dist worksteal

# The property tests with examples that are drawn anew: what `make test` always tries is the same.
search: $(VENV)/.dev
	$(BIN)/pytest -m hypothesis --hypothesis-profile=default --ignore=tests/browser --ignore=tests/debian -n auto

test-browser: $(VENV)/.browser
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
		|| { echo "make test-browser needs Chromium on the PATH (Debian: apt-get install chromium)" >&2; exit 1; }
	$(BIN)/pytest tests/browser

# The guide for running it, followed word by word in a fresh Debian; needs root, mounts and debootstrap.
test-debian: $(VENV)/.dev
	$(BIN)/pytest tests/debian -s

campaign: search
	$(BIN)/pytest -m campaign --ignore=tests/browser --ignore=tests/debian -s

bench: $(VENV)/.dev $(VENV)/.peers
	$(BIN)/python -m benchmarks

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Keeps the versions that stand; `make lock UPGRADE=--upgrade` takes the newest ones.
lock: $(VENV)/.python
	@test -x $(VENV)/locker/bin/uv || { $(BIN)/python -m venv $(VENV)/locker && $(VENV)/locker/bin/pip install --quiet uv; }
	echo '$(BUILD)' | $(COMPILE) pyproject.toml - -o requirements.lock
	echo '$(BUILD)' | $(COMPILE) pyproject.toml - --extra dev -c requirements.lock -o requirements-dev.lock
	echo '$(BUILD)' | $(COMPILE) pyproject.toml - --extra dev --extra browser -c requirements-dev.lock -o requirements-browser.lock
	printf '%s\n' $(foreach peer,$(PEERS),'$(peer)') | $(COMPILE) - -o benchmarks/peers/requirements.lock

# Each stamp says that its lock file is installed; a target whose stamp is newer than its files starts at once.
$(VENV)/.run: $(VENV)/.python requirements.lock pyproject.toml
	@echo "giaoban: installing requirements.lock"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-index --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@echo "giaoban: installing requirements-dev.lock"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.browser: $(VENV)/.dev requirements-browser.lock
	@echo "giaoban: installing requirements-browser.lock"
	@$(PIP) --require-hashes -r requirements-browser.lock
	@touch $@

# The bots that benchmarks compare with live apart: aiogram wants another pydantic.
$(VENV)/.peers: $(VENV)/.python benchmarks/peers/requirements.lock
	@echo "giaoban: installing benchmarks/peers/requirements.lock"
	@$(BIN)/python -m venv --clear $(VENV)/peers
	@$(VENV)/peers/bin/python -m pip --disable-pip-version-check --no-input install --quiet --require-hashes -r benchmarks/peers/requirements.lock
	@touch $@

# A .venv that is there and works is kept; PYTHON=python3.13 names another Python for a new one.
$(VENV)/.python:
	@good() { "$$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }; \
	if ! { good $(BIN)/python && $(BIN)/python -m pip --version >/dev/null 2>&1; }; then \
		for python in $(PYTHON) python3.11 python3.12 python3.13 python3 none; do good "$$python" && break; done; \
		if [ "$$python" = none ]; then \
			echo "giaoban needs Python 3.11 or newer: install it, or name it, as in: make run PYTHON=python3.12" >&2; exit 1; fi; \
		"$$python" -m venv --clear $(VENV) >/dev/null || { \
			echo "giaoban: $$python cannot make a virtual environment: on Debian and Ubuntu install python3-venv" >&2; exit 1; }; \
	fi
	@touch $@
