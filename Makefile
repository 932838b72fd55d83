# Bảng Tin. `make help` lists what can be done here.
PYTHON ?= python3
PY := .venv/bin/python
ROOMS := core places people media measure playlists signage portal reports api console server
HERE := $(wildcard $(ROOMS) migrations tests wsgi.py gunicorn.conf.py)
PYTEST := $(PY) -m pytest
# Compiled modules are kept, whatever the shell says: without them every process compiles the whole house again.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help run test test-full bench check format lock migration demo setup setup-dev

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: setup  ## set up, migrate, load the demo on an empty data folder, serve, print the addresses
	@exec $(PY) -m server.supervise

demo: setup  ## load the demo into a data folder that has none
	@$(PY) -m flask --app wsgi demo

test: setup-dev check  ## everything that must hold, browser and gateway included
	@$(PY) tools/machine.py
	@$(PYTEST) -n 2

test-full: setup-dev check  ## the same in its long forms
	@$(PY) tools/machine.py
	@$(PYTEST) -n 2 -m "not bench"

bench: setup-dev  ## measure; prints figures, judges nothing
	@$(PYTEST) -m bench -s -p no:randomly --timeout=0

check: setup-dev  ## lint, types, and the plan of the house
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy $(wildcard $(ROOMS)) wsgi.py
	@$(PYTEST) -q tests/house/test_plan.py

format: setup-dev  ## let ruff mend what it can
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

lock: setup-dev  ## requirements*.in → requirements*.txt, with hashes (make lock UPGRADE=1 takes newer versions)
	@$(PY) tools/lock.py $(if $(UPGRADE),--upgrade)

migration: setup-dev  ## a new revision from the difference to the models: make migration m="what changes"
	@test -n "$(m)" || { echo 'say what changes: make migration m="…"'; exit 2; }
	@$(PY) -m flask --app wsgi migration "$(m)"

setup:
	@$(PYTHON) tools/bootstrap.py run

setup-dev:
	@$(PYTHON) tools/bootstrap.py dev
