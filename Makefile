# Everything a developer or a steward types. `make` alone lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory --no-builtin-rules

BIN := .venv/bin
PYTEST := $(BIN)/python -P -m pytest

# Nothing reports on us: Prefect and its libraries ask for these two.
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false

.PHONY: help setup demo test services lint check serve bench clean

help: ## what there is
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-10s %s\n", $$1, $$2 }'

setup: ## .venv/ with everything locked, the command vrijgave in it, and the registers of the example municipality
	@.ci/setup

demo: setup ## seven datasets of the example municipality on their way to a portal, in under three minutes
	@$(BIN)/python -P -m flows.demo

test: setup ## all tests that need no server and no browser, with coverage
	@$(PYTEST) -q -n 2 --dist worksteal -m "not service" --cov --cov-report=term:skip-covered

services: setup ## the tests that need a server or a browser; fetches what is missing
	@tests/services/run

lint: setup ## ruff, mypy and the import rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

check: lint test ## lint and test

serve: setup ## the portal that the last run made, on this machine only
	@$(BIN)/vrijgave site serve

bench: setup ## the measurements in benchmarks/
	@for script in benchmarks/*.py; do if [ -f "$$script" ]; then echo "== $$script"; $(BIN)/python -P "$$script"; fi; done

clean: ## remove what make made: .venv/, demo/ with its home out/, the generated registers, caches
	@if [ -d demo ]; then rm -rf demo out; elif [ -d out ]; then echo "out/ stays: it was not made by make demo"; fi
	@rm -rf .venv .spark .ckan build dist htmlcov .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.* config/voorbeeldgemeente/data
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
