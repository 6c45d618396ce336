SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO_DATA ?= .demo
BENCH_VENV := .venv-bench
BENCH_PEERS := eval/bench/peers/requirements.txt
BENCH_STAMP := $(BENCH_VENV)/.installed
BENCH_OPTIONS ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export TOKENIZERS_PARALLELISM := false

.PHONY: help setup demo check test serve questions mutations bench bench-service clean

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "groundwire needs Python 3.11 or later: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev]'
	@touch $@

setup: $(STAMP) ## make the virtual environment in .venv and install the pinned dependencies

demo: $(STAMP) ## read the seed articles and answer questions about them: no key, no network, no GPU
	@GROUNDWIRE_DATA_DIR=$(DEMO_DATA) $(BIN)/python -m service.cli.demo seeds

check: $(STAMP) ## lint, types and the rooms' direction
	$(BIN)/ruff check --no-cache service eval tests
	$(BIN)/ruff format --no-cache --check service eval tests
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --config pyproject.toml

test: $(STAMP) ## run the tests
	$(BIN)/python -m pytest

questions: $(STAMP) ## ask the seed questions and print the scores
	$(BIN)/python -m eval.questions

mutations: $(STAMP) ## plant regressions and harmless changes, and see what the gate of evaluations says of each
	$(BIN)/python -m eval.harness.mutations

# One package that cannot be had must not cost the others: then each is tried alone, and a peer without its own is a row
# that says so.
$(BENCH_STAMP): $(BENCH_PEERS)
	test -x $(BENCH_VENV)/bin/python || $(PYTHON) -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/python -m pip install --quiet -r $(BENCH_PEERS) || grep -E '^[a-z]' $(BENCH_PEERS) | \
		while read -r package; do $(BENCH_VENV)/bin/python -m pip install --quiet "$$package" || true; done
	@touch $@

bench: $(STAMP) $(BENCH_STAMP) ## measure groundwire beside its peers: BENCH_OPTIONS="--only langchain"
	$(BIN)/python -m eval.bench.compare $(BENCH_OPTIONS)

bench-service: $(STAMP) ## measure cold start, HTTP latency and load, ingest and memory
	$(BIN)/python -m eval.bench.speed

serve: $(STAMP) ## serve the HTTP API on 127.0.0.1:8321
	$(BIN)/groundwire serve

clean: ## remove the virtual environments, caches and the demo's library
	rm -rf $(VENV) $(BENCH_VENV) $(DEMO_DATA) .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
