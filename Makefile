# `make check` runs the main job, `make test` everything that must pass before a commit.
# Both need Python 3.11+ and nothing else: they make .venv and install what constraints.txt pins.
# A stamp file in .venv says what is installed, so that a second call installs nothing.

VENV ?= .venv
PYTHON ?= python3 python3.13 python3.12 python3.11 python
ARGS ?=
PYTEST_ARGS ?= -n auto --maxprocesses 4

BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help check mutate test lint types pytest benchmarks wheel clean distclean

help:
	@echo "make check      every declaration against numpy and torch (ARGS='--effort quick' and so on)"
	@echo "make mutate     the suite's own power: wrong implementations killed, right ones spared"
	@echo "make test       lint, types and all tests"
	@echo "make lint       ruff: rules and format"
	@echo "make types      mypy"
	@echo "make pytest     the tests alone (PYTEST_ARGS='tests/lean -x')"
	@echo "make benchmarks the tables of README.md, measured here (some ten minutes)"
	@echo "make wheel      sdist and wheel in dist/"
	@echo "make clean      removes caches and dist/ (distclean: the virtual environment too)"

check: $(VENV)/.installed
	$(BIN)/crosscheck check $(ARGS)

# Some minutes. Hypothesis, which ARGS='--baselines' compares with, is one of the tests' packages.
mutate: $(VENV)/.installed-dev
	$(BIN)/crosscheck mutate $(ARGS)

test: lint types pytest

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

# One thread each: the workers share the cores already.
pytest: $(VENV)/.installed-dev
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest $(PYTEST_ARGS)

# What else runs on the machine disturbs them.
benchmarks: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.fast_path --readme
	$(BIN)/python -m benchmarks.campaigns --readme

wheel: $(VENV)/.installed-dev
	$(BIN)/python -m build --no-isolation

$(VENV)/.installed: $(VENV)/.created pyproject.toml constraints.txt
	@echo "Installing into $(VENV) (once; torch is large) ..."
	@$(INSTALL) -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.created pyproject.toml constraints.txt
	@echo "Installing into $(VENV), with what the tests need (once; torch is large) ..."
	@$(INSTALL) -e ".[dev]"
	@touch $(VENV)/.installed $@

# An environment without a working pip was left half-made by an interrupted call: made anew.
$(VENV)/.created:
	@if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	    for candidate in $(PYTHON); do \
	        if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	        then found="$$candidate"; break; fi; \
	    done; \
	    if [ -z "$$found" ]; then \
	        echo "No Python 3.11 or newer among: $(PYTHON)." >&2; \
	        echo "Install one, or name yours: make $(MAKECMDGOALS) PYTHON=path/to/python3" >&2; \
	        exit 2; \
	    fi; \
	    echo "Making $(VENV) with $$("$$found" --version) ..."; \
	    "$$found" -m venv --clear "$(VENV)"; \
	fi
	@touch $@

clean:
	rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find harness tests -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean
	rm -rf "$(VENV)"
