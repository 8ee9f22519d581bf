# Dokaz. `make` alone lists what can be made. Needs git, make and Python 3.11 or later with pip and venv; the rest is
# fetched at the versions that uv.lock and frontend/package-lock.json name, into .uv/, .venv/ and frontend/node_modules/.

.DEFAULT_GOAL := help
.PHONY: help setup demo dev test mutants check lint types contracts translations docs bench clean

PYTHON ?= python3
SERVE ?= yes
PORT ?= 8000
# What to hand to pytest: make test ARGS="-k merkle"
ARGS ?=

UV_VERSION := 0.9.11
UV := .uv/bin/uv
BIN := .venv/bin
VENDOR := src/dokaz/pages/static/vendor/versions.json
CATALOGUE := src/dokaz/locale/uk/LC_MESSAGES/django
LOCKED := uv.lock pyproject.toml verifier/pyproject.toml

# uv works on .venv here whatever else is active, and never fetches an interpreter of its own.
unexport VIRTUAL_ENV UV_PROJECT_ENVIRONMENT
export UV_PYTHON_DOWNLOADS := never
# Adds to .venv without taking the development tools away again. Bytecode is made here, for a command should start at once
# the first time too, and where Python may not keep any (a read-only installation, PYTHONDONTWRITEBYTECODE).
SYNC = $(UV) sync --quiet --frozen --inexact --compile-bytecode --python $(PYTHON)

NODE_ON_PATH := command -v npm >/dev/null 2>&1 && \
	node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' 2>/dev/null

help:
	@echo "make setup   Install Dokaz and its verifier into .venv"
	@echo "make demo    Set up, run an invented investigation, serve it on 127.0.0.1:$(PORT) (SERVE=no, PORT=)"
	@echo "make test    Run every test, on SQLite and PostgreSQL, with a real browser (ARGS= for pytest)"
	@echo "make mutants Break the rules one by one: does a test notice? (ARGS=\"--only src/dokaz/court --sample 100\")"
	@echo "make check   Format, lint, types, import contracts, translations, documentation"
	@echo "make bench   Measure what docs/performance.md states"
	@echo "make clean   Remove the demo, caches and everything that was built; .uv and .venv too"

# --- installing --------------------------------------------------------------------------------------------------------

# Python packages and the front end come at the same time; from $(UV) on, so that nothing is fetched by an old Python.
setup: $(UV)
	@$(MAKE) -s --no-print-directory -j2 .venv/.for-use $(VENDOR) $(CATALOGUE).mo

dev: setup
	@$(MAKE) -s --no-print-directory .venv/.for-development

$(UV): Makefile
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Dokaz needs Python 3.11 or later; name one with PYTHON=" >&2; exit 1; }
	@echo "Installing uv $(UV_VERSION) ..."
	@test -x .uv/bin/python || $(PYTHON) -m venv .uv
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $(UV)

.venv/.for-use: $(UV) $(LOCKED)
	@echo "Installing Dokaz from uv.lock ..."
	@if $(NODE_ON_PATH); then node=; else node="--group node"; fi; $(SYNC) --no-dev --group use $$node
	@$(BIN)/python -m compileall -q src verifier/src
	@touch $@

.venv/.for-development: .venv/.for-use
	@echo "Installing the development tools from uv.lock ..."
	@$(SYNC) --group dev
	@touch $@

.venv/.compiled: .venv/.for-use
	@$(BIN)/dokaz kinship warm >.venv/compiling.log
	@touch $@

# Without Node on the machine, the one among the Python packages is waited for.
$(VENDOR): frontend/package-lock.json frontend/build.mjs frontend/build.sh | \
		$(shell if $(NODE_ON_PATH); then :; else echo .venv/.for-use; fi)
	@echo "Building the front end ..."
	@PYTHON=../.venv/bin/python sh frontend/build.sh
	@touch $@

$(CATALOGUE).mo: $(CATALOGUE).po | .venv/.for-use
	@$(BIN)/python tools/translations.py compile

# --- running -----------------------------------------------------------------------------------------------------------

# The search is compiled on one core while the other takes in the files.
demo: setup
	@$(MAKE) -s --no-print-directory .venv/.compiled & \
		$(BIN)/dokaz demo demo --port $(PORT) $(if $(filter no,$(SERVE)),--no-serve)

# --- holding it to its word ---------------------------------------------------------------------------------------------

# What tests write goes into memory where there is room: none of them pulls the plug, and all would wait for the disk.
IN_MEMORY := $(shell free=$$(df -Pm /dev/shm 2>/dev/null | awk 'END {print $$4}'); test "$${free:-0}" -ge 4096 && echo TMPDIR=/dev/shm)

# Each worker reads all tests; pytest rewrites them for that, which takes as long again where it may not keep what it wrote.
test: dev .venv/.compiled
	@$(BIN)/python -m compileall -q src verifier/src
	PYTHONDONTWRITEBYTECODE= $(IN_MEMORY) $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

# Hours for all of it; what was tried is kept in .cache/mutants/, and is not tried again.
mutants: dev .venv/.compiled
	@$(IN_MEMORY) PYTHONPATH=tools $(BIN)/python -m mutants $(ARGS)

check: lint types contracts translations docs

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: dev
	$(BIN)/mypy

contracts: dev
	$(BIN)/lint-imports --no-logo

translations: dev
	$(BIN)/python tools/translations.py check

docs: dev
	$(BIN)/python tools/example.py check
	$(BIN)/pytest tests/architecture

bench: dev
	@for each in bench/*.py; do echo "== $$each"; $(BIN)/python $$each || exit 1; done

clean:
	rm -rf demo .venv .uv .cache build dist frontend/node_modules src/dokaz/pages/static/vendor $(CATALOGUE).mo
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache tests/journeys/screenshots
	find src verifier tests bench tools vectors -name __pycache__ -type d -prune -exec rm -rf {} +
