SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help chat setup setup-dev test verify bench check

VENV ?= .venv
PYTHON ?= python3
PY = $(VENV)/bin/python
export VENV PYTHON

# A stamp is named after what was installed, so that a changed pin installs again and a second start waits for nothing.
hash = $(shell cat $(1) | cksum | tr ' ' '-')
READY := $(VENV)/.ready-$(call hash,.ci/install requirements.txt)
READY_DEV := $(VENV)/.ready-dev-$(call hash,.ci/install requirements.txt requirements-dev.txt package-lock.json)

# Open a browser where there is a desktop; ARGS overrides: make chat ARGS="--server.port 8600"
HEADLESS := $(if $(DISPLAY)$(WAYLAND_DISPLAY)$(filter Darwin,$(shell uname -s)),false,true)
ARGS ?=

help:  ## print this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1@\2/' | column -t -s @

chat: $(READY)  ## set up what is missing, then open the chat
	$(VENV)/bin/streamlit run app.py --server.headless $(HEADLESS) $(ARGS)

setup: $(READY)  ## install what the chat needs, into .venv

setup-dev: $(READY_DEV)  ## install what tests and checks need, too

test: $(READY_DEV)  ## set up what is missing, then run the tests (samples of the long ones)
	$(PY) -m pytest $(ARGS)

verify: $(READY_DEV)  ## run the long tests whole, then build and verify the index
	$(PY) -m pytest --hypothesis-profile whole $(ARGS)
	$(PY) cli.py index build
	$(PY) cli.py index verify

bench: $(READY_DEV)  ## measure how soon help is on its way, beside a plain script
	$(PY) -m benchmarks.safety_reply

check: $(READY_DEV)  ## lint, format, types, and what the sources say
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(PY) cli.py corpus check

$(READY):
	.ci/install run
	@touch $@

$(READY_DEV):
	.ci/install dev
	@touch $@ $(READY)
