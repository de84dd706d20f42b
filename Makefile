# The verbs of this project. Every one works in a fresh clone.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CONSTRAINTS := constraints.txt
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet -c $(CONSTRAINTS)
WORKERS ?= 2

# What is compiled is kept, whatever the environment says: the tests start hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-all test-lowest check format bench clean

demo: $(VENV)/.demo  ## install, and run the quickstart on the starter model
	$(BIN)/hfshell examples/quickstart.hfsh

test: $(VENV)/.dev  ## the tests, about eight minutes on two cores
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(WORKERS) --dist loadscope

test-all: $(VENV)/.dev  ## the slow ones too
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m "slow or gpu or not slow" -n $(WORKERS) --dist loadscope --timeout 1800

test-lowest:  ## with the lowest versions that pyproject.toml promises
	$(MAKE) test VENV=.venv-lowest CONSTRAINTS=constraints-lowest.txt

check: $(VENV)/.dev  ## style, types and the walls between the parts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -q tests/architecture

format: $(VENV)/.dev
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

bench: $(VENV)/.dev  ## side by side with what people use today; prints ratios
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/waiting.py
	$(BIN)/python benchmarks/plugins.py
	$(BIN)/python benchmarks/prompt.py
	$(BIN)/python benchmarks/completion.py
	$(BIN)/python benchmarks/streaming.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# torch comes first and alone: with it in place nothing pulls another build of it.
$(VENV)/.demo: $(VENV)/bin/python pyproject.toml $(CONSTRAINTS)
	$(PIP) "torch==$$(sed -n 's/^torch==//p' $(CONSTRAINTS))"
	$(PIP) -e ".[starter]"
	touch $@

$(VENV)/.dev: $(VENV)/.demo
	$(PIP) -e ".[dev]"
	touch $@

clean:
	rm -rf $(VENV) .venv-lowest dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
