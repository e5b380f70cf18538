# The only commands to learn. `make run` and `make test` need nothing but Python 3.11+, Rust and Node with npm.
.PHONY: setup run test check fix bench evaluate evaluate-agreement docs fuzz fuzz-nightly wheel test-wheel clean help
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
VENDOR := src/cordon/server/console/static/vendor
ASSETS := $(VENDOR)/.built
RUST := $(shell find rust/packets rust/gather rust/forest rust/live rust/packets-py -name '*.rs' -o -name Cargo.toml) Cargo.toml Cargo.lock

help:
	@echo "make run       build what is needed and open the demo site"
	@echo "make test      build what is needed and run all tests"
	@echo "make setup     build only; leaves .venv/bin/cordon"
	@echo "make check     lint and types        make fix     format"
	@echo "make bench     speed and memory beside other engines (PACKETS=, RUNS=, CAPTURE=)"
	@echo "make evaluate  measured tables of docs/results.md (DEVICES=100000 for as many)"
	@echo "make evaluate-agreement   what the engine and tshark read differently"
	@echo "make wheel     what is installed elsewhere, into dist/   make test-wheel  installs it apart and tries it"
	@echo "make docs      write the reference from the declarations"
	@echo "make fuzz      damaged input for the packet engine, a minute for each target (SECONDS=60, TARGETS='dns tls')"
	@echo "make fuzz-nightly   the same for hours in all (HOURS=8)"

setup: .venv/.native $(ASSETS)

run: setup
	@$(BIN)/cordon demo

test: setup .venv/.dev
	@cargo test --quiet --workspace --exclude packets-py
	@$(BIN)/python -m pytest -n auto --dist loadscope

.venv/.deps: requirements.lock requirements-build.lock scripts/need.sh
	@sh scripts/need.sh $(PYTHON)
	@echo "→ Python packages"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock -r requirements-build.lock
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.deps
	@echo "→ test tools"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.venv/.native: .venv/.deps pyproject.toml $(RUST)
	@echo "→ native engine (about two minutes the first time)"
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(ASSETS): package.json package-lock.json scripts/assets.py
	@echo "→ web assets"
	@npm ci --silent --ignore-scripts
	@$(PYTHON) scripts/assets.py
	@touch $@

check: setup .venv/.dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@cargo fmt --all --check
	@cargo clippy --quiet --workspace --all-targets -- -D warnings

wheel: .venv/.deps $(ASSETS)
	@echo "→ wheel"
	@rm -rf dist
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/maturin build --quiet --release --locked --out dist
	@ls dist

test-wheel: wheel
	@$(BIN)/python scripts/try_wheel.py dist/*.whl

SHARED ?= ../shared
AALTO := $(SHARED)/data/captures/aalto
DEVICES ?= 20000

PACKETS ?= 3100000
RUNS ?= 3

bench: setup
	@$(BIN)/python -m evaluation.bench --packets $(PACKETS) --runs $(RUNS) $(CAPTURE)

evaluate: setup .venv/.dev
	@echo "→ the story of the demo site, in windows of several lengths"
	@$(BIN)/python evaluation/story.py --same 1 10 60
	@echo "→ what each detector costs"
	@PYTHONPATH=tests $(BIN)/python -m evaluation.detector_cost
	@echo "→ what is noticed of attacks, and how often an alarm is false"
	@$(BIN)/python evaluation/detect.py
	@echo "→ beacons among the heartbeats of fleets (about half an hour)"
	@$(BIN)/python evaluation/beacons.py
	@echo "→ identification on captures of real devices"
	@if [ -d $(AALTO) ]; then $(BIN)/python evaluation/identify.py $(AALTO) \
	&& $(BIN)/python evaluation/identify.py --train $(AALTO) --evidence all \
	&& $(BIN)/python evaluation/identify.py --train $(AALTO) --evidence behaviour; \
	else echo "left out: $(AALTO) is not there"; fi
	@echo "→ weak settings of real devices, and what looking for them costs"
	@if [ -d $(AALTO) ]; then $(BIN)/python -m evaluation.exposures $(AALTO); \
	else echo "left out: $(AALTO) is not there"; fi
	@$(BIN)/python -m evaluation.exposure_cost
	@echo "→ many devices: the stage that tells them, and the record with its pages"
	@$(BIN)/python evaluation/many_devices.py --devices 2000 --devices $(DEVICES)
	@$(BIN)/python evaluation/many_records.py --devices $(DEVICES)
	@echo "→ many devices: what is normal for each, and what an idle window and a flow row cost"
	@$(BIN)/python evaluation/many_baselines.py --devices 2000 --devices $(DEVICES) --hours 1

evaluate-agreement: setup
	@if ! command -v tshark > /dev/null; then echo "left out: tshark is not installed"; \
	elif [ ! -d $(SHARED)/data/captures ]; then echo "left out: $(SHARED)/data/captures is not there"; \
	else $(BIN)/python -m evaluation.agreement $(SHARED)/data/captures; fi

docs: setup .venv/.dev
	@$(BIN)/python scripts/reference.py docs/reference
	@$(BIN)/python -m cordon.cli.schemas docs/reference/json

SECONDS ?= 60
HOURS ?= 8

fuzz: setup
	@sh scripts/fuzz.sh $(SECONDS) $(TARGETS)

fuzz-nightly: setup
	@sh scripts/fuzz.sh night $(HOURS) $(TARGETS)

fix: .venv/.dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@cargo fmt --all

clean:
	rm -rf .venv target dist node_modules $(VENDOR)
