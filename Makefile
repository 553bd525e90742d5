# The two commands of the README are `make demo` and `make test`; both start from a bare clone.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
PACKAGES := postfix unbound nsd swaks iproute2 openssl
# Debian 12's own OpenSMTPD fails at every TLS handshake (OpenSMTPD/OpenSMTPD#1239).
ASIDE := exim4-daemon-light opensmtpd/bookworm-backports
WORKERS ?= auto

.PHONY: demo test check format docs servers clean

demo: $(VENV)/.runtime
	$(BIN)/mxcheck demo

test: check servers
	$(BIN)/pytest --numprocesses=$(WORKERS) --dist=loadfile

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --cache-dir .cache/import-linter
	$(BIN)/python tools/write_docs.py --check
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions action.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows examples/workflows/*.yml
	$(BIN)/zizmor --quiet --offline --persona pedantic action.yml examples/workflows

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/.dev
	$(BIN)/python tools/write_docs.py

# The real servers that tests/real runs against. Only root can install them; without them those
# tests are skipped, except in CI, where a missing server is a failure.
servers:
	tools/install-servers $(PACKAGES) -- $(ASIDE)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) .cache
