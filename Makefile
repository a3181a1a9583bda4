# Short commands, the same that CI runs. `make PYTHON=python3 fast` takes another interpreter.
PYTHON ?= .venv/bin/python

.PHONY: lint fast test bench docs pictures

lint:
	.ci/lint $(PYTHON)

fast:
	$(PYTHON) -m pytest -m fast -n 2

test:
	$(PYTHON) -m pytest -n 4 --dist worksteal

bench:
	$(PYTHON) benchmarks/run.py

docs:
	$(PYTHON) docs/build_docs.py

pictures:
	$(PYTHON) docs/build_pictures.py
