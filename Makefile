# What a person does with this repository. Everything lives in .venv and node_modules; var/ holds the data.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
VENDOR := src/quanheng/web/static/vendor/.built
STATIC := src/quanheng/web/static_built

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-long check lint fix bench agreement fresh-machine power-cut lock locale browser

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.installed $(STATIC)/.built ## install what the locks name, hashes checked (idempotent)

demo: setup ## start the platform with a demonstration province; PORT changes the port
	@exec $(BIN)/quanheng up --demo

test: lint browser ## every check and every test
	@$(BIN)/pytest -n 2 --dist loadgroup

test-long: lint browser ## what takes too long for every day: tests marked `long` (fuzz, repeated kills, a whole set-up, a million rows)
	@$(BIN)/pytest -n 2 --dist loadgroup -m long --timeout 5400

check: lint ## lint, types, import contracts, migrations, documents: no test of behaviour
	@$(BIN)/pytest tests/architecture

lint: setup
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

fix: setup ## format and repair what a machine can
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bench: setup ## measure every figure of the README, into benchmarks/results.json; provinces are built once (35 GB)
	@$(BIN)/python -m benchmarks.provinces 10000 100000 1000000 10000000
	@$(BIN)/python -m benchmarks
	@$(BIN)/python scripts/write_figures.py

agreement: setup ## compare with independent implementations, into docs/reference/agreement.md
	@$(BIN)/python -m scripts.agreement

fresh-machine: setup ## set up and demonstrate from nothing, on each Python that is found (QUANHENG_PYTHONS names more)
	@$(BIN)/python -m tests.install.fresh_machine

power-cut: setup ## cut the power under PostgreSQL and the public log (root, loop device, xfsprogs)
	@$(BIN)/python -m tests.faults.power_cut

lock: .venv/.installed ## resolve pyproject.toml into requirements.lock and package.json into package-lock.json
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --group dev pyproject.toml -o requirements.lock
	@npm install --package-lock-only --no-audit --no-fund

locale: setup ## collect the Chinese texts, compile their translations
	@$(BIN)/python scripts/messages.py collect
	@$(BIN)/python scripts/messages.py compile

browser: # the journeys run in Chromium; QUANHENG_CHROMIUM names one that is elsewhere
	@scripts/ensure-browser

.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Quanheng needs Python 3.11 or later: make PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

node_modules/.installed: package-lock.json package.json
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(STATIC)/.built: .venv/.installed $(VENDOR) $(wildcard src/quanheng/web/static/quanheng/* src/quanheng/web/static/public/*)
	@rm -rf $(STATIC)/*
	@$(BIN)/quanheng collectstatic --no-input --verbosity 0
	@touch $@

$(VENDOR): node_modules/.installed src/quanheng/web/static_src/build.mjs
	@npm run --silent build
	@touch $@
