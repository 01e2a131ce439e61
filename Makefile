# Everything runs in .venv, made from requirements/lock.txt by plain venv and pip.
#
#   make demo     solve the real rare-earths instance and print the answer
#   make test     every check there is, but the deep ones
#   make deep     hundreds of problems, large instances, chaos
#   make lint     ruff, mypy, import-linter          make format   rewrite in the house style
#   make unit     pytest alone                       make wheel    the wheel, tried in an empty environment
#   make bench    speed and memory beside others: docs/benchmarks.md, about half an hour
#   make docs     pages made from code               make lock     pin again (UPGRADE=--upgrade for newest)

PYTHON ?= python3
# One more than the cores of a small machine: many tests wait for a server.
JOBS ?= 3
UPGRADE ?=

VENV := .venv
BIN := $(VENV)/bin
REQUIREMENTS := $(VENV)/.requirements
PROJECT := $(VENV)/.project
RIVALS := $(VENV)/rivals
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
COMPILE := $(BIN)/uv pip compile --quiet pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-header --no-emit-index-url --no-emit-find-links $(UPGRADE)

# Hundreds of short processes import the same modules: without caches each compiles them anew.
unexport PYTHONDONTWRITEBYTECODE

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: demo test deep bench lint format unit wheel docs lock env clean

demo: env
	@$(BIN)/diversify solve rare-earths-usa

# Lint and the wheel share the cores; pytest comes last, so that its summary is the last line.
test: env
	@$(MAKE) --no-print-directory -j $(JOBS) --output-sync=target lint wheel
	@$(MAKE) --no-print-directory unit

lint: env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: env
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# A worker keeps to neighbouring tests, which share fixtures and solved problems.
unit: env
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

deep: env
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -m deep

# The rivals are no dependencies: they stand apart, behind everything else on the path.
bench: env
	$(PIP) install -qq --upgrade --target $(RIVALS) -r requirements/rivals.txt || \
		echo "linopy and PyOptInterface cannot be installed: they are left out" >&2
	$(BIN)/python -m pytest tests/benchmarks -o python_files='bench_*.py' -W default --timeout 0 \
		--rivals $(RIVALS) --report docs/benchmarks.md

wheel: env
	.ci/check-wheel $(BIN)/python

docs: env
	$(BIN)/python docs/make_model.py
	$(BIN)/python docs/make_openapi.py
	$(BIN)/python docs/make_scaling.py

lock: env
	$(COMPILE) --group dev -o requirements/lock.txt
	$(COMPILE) --constraints requirements/lock.txt -o requirements/runtime.txt
	$(COMPILE) --extra cluster --constraints requirements/lock.txt -o requirements/cluster.txt

env: $(PROJECT)

$(REQUIREMENTS): requirements/lock.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Making $(VENV) (about a minute)" >&2
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(PIP) install -qq --no-compile --require-hashes -r requirements/lock.txt
	@touch $@

$(PROJECT): $(REQUIREMENTS) pyproject.toml
	$(PIP) install -qq --no-deps --no-build-isolation -e .
	@touch $@

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
