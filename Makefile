# `make` alone explains the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
# Other flags would compile every package anew: all targets use the same.
GO_BUILD = go build -buildvcs=false -ldflags '-s -w -X main.version=$(VERSION)'
TOOL = go tool -modfile=.ci/tools/go.mod

.PHONY: help
help: ## explain the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-8s %s\n", $$1, $$2 }'

.PHONY: bin/mainstay
bin/mainstay:
	@$(GO_BUILD) -o $@ ./cmd/mainstay

.PHONY: build
build: bin/mainstay ## build bin/mainstay and what `make run` needs beside it
	@bin/mainstay stack build

.PHONY: run
run: preflight bin/mainstay ## build and run the whole stack with demo data; Ctrl-C stops it
	@exec bin/mainstay stack up

.PHONY: preflight
preflight:
	@deploy/preflight.sh

# GOFLAGS and the rest of the environment reach the tests; TEST=./models/... runs some of them, TESTFLAGS adds flags.
TEST ?= ./...
.PHONY: test
test: bin/mainstay ## run every test on a stack of its own
	bin/mainstay stack exec -- go test -race -shuffle=on $(TESTFLAGS) $(TEST)
	go -C deploy/devstack test ./mail

.PHONY: lint
lint: ## run the linters
	$(TOOL) golangci-lint run
	$(TOOL) workflowcheck ./workflows/...

.PHONY: check
check: test lint ## run the tests and the linters, as CI does
