# The commands of this project. The first one that needs Python makes .venv, once; it is made anew when pyproject.toml
# changes. Choose another Python with `make PYTHON=python3.13 …`, or install more: `make EXTRAS=dev,instructor …`.

PYTHON ?= python3
EXTRAS ?= dev
BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help sample grade-sample test check format bench clean

help: ## show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

sample: $(READY) ## set everything up and grade the sample class
	$(BIN)/autograder grade neuron

grade-sample: sample ## the same

test: $(READY) ## run the framework's own tests
	$(BIN)/python -m pytest tests/framework $(wildcard tests/sandbox)

check: $(READY) ## lint, types, the course's soundness and the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/autograder validate
	$(MAKE) test

format: $(READY) ## put the code into the one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY) ## measure, and print the ratios
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
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$(EXTRAS)]'
	@touch $@
