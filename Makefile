# The commands of this project. The first one that needs Python makes .venv, once; it is brought up to date when
# pyproject.toml changes. Choose another Python with `make PYTHON=python3.13 …`.

PYTHON ?= python3
BIN := .venv/bin
# What grading needs, and what the tests need on top of it.
READY := .venv/.ready
READY_FOR_TESTS := .venv/.ready-for-tests
GRADED := neuron initializers losses backprop sgd

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help sample grade-sample test variants lint check format bench clean

help: ## show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

sample: $(READY) ## set everything up and grade the sample class
	$(BIN)/autograder grade neuron

grade-sample: sample ## the same

test: $(READY_FOR_TESTS) ## run all tests: the framework's own, and the graded ones on the reference solutions
	$(BIN)/python -m pytest --reference $(addprefix tests/,$(GRADED))
	$(BIN)/python -m pytest

variants: $(READY) ## every mistake in the banks caught, every right variant passed: the table
	$(BIN)/python -m autograder.suite.selfcheck

lint: $(READY_FOR_TESTS) ## style, types and the course's soundness
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/autograder validate

check: lint test ## everything that must hold before a change goes in

format: $(READY_FOR_TESTS) ## put the code into the one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY_FOR_TESTS) ## measure, and print the ratios
	@set -e; for script in bench/*.py; do echo "== $$script"; $(BIN)/python "$$script"; done

clean: ## remove what make and the tools made; results and grades stay
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 …" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null \
		|| { echo "Python's venv is missing; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 2; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(READY_FOR_TESTS): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,instructor]'
	@touch $@
