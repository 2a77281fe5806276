PYTHON ?= .venv/bin/python

.PHONY: check format lint types imports test fix

check: format lint types imports test ## the whole gate

format:
	$(PYTHON) -m ruff format --check .

lint:
	$(PYTHON) -m ruff check .

types:
	$(PYTHON) -m mypy

imports:
	$(PYTHON) -c "import sys; sys.path.insert(0, 'core'); from importlinter.cli import lint_imports; sys.exit(lint_imports())"

test:
	$(PYTHON) -m pytest

fix: ## what can be mended without thought
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .
