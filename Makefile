# Every target works from a clean clone: what it needs is set up first, once.

SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
RUN := PYTHONPATH=.:layers/kulturkontor/python .venv/bin/python
LAYERS := dependencies typesetting spreadsheets
RUNTIME := 3.13
PLATFORMS := --platform manylinux_2_17_aarch64 --platform manylinux2014_aarch64 --platform manylinux_2_28_aarch64 --platform manylinux_2_34_aarch64
ENVIRONMENT ?= test

.PHONY: help setup test browser screenshots season pdf-check mutants serve clock lint format requirements layers deploy clean

help: ## Show what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.ready .venv-emulator/.ready $(LAYERS:%=build/local/%.ready) ## Set everything up (other targets do it themselves)

test: setup ## Run the tests
	@$(RUN) -m pytest -n auto --dist worksteal tests --ignore=tests/browser --ignore=tests/pdf

browser: setup ## Run the tests in a real Chromium, on the embedded default too
	$(chromium)
	@$(RUN) -m pytest tests/browser

screenshots: setup ## Take a picture of every page, wide and narrow, into out/screenshots/; renews those of the guide
	$(chromium)
	@rm -rf out/screenshots
	@SCREENSHOTS=out/screenshots $(RUN) -m pytest tests/browser/deployed
	@for each in docs/bilder/*.png; do cp "$$(ls out/screenshots/*-$$(basename $$each .png)-nb.png | tail -n 1)" $$each; done

season: setup ## Replay a whole programme on the embedded default; writes out/season/
	@$(RUN) -m local.season $(if $(SEED),--seed $(SEED)) $(if $(PORT),--port $(PORT))

pdf-check: setup .venv/.ready-pdf-check ## Check every kind of paper, and those of out/season/, against PDF/UA-1 and PDF/A-2a
	@$(RUN) -m tests.pdf.check_letters

mutants: setup .venv/.ready-mutants ## Mutate the modules that money and states hang on, and count what the tests notice
	@rm -rf build/mutants && mkdir -p build/mutants/tests
	@cp -r layers/kulturkontor/python build/mutants/src && cp -r tests/rules tests/examples tests/*.py build/mutants/tests
	@cp tests/mutants/conftest.py build/mutants/tests && cp tests/mutants/pyproject.toml build/mutants
	@cd build/mutants && $(CURDIR)/.venv/bin/python -m mutmut run --max-children 2 > mutmut.log 2>&1 || { tail -n 30 mutmut.log; exit 1; }
	@$(RUN) -m tests.mutants.score build/mutants

serve: setup ## Keep the embedded default running, with its pages and a mailbox
	@$(RUN) -m local.serve

clock: setup ## Move the clock of `make serve`: make clock TO=2026-04-30T09:00
	@$(RUN) -m local.clock "$(TO)"

lint: setup ## Check code and template
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@mkdir -p build && $(RUN) -m local.transform > build/template.json
	@.venv/bin/cfn-lint template.yaml build/template.json

format: setup ## Format the code
	@.venv/bin/ruff check --fix --select I .
	@.venv/bin/ruff format .

requirements: .venv/.ready ## Pin the newest allowed versions, with hashes
	@compile() { .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate "$${@:2}" requirements/$$1.in -o requirements/$$1.txt; }; \
	set -e; for each in development emulator deployment; do compile $$each; done; \
	for each in $(LAYERS) pdf-check mutants; do compile $$each -c requirements/development.txt; done

layers: .venv/.ready $(LAYERS:%=build/layers/%.ready) ## Build the layers for AWS

deploy: layers .venv-deployment/.ready ## Deploy to AWS with SAM: make deploy ENVIRONMENT=prod
	@rm -rf build/stage && mkdir -p build/stage/build
	@cp -r template.yaml samconfig.toml functions layers build/stage && cp -r build/layers build/stage/build
	@find build/stage -name __pycache__ -prune -exec rm -rf {} + ; rm -f build/stage/build/layers/*.ready
	@python$(RUNTIME) -m compileall -q --invalidation-mode unchecked-hash build/stage 2>/dev/null \
		|| echo "Python $(RUNTIME) is missing here: deploying without compiled code, so first answers are slower"
	@cd build/stage && $(CURDIR)/.venv-deployment/bin/sam deploy --config-env $(ENVIRONMENT)

clean: ## Remove what was built, set up or written; keeps what `make serve` knows in .state/
	@rm -rf build out .venv .venv-emulator .venv-deployment .pytest_cache .mypy_cache .ruff_cache .hypothesis

define chromium
@command -v chromium >/dev/null || { echo "chromium is missing (on Debian: apt-get install chromium)"; exit 1; }
endef

# Environments and layers

# $(call environment,folder,requirements)
define environment
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is missing (on Debian: apt-get install python3-venv)"; exit 1; }
	@echo "Setting up $(1) (once)"; mkdir -p build
	@test -x $(1)/bin/python || $(PYTHON) -m venv $(1)
	@$(1)/bin/python -m pip install --disable-pip-version-check --no-deps --require-hashes -r requirements/$(2).txt > build/setup.log 2>&1 \
		|| { echo "$(1) could not be set up: $$(grep -m1 ERROR build/setup.log || echo 'see build/setup.log') (is the package index reachable?)"; exit 1; }
	@touch $@
endef

.venv/.ready: requirements/development.txt
	$(call environment,.venv,development)

.venv/.ready-pdf-check: requirements/pdf-check.txt .venv/.ready
	$(call environment,.venv,pdf-check)

.venv/.ready-mutants: requirements/mutants.txt .venv/.ready
	$(call environment,.venv,mutants)

.venv-emulator/.ready: requirements/emulator.txt
	$(call environment,.venv-emulator,emulator)

.venv-deployment/.ready: requirements/deployment.txt
	$(call environment,.venv-deployment,deployment)

# $(call layer,folder,pip,options)
define layer
	@echo "Building the layer $*"; rm -rf $(1); mkdir -p $(1)
	@$(2) -m pip install --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: --no-compile $(3) \
		--target $(1)/python -r requirements/$*.txt > build/setup.log 2>&1 \
		|| { echo "the layer $* could not be built: $$(grep -m1 ERROR build/setup.log || echo 'see build/setup.log')"; exit 1; }
endef

build/local/%.ready: requirements/%.txt .venv-emulator/.ready
	$(call layer,build/local/$*,.venv-emulator/bin/python)
	@.venv-emulator/bin/python -m compileall -q --invalidation-mode unchecked-hash build/local/$*
	@touch $@

build/layers/%.ready: requirements/%.txt
	$(call layer,build/layers/$*,.venv/bin/python,--implementation cp --python-version $(RUNTIME) $(PLATFORMS))
	@touch $@
