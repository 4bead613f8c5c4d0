# The two commands of the README are `make demo` and `make test`; `make` alone lists the targets.
.DEFAULT_GOAL := help
.PHONY: bench-validate bench-rest help demo test lint types tests browser-tests differential soak docs lock setup setup-dev system viz clean bench
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES ?= ../shared/sources
# A million pilots take 7 GB of disk and 8 GB of memory; with less: make bench BENCH_SIZES=10000,100000
BENCH_SIZES ?= 10000,100000,1000000
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(VENV)/.installed
$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'Python 3.11 or newer is needed; name it with: make PYTHON=python3.12 …' >&2; exit 3; }
	@echo "setting up $(VENV) (once, about a minute) …"
	@$(PYTHON) -m venv $(VENV) \
	  || { echo 'python3 -m venv failed; on Debian and Ubuntu: apt-get install python3-venv' >&2; exit 3; }
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q pilotgraph
	@touch $@

setup-dev: $(VENV)/.installed-dev
$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "adding what the tests need …"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

viz: viz/dist/.built ## Build the browser side with npm
viz/dist/.built: viz/package-lock.json $(wildcard viz/*.mjs viz/src/*/*) | setup
	@echo "building the browser side …"
	@bash scripts/viz.sh build
	@touch $@

system: ## Install what the tests need from the system: Java, Chromium, Virtuoso (as root)
	@bash scripts/system.sh

demo: setup viz ## Validate, verify, load, answer the questions, draw the network into build/
	@SOURCES="$(SOURCES)" bash scripts/demo.sh

test: setup-dev system viz lint types tests browser-tests ## Linters, types and all tests

lint: setup-dev ## Check style
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup-dev ## Check types
	@$(BIN)/mypy

COMUNICA := tests/serve/comunica/node_modules/.package-lock.json
$(COMUNICA): tests/serve/comunica/package-lock.json | setup-dev
	@echo "adding a SPARQL client of npm …"
	@bash scripts/viz.sh client

tests: setup-dev $(COMUNICA) ## Run all tests
	@$(BIN)/python -m pytest -q -n 2

browser-tests: setup-dev viz ## Drive the pages in Chromium
	@bash scripts/viz.sh test

docs: setup ## Write the generated parts of the documentation anew
	@$(BIN)/python scripts/docs.py
	@for lang in nl en; do $(BIN)/pilotgraph network --report --lang $$lang -o docs/cross-links.$$lang.md --force; done

differential: setup-dev ## Compare the two executors of SHACL with pySHACL on 20,000 random cases
	@$(BIN)/python scripts/differential.py --cases 20000

soak: setup-dev ## Half an hour of good and hostile load on the server
	@$(BIN)/python benchmarks/soak.py --minutes 30

bench: setup-dev system ## Measure speed against peers (half an hour); writes benchmarks/README.md
	@rm -rf build/benchmarks
	@$(MAKE) --no-print-directory -j2 bench-validate bench-rest
	@$(BIN)/python benchmarks/endpoint.py --write
	@$(BIN)/python benchmarks/query_start.py --write
	@command -v wrk >/dev/null || echo "wrk is not here (apt-get install wrk): the server is not measured" >&2
	@! command -v wrk >/dev/null || $(BIN)/python benchmarks/serve.py --write

# Side by side, for they count processor seconds.
bench-validate:
	@$(BIN)/python benchmarks/validate.py --sizes $(BENCH_SIZES) --write
bench-rest:
	@$(BIN)/python benchmarks/network.py --write
	@$(BIN)/python benchmarks/load.py --write

lock: ## Pin the dependencies anew (needs uv)
	@printf 'editables\nhatchling\n' | uv pip compile pyproject.toml - --generate-hashes --no-header --no-annotate \
	  --universal --python-version 3.11 --upgrade --quiet -o requirements.lock
	@uv pip compile --group node --generate-hashes --no-header --no-annotate \
	  --universal --python-version 3.11 --upgrade --quiet -o requirements-node.lock
	@uv pip compile pyproject.toml --group dev -c requirements.lock --generate-hashes --no-header --no-annotate \
	  --universal --python-version 3.11 --upgrade --quiet -o requirements-dev.lock

clean: ## Remove what was built
	@rm -rf build dist viz/dist viz/node_modules $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
