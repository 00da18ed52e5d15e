# Thin on purpose: every target is one command of the package, run in .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo smoke test slow docs perf gpu lock clean help

help:            ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

demo: .venv/runtime-installed   ## the whole loop: data, fine-tuning, benchmark, report (5 minutes)
	$(BIN)/sdp demo

smoke: .venv/runtime-installed  ## the demo at toy size (10 seconds)
	$(BIN)/sdp demo --toy

test: .venv/dev-installed       ## lint, types, tests (8 minutes)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -m "not slow and not browser" --cov --cov-report=term

slow: .venv/dev-installed       ## what takes longer, or needs a browser (60 minutes)
	$(BIN)/pytest -m "slow or browser"

docs: .venv/dev-installed       ## the site, into site/
	$(BIN)/mkdocs build --strict

perf: .venv/dev-installed       ## seconds and rows per second of this machine, into no file
	$(BIN)/python .ci/perf.py

gpu: .venv/runtime-installed    ## every check that needs a GPU, and the table for docs/gpu.md
	$(BIN)/python peers/gpu.py

lock:                           ## constraints.txt anew, from the newest versions that fit pyproject.toml
	$(PYTHON) .ci/lock.py

clean:                          ## everything that can be made again
	rm -rf .venv .venvs site dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.*

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "sdp needs Python 3.11 or newer: make PYTHON=python3.12 …" >&2; exit 1; }
	$(PYTHON) -m venv .venv

# The stamps make installation happen once; a changed pyproject.toml or lock makes it happen again.
.venv/runtime-installed: pyproject.toml constraints.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet -c constraints.txt -e .
	@touch $@

.venv/dev-installed: pyproject.toml constraints.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev]'
	@touch $@ .venv/runtime-installed
