# `make` alone explains the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
# Other flags would compile every package anew: all targets use the same.
GO_BUILD = go build -buildvcs=false -ldflags '-s -w -X main.version=$(VERSION)'
TOOL = go tool -modfile=.ci/tools/go.mod

.PHONY: help
help: ## explain the targets
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-8s %s\n", $$1, $$2 }'

# Prints the flags that embed the web frontend, which it builds first.
WEB ?= deploy/web.sh

.PHONY: bin/mainstay
bin/mainstay:
	@tags=$$($(WEB)) && $(GO_BUILD) $$tags -o $@ ./cmd/mainstay

.PHONY: build
build: bin/mainstay ## build bin/mainstay and what `make run` needs beside it
	@bin/mainstay stack build

.PHONY: run
run: preflight bin/mainstay ## build and run the whole stack with demo data; Ctrl-C stops it. LAN=1 lets phones in
	@exec bin/mainstay stack up $(if $(LAN),--lan)

# air rebuilds on each change of a source, the stack starts API and workers anew on each build.
.PHONY: dev
dev: WEB = true
dev: preflight bin/mainstay bin/air ## the same as run, with hot reload of Go and, on a port of its own, of the web frontend
	@if deploy/web.sh packages; then set -- --beside web='npm --prefix web run dev'; fi; \
	exec bin/mainstay stack up --reload --beside watch='bin/air -c deploy/air.toml' "$$@"

bin/air:
	@GOBIN=$(CURDIR)/bin go install github.com/air-verse/air@v1.67.4

.PHONY: preflight
preflight:
	@deploy/preflight.sh

# GOFLAGS and the rest of the environment reach the tests; TEST=./models/... runs some of them, TESTFLAGS adds flags.
TEST ?= ./...
.PHONY: test
test: bin/mainstay ## run every test on a stack of its own
	bin/mainstay stack exec -- go test -race -shuffle=on -timeout 20m $(TESTFLAGS) $(TEST)
	go -C deploy/devstack test ./mail
	$(if $(filter ./...,$(TEST)),web/test.sh)

.PHONY: e2e
e2e: bin/mainstay ## only the browser tests: every screen on a whole stack with demo data
	web/test.sh browser

.PHONY: bench
bench: bin/mainstay ## measure: one line a figure, `name value unit`
	@bin/mainstay stack exec --durable --dir .mainstay/bench -- go -C cmd/mainstay test -tags bench -count=1 -timeout 120m -run '^TestBench'

.PHONY: lint
lint: ## run the linters
	$(TOOL) golangci-lint run
	$(TOOL) workflowcheck ./workflows/...
	go -C deploy/devstack vet ./...

.PHONY: check
check: test lint ## run the tests and the linters, as CI does
