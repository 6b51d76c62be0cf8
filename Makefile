# make run    everything in one command, with the demo registry   (PORT=9000 moves it)
# make test   everything that must hold                           (CI=true forbids skipped tests)
# make bench  what a hop costs, and the pages on a large database (needs wrk; BENCH=--figures for these alone)
# make format the formatter, over everything

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
GATEWAY := $(VENV)/bin/gateway
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test bench format clean
.DEFAULT_GOAL := run

run: $(VENV)/.run $(GATEWAY)
	@$(if $(PORT),GATEWAY_PORT=$(PORT)) exec $(GATEWAY) run

test: $(VENV)/.dev $(GATEWAY)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports --no-cache
	$(GATEWAY) menus check
	$(GATEWAY) messages check
	$(PY) -m pytest -n 2 --dist loadgroup

bench: $(VENV)/.dev
	$(PY) -m tests.bench $(BENCH)

format: $(VENV)/.dev
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# An environment is made once; what is in it follows the lock files, and nothing is installed while they stand.
# Debian's Python comes without ensurepip, so the environment has no pip of its own and the system's installs into it.
PIP = $(PYTHON) -m pip --python $(PY)

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed; PYTHON=/path/to/python3.11 names one" >&2; exit 1; }
	@$(PYTHON) -m pip --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" --version >/dev/null 2>&1 \
	  || { echo "pip 22.3 or later is needed: apt-get install python3-pip brings it" >&2; exit 1; }
	$(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/.run: requirements.lock | $(PY)
	@echo "installing what requirements.lock pins"
	@$(PIP) install --quiet --require-hashes --only-binary :all: -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(PY)
	@echo "installing what requirements-dev.lock pins"
	@$(PIP) install --quiet --require-hashes --only-binary :all: -r requirements-dev.lock
	@touch $@ $(VENV)/.run

# The command works from any folder: it knows the checkout's code, and its folders where the environment names no others.
define COMMAND
#!/bin/sh
root='$(CURDIR)'
export PYTHONSAFEPATH=1 PYTHONPATH="$$root$${PYTHONPATH:+:$$PYTHONPATH}"
export GATEWAY_MENUS="$${GATEWAY_MENUS:-$$root/menus}" GATEWAY_CONFIG="$${GATEWAY_CONFIG:-$$root/config}"
export GATEWAY_DATA_DIR="$${GATEWAY_DATA_DIR:-$$root/data}"
exec "$$root/$(PY)" -m gateway "$$@"
endef

$(GATEWAY): Makefile | $(PY)
	$(file >$@,$(COMMAND))
	@chmod +x $@
