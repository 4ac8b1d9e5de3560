# Two commands: `make report` and `make test`. What they install goes into .venv; both can be
# repeated, and install again only when pyproject.toml or constraints.txt changed.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python

export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.NOTPARALLEL:
.PHONY: help report test check serve setup bench-site bench-harness mutants clean

help:
	@echo 'make report      measure on this machine, build the site, say where it is'
	@echo 'make test        run every test, the browser tests included (ARGS=… goes to pytest)'
	@echo 'make check       ruff, mypy --strict and the fast tests'
	@echo 'make serve       show the site while pages and data change'
	@echo 'make bench-site  what the site costs to build and to visit (ARGS=--large: a million results)'
	@echo 'make bench-harness  test the harness itself on this machine, and print its figures'
	@echo 'make mutants     break the code on purpose, and count what the tests notice (ARGS=--only …)'
	@echo 'make setup       only install what make report needs'
	@echo 'make clean       remove .venv and everything built (never data/)'

report: setup
	$(PY) -m bench all
	$(PY) -m mkdocs build
	@echo
	@echo 'The report is in site/index.html; make serve shows it at http://127.0.0.1:8000'

serve: setup
	$(PY) -m mkdocs serve

bench-site: $(VENV)/.test
	@CHROMIUM=$$($(PY) tests/chromium.py) && export CHROMIUM && \
	$(PY) tests/benchmarks/site $(ARGS)

bench-harness: setup
	$(PY) tests/benchmarks/harness.py

mutants: $(VENV)/.mutants
	$(PY) tests/planted $(ARGS)

setup: $(VENV)/.report

test: $(VENV)/.test
	@CHROMIUM=$$($(PY) tests/chromium.py) && export CHROMIUM && \
	$(PY) -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile \
		--no-loadscope-reorder $(ARGS)

check: $(VENV)/.test
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(PY) -m pytest -m 'not slow and not browser'

clean:
	rm -rf $(VENV) .cache site build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find bench hooks tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Whether .venv runs the code of this checkout. One that was copied, moved or linked from another has
# stamps, and runs the code there.
ours = $(PY) -I -c 'import bench, os; os.path.samefile(bench.__path__[0], "bench") or exit(1)' 2>/dev/null
stamped = [ -e $(VENV)/.report ] || [ -e $(VENV)/.test ] || [ -e $(VENV)/.mutants ]
foreign = { { $(stamped); } && ! $(ours); }
FOREIGN := $(shell $(foreign) && echo foreign)
.PHONY: foreign

# How pip is configured decides where packages come from, and not where they go: variables come
# before pip's files, and flags before both. What PYTHONPATH names would count as installed.
pip-install = env -u PYTHONPATH PIP_ROOT=/ PIP_DRY_RUN=0 PIP_NO_DEPS=0 $(PY) -m pip --python $(PY) \
	install --no-user --target= --prefix='$(abspath $(VENV))' -c constraints.txt

# A stamp is written last, so an interrupted or failed install leaves none. It leaves .unfinished
# instead, and the next one starts from an empty environment: pip cannot repair half a package.
$(VENV)/.report: EXTRAS := site,measure
$(VENV)/.test: EXTRAS := test
$(VENV)/.mutants: EXTRAS := mutants
$(VENV)/.report $(VENV)/.test $(VENV)/.mutants: pyproject.toml constraints.txt $(FOREIGN)
	@if [ -e $(VENV)/.unfinished ] || $(foreign) || ! $(PY) -c 'import pip' 2>/dev/null; then $(new-venv); fi
	@touch $(VENV)/.unfinished
	$(pip-install) pip setuptools -e '.[$(EXTRAS)]'
	@$(ours) || { echo 'pip put it elsewhere than into $(VENV): see $(PY) -m pip config list' >&2; exit 1; }
	@mv $(VENV)/.unfinished $@ && touch $@

define new-venv
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo '$(PYTHON) is not Python 3.11 or later: make PYTHON=/path/to/python3.11' >&2; exit 1; }; \
$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(apt-venv) || \
	{ echo '$(PYTHON) cannot make a virtual environment: apt-get install $(venv-package)' >&2; exit 1; }; \
rm -rf $(VENV) && mkdir $(VENV) && touch $(VENV)/.unfinished && $(PYTHON) -m venv $(VENV) || exit 1
endef

# Debian keeps a part of venv in a package of its own: installed where nobody has to be asked.
venv-package = $(notdir $(PYTHON))-venv
as-root = $$([ "$$(id -u)" = 0 ] || echo sudo -n)
apt-venv = { $(as-root) apt-get -q update && $(as-root) apt-get -qy install $(venv-package); } >&2
