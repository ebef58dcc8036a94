# Targets do all their own set-up; `make help` lists them.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.DEFAULT_GOAL := help

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The lock files decide what is installed; a stamp says which state of them is.
$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing: install python3-venv"; exit 1; }
	@echo "installing (a minute or two, once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q contracts chassis services rtcm  # a dozen processes start at once
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@echo "installing what tests need"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

install: $(VENV)/.installed ## Install what running needs into .venv

demo: $(VENV)/.installed ## Start everything on embedded engines and tell the centre's story (ARGS='--exit')
	@exec $(BIN)/rtcm demo $(ARGS)

up: $(VENV)/.installed ## Start the platform on this machine (ARGS='--engine kafka')
	@exec $(BIN)/rtcm up $(ARGS)

check: $(VENV)/.installed-dev ## Format, lint, types, import rules, unit and contract tests: under a minute
	@BIN=$(BIN) deploy/check.sh

test: $(VENV)/.installed-dev ## Everything: check, both log engines, end to end, short chaos
	@BIN=$(BIN) deploy/test.sh

test-containers: $(VENV)/.installed-dev ## The behaviour suite and the story on containers (needs Docker or Podman)
	@BIN=$(BIN) deploy/test-containers.sh

contracts: $(VENV)/.installed-dev ## Publish schemas, samples, AsyncAPI and the event catalogue
	@$(BIN)/python -m contracts.publish

lock: ## Pin the dependencies again (needs uv)
	uv pip compile --quiet --generate-hashes --no-header --universal --python-version 3.11 \
	  --extra embedded --extra build --prerelease if-necessary-or-explicit pyproject.toml -o requirements.lock
	uv pip compile --quiet --generate-hashes --no-header --universal --python-version 3.11 \
	  --extra build --prerelease if-necessary-or-explicit \
	  -c requirements.lock pyproject.toml -o requirements-server.lock
	uv pip compile --quiet --generate-hashes --no-header --universal --python-version 3.11 \
	  --extra embedded --extra build --extra seal --extra dev --prerelease if-necessary-or-explicit \
	  -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## Remove what can be made again
	rm -rf $(VENV) var build .mypy_cache .ruff_cache .import_linter_cache deploy/kafka/lib

.PHONY: help install demo up check test test-containers contracts lock clean
