# Everything the project needs besides make and Python 3.13 is installed by the targets, into .venv*/ of this folder.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# SAM CLI and MiniStack pin much, so each has an environment of its own.
SAM_CLI_VERSION := 1.170.0
LEAST_SAM_CLI := 1.160
SAM_CLI ?= .venv-sam/bin/sam
MINISTACK_VERSION := 1.5.33
SAM_TRANSLATOR_VERSION := 1.115.0
LAMBDA_CONTAINERS ?= ../shared/tools/lambda-containers

BIN := .venv/bin
SAM := .venv-sam/installed-$(SAM_CLI_VERSION)
MINISTACK := .venv-ministack/installed-$(MINISTACK_VERSION)
CHECKED := layers/shared functions cli dev tests
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export SAM_CLI_TELEMETRY := 0
export AWS_EC2_METADATA_DISABLED := true

# Prints the path of a CPython 3.13: the one on PATH, else pyenv's.
define find_python
for python in python3.13 "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.13*/bin/python3.13 python3; do \
  "$$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null \
    && "$$python" -c 'import sys; print(sys.executable)' && exit; \
done; \
echo "Python 3.13 is not on PATH and not under pyenv: install it ('pyenv install 3.13' or python.org), then try again." >&2; exit 1
endef

# $(call environment,<folder>,<what pip installs>): a fresh environment; pip is quiet but for errors.
define environment
python=$$($(find_python)); \
echo "Setting up $(1) with $$("$$python" --version)"; \
"$$python" -m venv --clear $(1); \
$(1)/bin/pip install -qq $(2)
endef

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: .venv/installed ## Make .venv from requirements.lock (the other targets do it when it is missing or stale)

.PHONY: run
run: check-subscriptions $(SAM) $(MINISTACK) ## Deploy to a local cloud, send every event of events/, then serve (SUBSCRIPTIONS=file.json, REPLAY=0, TABLE=1, ONCE=1, SANDBOX_PORT=, CLOUD_PORT=)
	@$(BIN)/python -m dev.local_cloud $(if $(ONCE),--once) $(if $(TABLE),--table) \
	  $(if $(SUBSCRIPTIONS),--subscriptions "$(SUBSCRIPTIONS)") $(if $(REPLAY),$(if $(filter 0,$(REPLAY)),--no-replay,--replay)) \
	  $(if $(SANDBOX_PORT),--sandbox-port $(SANDBOX_PORT)) $(if $(CLOUD_PORT),--cloud-port $(CLOUD_PORT))

.PHONY: preview
preview: .venv/installed ## Show what would become of EVENT=file.json, sending nothing (SUBSCRIPTION=, SUBSCRIPTIONS=, NOW=, JSON=1)
	@$(BIN)/python -m cli preview "$(or $(EVENT),$(error Name an event: make preview EVENT=events/send_sms/direct.json))" \
	  $(if $(SUBSCRIPTION),--subscription "$(SUBSCRIPTION)") $(if $(SUBSCRIPTIONS),--subscriptions "$(SUBSCRIPTIONS)") \
	  $(if $(NOW),--now "$(NOW)") $(if $(JSON),--json) || { status=$$?; [ $$status = 1 ] || exit $$status; } # 1: nothing would be delivered

.PHONY: trace
trace: .venv/installed ## Show the way of EVENT=file.json through the code: file, line and function, from the handler to the socket
	@$(BIN)/python -m dev.trace "$(or $(EVENT),events/send_sms/api_gateway.json)"

.PHONY: test
test: .venv/installed ## Run every test but those of SAM, the local cloud and the fault runs; branch coverage of layers/shared is at least 95 %
	@$(BIN)/python -m pytest -q -n auto -m "not sam and not local_cloud and not faults" --cov --cov-report=term:skip-covered

.PHONY: test-sam
test-sam: .venv/installed $(SAM) ## Run the tests of SAM: validate, build, local invoke, local start-api (needs containers; SHORT=1 for one action)
	@LAMBDA_CONTAINERS="$(LAMBDA_CONTAINERS)" SHORT="$(SHORT)" $(BIN)/python -m pytest -q -m sam -o faulthandler_timeout=3600

.PHONY: test-faults
test-faults: .venv/installed ## Run the fault tests: functions killed, everything failing at once, whatever may come from every source (SEED=, EVENTS=)
	@SEED="$(SEED)" EVENTS="$(EVENTS)" $(BIN)/python -m pytest -q -s -m faults tests/faults -o faulthandler_timeout=3600

