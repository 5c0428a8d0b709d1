# ketablog, from nothing: what is needed is make and a Python 3.11 or newer. `make help` lists the rest.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
FAILED := { echo "The packages could not be installed; pip says why above. Run the same command again to go on." >&2; exit 1; }
UV := uv==0.13.9

.DEFAULT_GOAL := help
.PHONY: help run dev test lint check bench audit screenshots format messages lock clean

help: ## this list
	@echo "ketablog"
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "Settings: make run PORT=9000 HOST=0.0.0.0 · make test ARGS='-k reply' · PYTHON=python3.12 · VENV=.venv"
	@echo "What else the environment may hold stands in .env.example."

run: $(VENV)/.run ## set up what is missing, then serve the site on http://127.0.0.1:8000/
	@$(BIN)/python -m ketablog.env
	@$(BIN)/python manage.py serve

dev: export DEBUG = on
dev: $(VENV)/.dev ## the same, and start again whenever a file changes
	@$(BIN)/python -m ketablog.env
	@$(BIN)/python manage.py serve

test: $(VENV)/.dev ## all tests, on SQLite
	$(BIN)/python -m pytest -rfEs $(ARGS)

check: lint test ## everything that must hold before a change goes in

# Settings as in production, with keys of a minute: nobody's own are needed or touched.
define production
set -e; umask 077; DATA_DIR=$$(mktemp -d); trap 'rm -rf "$$DATA_DIR"' EXIT; \
export DATA_DIR DEBUG=off SITE_URL=https://blog.example.org ALLOWED_HOSTS=blog.example.org TRUSTED_PROXIES=1 \
	DATABASE_URL="sqlite:///$$DATA_DIR/ketablog.sqlite3" CACHE_URL=locmemcache:// EMAIL_URL=smtp://127.0.0.1:25; \
$(BIN)/python -m ketablog.env
endef

lint: $(VENV)/.dev ## the checks without the tests: format, style, templates, types, migrations, deployment
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	find templates ketablog posts comments -name '*.html' -exec $(BIN)/djade --check --target-version 5.2 {} +
	@$(production); set -x; \
	$(BIN)/mypy; \
	$(BIN)/python manage.py makemigrations --check --dry-run; \
	$(BIN)/python manage.py check --deploy --fail-level WARNING

bench: $(VENV)/.dev ## how fast it is, and how well the spam filter does; ARTICLES= REPLIES= LARGE= WRITE=file CORPUS=file.jsonl
	$(BIN)/python -m bench.speed $(if $(ARTICLES),--articles $(ARTICLES)) $(if $(REPLIES),--replies $(REPLIES)) \
		$(if $(LARGE),--large $(LARGE)) $(if $(WRITE),--write $(WRITE)) $(SPEED)
	$(BIN)/python -m bench $(CORPUS)

audit: $(VENV)/.dev ## look at the pages in a Chromium: weight, accessibility, layout; BASE_URL= and PATHS= for a site that runs
	$(BIN)/python -m audit $(BASE_URL) $(PATHS)

screenshots: $(VENV)/.dev ## make the pictures in docs/screenshots anew, from the demo
	$(BIN)/python -m audit.screenshots

format: $(VENV)/.dev ## lay out code and templates
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	find templates ketablog posts comments -name '*.html' -exec $(BIN)/djade --target-version 5.2 {} +

PO := locale/es/LC_MESSAGES/django

messages: $(VENV)/.dev ## collect what is to be translated, and compile what is (needs gettext)
	@$(production); set -x; \
	$(BIN)/python manage.py makemessages --locale es --no-obsolete --no-location --no-wrap \
		--ignore $(VENV) --ignore var --ignore tests; \
	sed -i '/^"POT-Creation-Date:/d' $(PO).po; \
	msgfmt --check-format --statistics -o $(PO).mo $(PO).po

lock: $(VENV)/.made ## renew requirements*.txt from requirements/*.in (for maintainers)
	$(PIP_INSTALL) $(UV)
	for pair in run:requirements.txt scale:requirements-scale.txt dev:requirements-dev.txt; do \
		$(BIN)/uv pip compile --quiet --upgrade --no-strip-extras --universal --python-version 3.11 --generate-hashes \
			--custom-compile-command "make lock" requirements/$${pair%%:*}.in --output-file $${pair##*:} || exit 1; \
	done

clean: ## remove the virtual environment and caches; var/ with database, uploads and keys stays
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp says that the environment is whole; bin/python would not, it is there before pip is.
$(VENV)/.made:
	@command -v $(PYTHON) >/dev/null || \
		{ echo "Python 3.11 or newer is needed. Install it, or say where it is: PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "This Python has no venv. On Debian or Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }
	@echo "Making $(VENV) …"
	@test -e $(VENV) && was=there; $(PYTHON) -m venv $(VENV) || { \
		test "$$was" || rm -rf $(VENV); echo "The virtual environment $(VENV) could not be made." >&2; exit 1; }
	@touch $@

# A Python that the system took away leaves a link to nothing.
ifneq ($(shell test -x $(BIN)/python && echo whole),whole)
.PHONY: $(VENV)/.made
endif

$(VENV)/.run: requirements.txt $(VENV)/.made
	@echo "Installing packages into $(VENV), which may take a minute …"
	@$(PIP_INSTALL) --require-hashes -r $< || $(FAILED)
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.made
	@echo "Installing packages into $(VENV), which may take two minutes …"
	@$(PIP_INSTALL) --require-hashes -r $< || $(FAILED)
	@touch $@ $(VENV)/.run
