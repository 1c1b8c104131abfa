# make install | run | test | check | bench      (and: format, lock)
# Needs Python 3.11 or newer and make; everything else comes as wheels into .venv.

PYTHON  ?= python3
WORKERS ?= 2
ARGS    ?=

BIN      := .venv/bin
HOUSE    := portal applications appointments complaints
BENCHES   = $(basename $(notdir $(sort $(wildcard bench/[a-z]*.py))))
SOURCES   = $(wildcard portal/locale/*/LC_MESSAGES/*.po)
UV       := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes

# Settings as on a real server, for checks that read them and connect to nothing.
PRODUCTION := env -u GUICHET_DEBUG -u GUICHET_TEST -u GUICHET_MAIL_DIR \
	DATABASE_URL=postgresql://guichet@127.0.0.1:1/guichet REDIS_URL=redis://127.0.0.1:1/0 \
	GUICHET_SECRET_KEY=a-key-for-make-check-alone-0123456789-abcdefghijklmnopqrstuvwxyz \
	GUICHET_FIELD_KEYS=bWFrZS1jaGVjay1hbG9uZS0wMTIzNDU2Nzg5LWFiY2Q= \
	GUICHET_LOOKUP_KEY=bWFrZS1jaGVjay1hbG9uZS0wMTIzNDU2Nzg5LWFiY2Q= \
	GUICHET_AUDIT_KEYS=bWFrZS1jaGVjay1hbG9uZS0wMTIzNDU2Nzg5LWFiY2Q= \
	GUICHET_HTTPS=1 GUICHET_ALLOWED_HOSTS=guichet.example GUICHET_BASE_URL=https://guichet.example

# Servers, workers and commands start by the dozen here: what was compiled once is kept.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install run test check bench format lock
.DEFAULT_GOAL := run

install: .venv/catalogues

.venv/installed: requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Guichet needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv || \
		{ echo "This Python cannot make virtual environments (on Debian: apt install python3-venv)."; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@# So that every program in .venv/bin finds the house, as an installed package would be found.
	@pwd > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/guichet.pth"
	@touch $@

.venv/catalogues: .venv/installed $(SOURCES)
	@$(BIN)/python manage.py catalogues compile
	@touch $@

run: install
	@$(BIN)/python manage.py up $(ARGS)

test: install
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(HOUSE) manage.py
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/bandit --quiet --recursive --severity-level medium $(HOUSE)
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(PRODUCTION) $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py catalogues check

bench: install
	@set -e; for program in $(BENCHES); do $(BIN)/python -m bench.$$program; done

format:
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix --quiet .

lock:
	$(UV) requirements.in -o requirements.txt
	$(UV) requirements-dev.in -o requirements-dev.txt
