# Every command of the project. `make help` lists them.
PYTHON ?= python3
PORT ?= 8000
SEED ?= 1
SCALE ?= $(if $(SMALL),0.1,1.0)
BIN := .venv/bin
READY := .venv/ready
# One thread per numeric library: the engines bring their own parallelism, and a web worker needs none.
export OMP_NUM_THREADS ?= 1
# Byte code is kept, wherever this runs: without it each process spends seconds on translating its libraries.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo check format test test-engines test-site test-postgres test-browser bench bench-meetings bench-matching bench-matching-large bench-search bench-repair messages lock screenshots clean

help:  ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 24

setup: $(READY)  ## virtual environment, locked packages, catalogues, vocabulary, kernels, static files

BOOTSTRAP := install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt

# A pip that is there already spares seconds; where there is none, the environment gets its own.
$(READY): requirements/bootstrap.txt requirements/lock.txt pyproject.toml
	$(PYTHON) -m venv --without-pip .venv
	$(PYTHON) -m pip --python $(BIN)/python $(BOOTSTRAP) || \
		{ $(BIN)/python -m ensurepip && $(BIN)/python -m pip $(BOOTSTRAP); }
	$(BIN)/uv pip sync --quiet --require-hashes requirements/lock.txt
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --no-index --editable .
	@touch $(READY)

# What is built from the sources; quick when nothing changed.
.PHONY: build texts
texts: setup
	@$(BIN)/python tools/messages.py compile

build: texts
	@$(BIN)/kontor static
	@$(BIN)/python -m kontor.topics.compile
	@$(BIN)/python -m kontor_engines.matching.compile
	@$(BIN)/python -m kontor_engines.meetings.compile

demo: texts  ## the sample event on http://localhost:8000 (PORT=…, SMALL=1, SEED=…)
	@$(BIN)/kontor demo --port $(PORT) --seed $(SEED) --scale $(SCALE)

check: build  ## everything a machine can judge without running the site
	$(BIN)/ruff format --check src tests tools benchmarks
	$(BIN)/ruff check src tests tools benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/typos
	$(BIN)/python tools/messages.py check
	$(BIN)/python -m kontor.topics.validate
	$(BIN)/kontor django makemigrations --check --dry-run
	$(BIN)/kontor django check
	$(BIN)/python tools/house_rules.py

format:  ## put the code into its form
	$(BIN)/ruff format src tests tools benchmarks
	$(BIN)/ruff check --fix src tests tools benchmarks

test: test-engines test-site test-postgres test-browser  ## all tests: engines, site on both databases, a real browser

test-engines: build  ## algorithms, without a database
	$(BIN)/pytest -q -n 2 tests/kontor_engines

test-site: build  ## the site on SQLite
	$(BIN)/pytest -q -n 2 tests/kontor

test-postgres: build  ## the same tests on PostgreSQL
	$(BIN)/python tools/with_postgres.py $(BIN)/pytest -q -n 2 tests/kontor

test-browser: build  ## journeys and accessibility in a real browser
	$(BIN)/python tools/find_browser.py
	$(BIN)/pytest -q tests/e2e

bench: build  ## cost of pages, in CPU time and statements
	$(BIN)/python benchmarks/pages.py

bench-meetings: build  ## the planning engine beside its baselines
	$(BIN)/python benchmarks/meetings.py

bench-matching: build  ## the matching engine beside its baselines
	$(BIN)/python benchmarks/matching.py

bench-matching-large: build  ## a million profiles in tiles on two Dask workers, for half an hour or more (FOLDER=… keeps results)
	$(BIN)/python benchmarks/matching_large.py $(if $(FOLDER),--folder $(FOLDER))

bench-search: build  ## search among 100,000 organisations
	$(BIN)/python benchmarks/search.py

bench-repair: build  ## repair of published plans beside its baselines
	$(BIN)/python benchmarks/repair.py

screenshots: build  ## every page in three languages and two widths, as pictures
	$(BIN)/python tools/screenshots.py

messages: setup  ## bring the catalogues up to date with the sources
	$(BIN)/python tools/messages.py update

lock: setup  ## choose newest versions of all packages and lock them with hashes
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate requirements/bootstrap.in -o requirements/bootstrap.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml --group dev -o requirements/lock.txt

clean:  ## remove what can be made again; data in var/ stays
	rm -rf .venv .mypy_cache .ruff_cache .hypothesis
