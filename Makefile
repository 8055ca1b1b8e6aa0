# Cairn builds with SwiftPM; this file only says what each job is, and fetches what the build needs from Debian.

SWIFT ?= swift
SECONDS ?= 600
CAIRN := .build/release/cairn
SCRIPTS = $(shell find lessons examples Tests/Transcripts -name '*.cairn' -not -path '*/items/*' -not -path 'examples/grading/*' 2>/dev/null)
# Scripts and items that are laid out too, and not recorded.
PROGRAMS = $(wildcard bench/*/*.cairn lessons/*/items/*.cairn)
PRELUDE := Sources/Evaluation/Resources/prelude.cairn
SOURCES := Package.swift Sources Tests

# What the build links, and what Swift itself needs to build anything.
PACKAGES := libreadline-dev libseccomp-dev zlib1g-dev nettle-dev libopenmpi-dev openmpi-bin g++ git

.DEFAULT_GOAL := build
.PHONY: lesson mpi-lesson course test faults fuzz repl bench survey record build format lint layout prepare

## lesson: build, and begin the first lesson; without a terminal, run it straight through
lesson: build
	@$(CAIRN) learn 1

## course: build, and prove what the lessons promise
course: build
	@$(CAIRN) course check lessons

## mpi-lesson: build, and let four processes train one network together
mpi-lesson: build
	@OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 \
	  mpirun -n 4 $(CAIRN) run --threads 1 --echo examples/workers.cairn

## test: build everything, check the layout, run every test, and hold the scripts to their recorded output
test: prepare
	$(SWIFT) build --build-tests
	@$(MAKE) --no-print-directory layout
	$(SWIFT) test --skip-build --skip OwnProcessTests
	$(SWIFT) test --skip-build --filter OwnProcessTests

## faults: fail each call of the system that the subcommands make, one after the other, and print a table; takes minutes
faults: prepare
	$(SWIFT) build --build-tests
	CAIRN_FAULTS=all $(SWIFT) test --skip-build --filter FaultTests

## fuzz: try inputs on the parser, the readers and whole programs for so many SECONDS in all
fuzz: prepare
	CAIRN_FUZZ=1 $(SWIFT) build -c release --sanitize fuzzer --product Fuzz --scratch-path .build-fuzz
	@sh Tests/Fuzz/run.sh .build-fuzz $(SECONDS)

## repl: build, and start a session
repl: build
	@$(CAIRN)

## bench: time the release build; ONLY=name for one part, PEERS=python beside PyTorch and JAX, BASE=commit against another build
bench: build
	@PYTHONDONTWRITEBYTECODE=1 python3 bench/run.py \
	  $(if $(ONLY),--only $(ONLY)) $(if $(PEERS),--peers $(PEERS)) $(if $(BASE),--base $(BASE))

## survey: compare all strategies on 200 random nets, with the release build
survey: build
	@python3 bench/survey.py

## record: rewrite the recorded output of every script; read the difference before you commit it
record: build
	@$(CAIRN) run --record $(SCRIPTS)

## build: the release build
build: prepare
	$(SWIFT) build -c release --product cairn

## format: lay out the sources and the scripts
format: build
	$(SWIFT) format format --in-place --recursive $(SOURCES)
	@$(CAIRN) format $(PRELUDE) $(SCRIPTS) $(PROGRAMS)

## lint: what `format` would change, and lines that are too long, told as faults
lint: prepare
	$(SWIFT) build --product cairn
	@$(MAKE) --no-print-directory layout

# The layout, checked with the debug build.
layout:
	$(SWIFT) format lint --strict --recursive $(SOURCES)
	@if LC_ALL=C.UTF-8 grep -rnE '^.{101,}' --include='*.swift' --include='*.[ch]' $(SOURCES); then \
	  echo "these lines have more than 100 columns" >&2; exit 1; \
	fi
	@.build/debug/cairn format --check $(PRELUDE) $(SCRIPTS) $(PROGRAMS)

## prepare: install what is missing; quiet where nothing is
prepare:
	@missing=""; \
	for package in $(PACKAGES); do \
	  dpkg -s "$$package" 2>/dev/null | grep -q '^Status: install ok installed' || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  command -v apt-get >/dev/null || { echo "install these first:$$missing" >&2; exit 1; }; \
	  echo "installing$$missing"; \
	  as_root=""; \
	  if [ "$$(id -u)" -ne 0 ]; then \
	    command -v sudo >/dev/null || { echo "install these first:$$missing" >&2; exit 1; }; \
	    as_root="sudo"; \
	  fi; \
	  $$as_root apt-get update -qq && \
	  $$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; \
	fi
