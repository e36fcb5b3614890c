# Two commands matter: `make run` serves a working district, `make test` tries everything.
# Both set up what they need in .venv; nothing is asked of the machine but Python 3.11+ and make.

PORT ?= 8000
WORKERS ?= 2

VENV := .venv
PY := $(VENV)/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# What an installation depends on: the declared packages, the front end's sources, the translations.
ASSETS := $(shell find app/assets -type f -not -path '*/node_modules/*' -not -name '*.md')
TRANSLATIONS := $(wildcard app/web/translations/*/LC_MESSAGES/*.po)

.DEFAULT_GOAL := help
.PHONY: help run test check bench soak assets clean
.DELETE_ON_ERROR:

help: ## Say what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile

run: $(VENV)/installed ## Set up and serve a demo district on http://127.0.0.1:8000 (PORT changes it)
	@PORT=$(PORT) $(VENV)/bin/whistle serve --setup

test: $(VENV)/installed-dev ## Set up and run every test
	@$(PY) -m pytest -n $(WORKERS) --dist loadfile $(TESTS)

check: $(VENV)/installed-dev ## Style, types and import rules
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

bench: $(VENV)/installed-bench ## Run the benchmarks: one line of JSON each
	@for file in tests/bench/bench_*.py; do PYTHONPATH=. $(PY) $$file || exit 1; done

soak: $(VENV)/installed-dev ## Run what takes longer than a test may
	@for file in tests/soak/*.py; do PYTHONPATH=. $(PY) $$file || exit 1; done

assets: $(VENV)/installed-dev ## Bundle the front end and compile the translations again
	@$(PY) app/assets/build_hook.py

clean: ## Remove what was set up and built; the data in instance/ stay
	rm -rf $(VENV) build app/web/static/build
	find app/web -name '*.mo' -delete

# The newest pip that resolves dependency groups, in an environment made by the first fit Python.
$(VENV)/pip:
	@python=$$(sh .ci/find-python) || exit 1; "$$python" -m venv $(VENV) || { \
	  echo "The virtual environment could not be made (Debian: apt-get install python3-venv)." >&2; \
	  exit 1; }
	@$(PY) -m pip install --quiet --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/installed: $(VENV)/pip pyproject.toml $(ASSETS) $(TRANSLATIONS)
	@echo "Setting up: Python packages and front end. This takes a minute or two, once."
	@$(PY) -m pip install --quiet --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@echo "Setting up: what the tests need."
	@$(PY) -m pip install --quiet --group dev
	@touch $@

# What the bench compares with lives apart: it pins older packages than the product may run on.
$(VENV)/installed-bench: $(VENV)/installed-dev
	@echo "Setting up: what the benchmarks compare with."
	@$(PY) -m venv $(VENV)/bench
	@$(PY) -m pip --python $(VENV)/bench/bin/python install --quiet --group bench
	@touch $@