.PHONY: bench
bench: .venv/installed ## Measure starts, stages, load and calls (SHORT=1 for a short one, JSON=file for the figures)
	@$(BIN)/python -m dev.benchmarks $(if $(SHORT),--short) $(if $(JSON),--json $(JSON))

.PHONY: test-local-cloud
test-local-cloud: .venv/installed $(SAM) $(MINISTACK) ## Deploy to a local cloud and test the queued path end to end
	@$(BIN)/python -m pytest -q -m local_cloud tests/end_to_end -o faulthandler_timeout=3600

.PHONY: check-subscriptions
check-subscriptions: .venv/installed ## Check the subscriptions before they are deployed (SUBSCRIPTIONS=file)
	@$(BIN)/python -m cli subscriptions check $(if $(SUBSCRIPTIONS),"$(SUBSCRIPTIONS)")

.PHONY: check
check: check-subscriptions ## Check style, types, the template and the subscriptions
	@$(BIN)/ruff check $(CHECKED)
	@$(BIN)/ruff format --check $(CHECKED)
	@$(BIN)/mypy
	@$(BIN)/cfn-lint template.yaml
	@echo "template.yaml: no problem found"

.PHONY: format
format: .venv/installed ## Format the code and mend what ruff can mend
	@$(BIN)/ruff check --fix $(CHECKED)
	@$(BIN)/ruff format $(CHECKED)

.PHONY: generate
generate: .venv/installed ## Write what is generated anew: pages of docs/ from models, the schema of subscriptions
	@$(BIN)/python -m dev.generate

.PHONY: lock
lock: .venv/installed ## Pin the newest releases that pyproject.toml allows, in requirements.lock and for the layer
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.13 --no-header --no-annotate --upgrade \
	  --extra dev --output-file requirements.lock pyproject.toml
	@$(MAKE) layers/dependencies/requirements.txt

# What the Lambda runtime brings itself stays out of the layer.
layers/dependencies/requirements.txt: requirements.lock pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.13 --no-header --no-annotate --constraint requirements.lock \
	  --no-emit-package boto3 --no-emit-package botocore --no-emit-package s3transfer --output-file $@ pyproject.toml
	@touch $@

.PHONY: build
build: check-subscriptions $(SAM) ## Check the subscriptions, and build the functions and layers for AWS, as `sam build` does (SAM_CLI= for another SAM CLI)
	@version=$$($(SAM_CLI) --version | grep -Eo '[0-9]+\.[0-9]+' | head -n 1); \
	[ "$$(printf '%s\n' $(LEAST_SAM_CLI) "$$version" | sort -t . -k 1,1n -k 2,2n | head -n 1)" = $(LEAST_SAM_CLI) ] || \
	{ echo "template.yaml needs SAM CLI $(LEAST_SAM_CLI) or later, for Fn::ForEach; $(SAM_CLI) is $$version. Update it: pip install -U aws-sam-cli" >&2; exit 1; }
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(SAM_CLI) build

ENV ?= dev
.PHONY: deploy
deploy: check-deploy build ## Build and deploy the stack of samconfig.toml, without a question (ENV=dev or prod, TAGS="team=crm")
	@AWS_EC2_METADATA_DISABLED=false $(SAM_CLI) deploy --config-env $(if $(filter dev,$(ENV)),default,$(ENV)) $(if $(TAGS),--tags "$(TAGS)")
	@AWS_EC2_METADATA_DISABLED=false $(BIN)/python -m dev.deploy protect "$(ENV)"

.PHONY: check-deploy
check-deploy: .venv/installed
	@$(BIN)/python -m dev.deploy check "$(ENV)"

.PHONY: expand
expand: .venv/installed ## Write template.yaml without its loops, for who cannot use AWS::LanguageExtensions (TO=file)
	@$(BIN)/python -m dev.expand $(if $(TO),--to "$(TO)")

.PHONY: clean
clean: ## Remove the environments, builds and caches
	@rm -rf .venv .venv-sam .venv-ministack .aws-sam .local .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/installed: requirements.lock
	@$(call environment,.venv,-r requirements.lock)
	@$(BIN)/pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

$(SAM):
	@$(call environment,.venv-sam,aws-sam-cli==$(SAM_CLI_VERSION))
	@touch $@

$(MINISTACK):
	@$(call environment,.venv-ministack,ministack==$(MINISTACK_VERSION) aws-sam-translator==$(SAM_TRANSLATOR_VERSION))
	@touch $@
