# make demo    install, index the sample collection, ask it three questions
# make test    install with the development extras; lint, types, tests
# make test-slow   the tests that take minutes
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := 0.13.8
# pip's own folder of wheels, where there is one (a CPU build of torch); else PyTorch's index of CPU builds
LINKS := $(shell $(PYTHON) -m pip config get global.find-links 2>/dev/null)
INSTALL = UV_FIND_LINKS="$(LINKS)" $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python \
	$(if $(LINKS),,--torch-backend cpu) --constraint constraints.txt

.PHONY: demo test test-slow lint install install-dev install-bench constraints clean

demo: install
	@$(BIN)/patent demo

test: install-dev lint
	$(BIN)/python -m pytest -n 2

test-slow: install-dev
	$(BIN)/python -m pytest -m slow

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

install: $(VENV)/.installed
install-dev: $(VENV)/.installed-dev
install-bench: $(VENV)/.installed-bench

$(BIN)/uv:
	@echo "Installing into $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check uv==$(UV)

$(VENV)/.installed: pyproject.toml constraints.txt $(BIN)/uv
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@$(INSTALL) --editable ".[dev]"
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed-dev
	@$(INSTALL) --editable ".[dev,bench]"
	@touch $@

constraints: $(BIN)/uv
	UV_FIND_LINKS="$(LINKS)" $(BIN)/uv pip compile --quiet pyproject.toml --extra train --extra ocr --extra distributed --extra dev --extra bench \
		--constraint constraints.txt --no-annotate --no-header --no-emit-index-url --no-emit-find-links -o constraints.new
	(echo "# The versions that go together; regenerate with: make constraints"; sed 's/+cpu$$//' constraints.new) > constraints.txt; rm constraints.new

clean:
	rm -rf $(VENV) .demo
