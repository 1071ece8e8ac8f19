# `make demo` and `make test` set up whatever they need: a virtual environment, the packages of the browser's side, and for tests
# Debian's packages, where this user may install them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# one build makes both: what pages embed, and the dashboard
WIDGET := src/imagechat/static/embed-image-chat.min.js
MODULES := src/imagechat/static/image-chat/image-chat.js
DASHBOARD := src/imagechat/static/dashboard/index.html
WEB_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' 2>/dev/null)
# a process for each processor and one more, as tests wait for what they have broken to be noticed; a module's tests stay
# together, as they share a node, in the order of tests/conftest.py: the short modules of unit/ are last
PROCESSES = $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
SIDE_BY_SIDE = --numprocesses $(PROCESSES) --maxprocesses 4 --dist loadfile --no-loadscope-reorder
# what does not need one another runs at the same time: Python's packages and the browser's, and the checks
MAKEFLAGS += --jobs=3
# a node that is started, and each test's, would compile the program again
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo cluster test faults check check-style check-types check-web check-web-types bench bench-quick build setup lock \
	format clean

demo: setup build
	$(BIN)/imagechat demo $(if $(PORT),--port $(PORT))

# PostgreSQL, NATS, three nodes and Caddy, on this machine and without containers
cluster: setup build
	$(BIN)/python -m deploy.local $(if $(PORT),--port $(PORT))

test: setup build
	./scripts/system-packages
	cd web && npm test
	$(BIN)/pytest $(SIDE_BY_SIDE)

# the faults of `make test` again, ten times as long: ROUNDS=100 for a night
faults: setup build
	./scripts/system-packages
	FAULT_ROUNDS=$(or $(ROUNDS),10) $(BIN)/pytest tests/faults

check: check-style check-types check-web check-web-types

check-style: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

check-types: setup
	$(BIN)/mypy

check-web: setup build
	cd web && npm run lint

check-web-types: setup build
	cd web && npm run check-types

bench: setup build
	$(BIN)/python -m bench

bench-quick: setup build
	$(BIN)/python -m bench --quick

setup: $(VENV)/.ready web/node_modules/.ready

build: $(WIDGET) $(MODULES) $(DASHBOARD)

$(VENV)/.ready: requirements/dev.txt pyproject.toml
	./scripts/make-venv $(PYTHON) $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

web/node_modules/.ready: web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	touch $@

$(WIDGET): web/node_modules/.ready $(WEB_SOURCES)
	cd web && npm run build

# made with the widget; where only one of these is missing, all are made again, one after the other
$(DASHBOARD): $(MODULES)
$(MODULES) $(DASHBOARD): $(WIDGET)
	test -f $@ || { cd web && npm run build; }
	touch $@

# uv resolves for every system at once; it is needed here only
lock: setup
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --output-file requirements/run.txt
	$(BIN)/uv pip compile --quiet --group build --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --output-file requirements/build.txt
	$(BIN)/uv pip compile --quiet pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --output-file requirements/dev.txt
	$(BIN)/uv pip compile --quiet bench/peers/requirements.in --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --output-file bench/peers/requirements.txt

format: setup
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean:
	rm -rf $(VENV) .bench web/node_modules $(WIDGET) $(dir $(MODULES)) $(dir $(DASHBOARD)) dist
