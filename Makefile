PYTHON ?= .venv/bin/python

.PHONY: check format lint types imports test course nightly bench bench-ui fix

check: format lint types imports test course ## the whole gate

format:
	$(PYTHON) -m ruff format --check .

lint:
	$(PYTHON) -m ruff check .

types:
	$(PYTHON) -m mypy

imports:
	$(PYTHON) -c "import sys; sys.path.insert(0, 'core'); from importlinter.cli import lint_imports; sys.exit(lint_imports())"

test:
	$(PYTHON) -m pytest -m "not nightly"

course: ## every lesson's own tests
	$(PYTHON) -m rnntui check --strict lessons

nightly: ## the long forms of the tests, and the recorded results that lessons show
	$(PYTHON) -m pytest -m nightly
	$(PYTHON) -m benchmarks.remedies
	$(PYTHON) -m benchmarks.faults
	$(PYTHON) -m benchmarks.truncation
	$(PYTHON) -m benchmarks.sunspots
	$(PYTHON) -m benchmarks.duel

bench: ## the engine beside hand-written NumPy and its own stepping, in one run
	$(PYTHON) -m benchmarks --json benchmarks/results/engine.json
	$(PYTHON) -m benchmarks.stepping
	$(PYTHON) -m benchmarks.long

bench-ui: ## the screen beside a minimal Textual app, in one run
	$(PYTHON) -m benchmarks.screen --long --json benchmarks/results/screen.json

fix: ## what can be mended without thought
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .
