# Openroll. `make help` lists what can be done.
SHELL := /bin/sh
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
# The first Python that is new enough; PYTHON=... chooses another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; done; echo python3)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet

# A site as it would be deployed; nothing is contacted.
DEPLOYED := env DEMO=0 DEBUG=0 HTTPS=1 SECRET_KEY=$$(head -c 60 /dev/urandom | base64 | tr -d '\n') \
	ALLOWED_HOSTS=data.example.org SITE_URL=https://data.example.org EMAIL_HOST=mail.example.org \
	DATABASE_URL=postgresql://openroll@database.example.org/openroll REDIS_URL=redis://redis.example.org/0

.PHONY: help install demo demo-reset test check bench lock preflight

help: ## List what can be done
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

demo: ## Run the whole site with demo content; PORT=8001 chooses another port
	@$(PYTHON) -m portal.preflight $(PORT)
	@$(MAKE) --no-print-directory --silent $(VENV)/runtime.stamp
	@exec $(BIN)/python -m portal.demo --port $(PORT)

demo-reset: ## Empty the demo: its database, its mails, its files
	@$(PYTHON) -m portal.embedded reset

install: ## Make the virtual environment with everything, tools of the tests included
	@$(PYTHON) -m portal.preflight
	@$(MAKE) --no-print-directory --silent $(VENV)/dev.stamp

test: install ## Run the tests; those whose server is missing are named at the end
	@$(BIN)/python -m pytest -n auto --dist worksteal

check: install ## Everything that must hold: format, lint, types, migrations, deployment, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(DEPLOYED) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python -m pytest -n auto --dist worksteal

bench: install ## Measure against yardsticks, into docs/benchmarks.md; SIZE=450000 chooses a size
	@$(BIN)/python -m bench $(if $(SIZE),--size $(SIZE))

lock: install ## Write the lock files anew from pyproject.toml
	$(PIP) install uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --extra dev -c requirements.lock pyproject.toml \
		-o requirements-dev.lock

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -m venv $(VENV)

$(VENV)/runtime.stamp: requirements.lock | $(VENV)/pyvenv.cfg
	@echo "Installing what Openroll needs into $(VENV) ..."
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock | $(VENV)/pyvenv.cfg
	@echo "Installing Openroll and the tools of its tests into $(VENV) ..."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/runtime.stamp
