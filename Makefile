# SPDX-License-Identifier: Apache-2.0
# One command each: run, test, check. `make help` lists them.
PYTHON ?= python3
BIN = .venv/bin
COMPILE = $(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --universal \
	--python-version 3.11 --custom-compile-command "make lock" pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help run test check lock messages gallery

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

run: .venv/run.stamp ## install, start the hotline on 127.0.0.1:8345, fill an empty database
	@$(BIN)/rexian run

test: .venv/dev.stamp ## install what the tests need and run all of them
	@sh tests/browser/install.sh
	$(BIN)/pytest -n 2 --dist loadgroup

check: .venv/dev.stamp ## ruff, mypy --strict, import-linter, migrations, deployment settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	REXIAN_POOL=0 $(BIN)/python -W ignore manage.py makemigrations --check --dry-run
	@sh tests/config/deployment.sh

messages: .venv/dev.stamp ## bring the English catalogue up to date with what pages say, and list what it lacks
	$(BIN)/python tools/messages.py

gallery: .venv/dev.stamp ## picture every post's pages in a simulated city into docs/gallery
	@sh tests/browser/install.sh
	$(BIN)/python tools/gallery.py

lock: .venv/dev.stamp ## write the lock files anew from pyproject.toml
	$(COMPILE) --extra build -o requirements/run.txt
	$(COMPILE) --extra build --extra dev -o requirements/dev.txt

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Rexian needs Python 3.11 or newer; PYTHON=python3.11 make ... picks one.")'
	$(PYTHON) -m venv .venv

.venv/run.stamp: requirements/run.txt pyproject.toml src/rexian/locale/en/LC_MESSAGES/django.po | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@
