# Everything a person needs: `make run` and `make test`. Both do all the set-up by themselves.
PORT ?= 8080
DEMO ?= 1
VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?= $(firstword $(foreach p,python3.13 python3.12 python3.11 python3,$(if $(shell $(p) -c 'import sys; sys.exit(not (3,11) <= sys.version_info[:2] <= (3,13))' 2>/dev/null && echo yes),$(p))))

# A dot every two seconds, so that a long step is seen to live.
alive = sh -c '"$$@" & step=$$!; while kill -0 $$step 2>/dev/null; do printf . >&2; sleep 2; done; echo >&2; wait $$step' alive
PIP := $(BIN)/pip install -q --disable-pip-version-check

.PHONY: run test check lint types contracts unit bench chaos fuzz texts clean lock peers

run: $(VENV)/.run
	@RELANCE_DEMO=$(DEMO) $(BIN)/relance serve --port $(PORT)

test: $(VENV)/.dev peers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/relance check
	@$(BIN)/python -m pytest -n 2

bench: $(VENV)/.dev
	@$(BIN)/python -m tests.benchmarks

chaos: $(VENV)/.dev
	@$(BIN)/python -m tests.chaos --notices 100000 --kills 20

fuzz: $(VENV)/.dev
	@$(BIN)/python -m tests.fuzz --cases 1000000

texts: $(VENV)/.dev
	@$(BIN)/python -m bot.texts

peers:
	@$(BIN)/python tests/peers.py

lock: $(VENV)/.dev
	@$(BIN)/pip-compile -q --generate-hashes --no-emit-index-url --no-emit-options --strip-extras --allow-unsafe -o requirements.lock pyproject.toml
	@$(BIN)/pip-compile -q --generate-hashes --no-emit-index-url --no-emit-options --strip-extras --allow-unsafe --extra dev -o requirements-dev.lock pyproject.toml

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Relance needs Python 3.11, 3.12 or 3.13: install one, or run make PYTHON=/path/to/python3.12"; exit 1; }
	@echo "Preparing the environment in $(VENV) with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv $(VENV) || { echo "The venv module is missing: on Debian and Ubuntu, apt install python3-venv"; exit 1; }

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	@test -e $(VENV)/.dev || { echo "Installing dependencies (about a minute) ..."; $(alive) $(PIP) --require-hashes -r requirements.lock; }
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "Installing development dependencies (about two minutes) ..."
	@$(alive) $(PIP) --require-hashes -r requirements-dev.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run
