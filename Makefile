# Makefile - build, test and install the mg tools (GNU make 4)
#
# UPPER CASE is yours to set, on the command line or in config.mk:
#   CC CFLAGS CPPFLAGS LDFLAGS LDLIBS HARDEN   BUILD FUZZ_SECONDS
#   BATSFLAGS TESTS (files of make check)
#   ROUNDS SEED ROUND (of make fault, rescue, orders and prove) HISTORY SIZE
#   CUTS REMOVALS PREFIXES RELEASES METHOD (of make prove)
#   VERSIONS (of make check-versions)
#   DESTDIR PREFIX BINDIR DATADIR INCDIR MANDIR
# lower case is ours.
-include config.mk

CFLAGS  ?= -O2 -g
PREFIX  ?= /usr/local
BINDIR  ?= $(PREFIX)/bin
DATADIR ?= $(PREFIX)/share
INCDIR  ?= $(PREFIX)/include
MANDIR  ?= $(DATADIR)/man
BUILD   ?= build
FUZZ_SECONDS ?= 60
HARDEN  ?= -fPIE -fstack-protector-strong -fstack-clash-protection \
	-D_FORTIFY_SOURCE=2
HARDEN_LINK ?= -pie -Wl,-z,relro,-z,now,-z,noexecstack

version := 0.1.0

# A tool is a file in tools/, a module is a file in lib/, a driver that shows
# a module to its tests lies in a folder of tests/: nothing is listed.
tools   := $(patsubst tools/%.c,%,$(wildcard tools/*.c))
bins    := $(tools:%=$(BUILD)/bin/%)
drivers := $(patsubst %.c,$(BUILD)/%,$(filter-out tests/fuzz/%, \
	$(wildcard tests/*/*.c)))
libobjs := $(patsubst %.c,$(BUILD)/%.o,$(wildcard lib/*.c))
objs    := $(libobjs) $(tools:%=$(BUILD)/tools/%.o) $(drivers:=.o)
fuzzers := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))
pages   := $(wildcard man/*.[1-9])
scripts := $(wildcard tests/*.bats tests/*.bash tests/*/*.bats \
	tests/*/*.bash share/*.sh share/examples/*.sh) tests/fault/run \
	tests/orders/run tests/prove/run tests/rescue/run tests/versions/setup \
	tests/versions/run tests/bench/index tests/memory .ci/run
# What the project needs comes first, so that what the user says wins.
# pkg-config is asked once, when first needed: setup may have to install it.
needs   := libpq libcrypto libxxhash jansson
pkg_config = $(eval $(1) := $(shell pkg-config $(2) $(needs)))$($(1))
needs_cflags = $(call pkg_config,needs_cflags,--cflags)
needs_libs   = $(call pkg_config,needs_libs,--libs)
warn    := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wcast-qual \
	-Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Wundef
cflags   = -std=c11 -D_GNU_SOURCE -DMG_VERSION=\"$(version)\" -Ilib \
	-ffile-prefix-map=$(CURDIR)=. $(needs_cflags) $(warn) $(HARDEN)
compile  = $(CC) $(cflags) $(CPPFLAGS) $(CFLAGS)
link     = $(CC) $(HARDEN) $(CFLAGS) $(HARDEN_LINK) $(LDFLAGS)
# --as-needed: one link line serves all, and mg-scan still owes libpq nothing.
ldlibs   = -Wl,--as-needed $(needs_libs) $(LDLIBS)

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all check demo setup setup-ci sanitize valgrind coverage fuzz fuzzed \
	lint interop pooler image fault rescue orders prove check-versions \
	bench bench-index install uninstall installcheck dist clean help FORCE

all: $(bins)			## build every tool into $(BUILD)/bin

$(bins): $(BUILD)/bin/%: $(BUILD)/tools/%.o $(BUILD)/libmg.a
	@mkdir -p $(@D)
	$(link) -o $@ $^ $(ldlibs)

# A library that one tool needs is that tool's alone.
$(BUILD)/bin/mg-lint fuzz-lint: ldlibs += -lpg_query

$(drivers): %: %.o $(BUILD)/libmg.a
	$(link) -o $@ $^ $(ldlibs)

# Made anew each time: ar would keep the members of a deleted module.
$(BUILD)/libmg.a: $(libobjs)
	rm -f $@
	$(AR) rcs $@ $^

$(objs): $(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(compile) -MMD -MP -c -o $@ $<

-include $(objs:.o=.d)

# Changes when the commands do, and then so does all that they build.
$(BUILD)/flags: export commands = $(compile) $(link)
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo "$$commands" | cmp -s - $@ || echo "$$commands" >$@

check: all $(drivers)		## run the tests
	PATH='$(abspath $(BUILD))/bin':"$$PATH" \
	    DRIVERS='$(abspath $(BUILD))/tests' TESTS='$(TESTS)' \
	    tests/memory tests/check $(BATSFLAGS)

demo: all			## show the main job on a history of 692 migrations
	PATH='$(abspath $(BUILD))/bin':"$$PATH" tests/demo 692

setup:				## install what is missing (apt-get)
	@.ci/setup

setup-ci:			## the same, with what the deeper checks need
	@.ci/setup ci

# `make setup check` must not build before it is set up, not even with -j.
ifneq ($(filter setup setup-ci,$(MAKECMDGOALS)),)
$(BUILD)/flags: $(filter setup setup-ci,$(MAKECMDGOALS))
endif

# A variant is this same build, with other flags, in a directory of its own.
# What tests makefiles and scripts, or processes and servers more than what the
# programs make of their input, has little to tell sanitizers: whole files, and
# tests that have the tag server.
unsanitized := backup bench campaign consolidate% conventions deploy% dev drift \
	examples% gates kill marker mg mg-apply-locks mg-lock mg-scratch mk \
	notify proxy readme release% report route split-tracks test-% tracks
sanitize:			## run the tests under ASan and UBSan
	$(MAKE) check BUILD=$(BUILD)/sanitize HARDEN= HARDEN_LINK= CFLAGS='-O1 \
	    -g1 -fno-omit-frame-pointer -fsanitize=address,undefined \
	    -fno-sanitize-recover=all' \
	    BATSFLAGS='$(BATSFLAGS) --filter-tags !server' TESTS='$(filter-out \
	    $(unsanitized:%=tests/%.bats),$(wildcard tests/*.bats))'

valgrind: all			## look for leaks in a full apply
	PATH='$(abspath $(BUILD))/bin':"$$PATH" tests/memory tests/valgrind 60

coverage:			## run the tests and report the lines they reach
	$(MAKE) check BUILD=$(BUILD)/coverage HARDEN= HARDEN_LINK= \
	    CFLAGS='-O0 -g --coverage'
	gcov -n $(objs:$(BUILD)/%=$(BUILD)/coverage/%) | \
	    awk '/^File/ { f = $$2 } /^Lines/ && f ~ /\.c/ { print $$2, f; f = "" }'

fuzzed: FORCE
	$(MAKE) $(BUILD)/fuzzed/libmg.a BUILD=$(BUILD)/fuzzed CC=clang HARDEN= \
	    CFLAGS='-g -O1 -fsanitize=fuzzer-no-link,address,undefined'

fuzz: $(fuzzers:%=fuzz-%)	## feed each parser noise, FUZZ_SECONDS each

fuzz-%: fuzzed
	@mkdir -p $(BUILD)/fuzz/$*
	clang $(filter-out $(HARDEN),$(cflags)) -g -O1 \
	    -fsanitize=fuzzer,address,undefined tests/fuzz/$*.c \
	    $(BUILD)/fuzzed/libmg.a $(ldlibs) -o $(BUILD)/fuzz-$*
	$(BUILD)/fuzz-$* -max_total_time=$(FUZZ_SECONDS) -max_len=65536 \
	    -artifact_prefix=$(BUILD)/fuzz- $(BUILD)/fuzz/$* \
	    $(wildcard tests/fuzz/$*/)

# gcc has told what it warns of already if the build itself is with -Werror.
lint:				## check the style of everything
	clang-format --dry-run -Werror lib/*.[ch] tools/*.c tests/*/*.c
	cppcheck -q --std=c11 --error-exitcode=1 --inline-suppr \
	    --enable=warning,performance,portability \
	    --library=gnu --library=bsd -Ilib lib tools
	shellcheck -x $(scripts)
	mandoc -Tlint -Wwarning $(pages)
	$(if $(findstring -Werror,$(CFLAGS)),,$(MAKE) all BUILD=$(BUILD)/gcc \
	    CC=gcc CFLAGS='-O2 -Werror')
	clang $(filter-out $(HARDEN),$(cflags)) -Werror -fsyntax-only \
	    lib/*.c tools/*.c

interop: all			## let real Prisma judge (needs node and npm)
	BUILD='$(abspath $(BUILD))' tests/interop/setup '$(abspath $(BUILD))/interop'
	PATH='$(abspath $(BUILD))/bin':"$$PATH" BUILD='$(abspath $(BUILD))' \
	    TESTS='$(wildcard tests/interop/*.bats)' \
	    tests/memory tests/check $(BATSFLAGS)

pooler: all $(drivers)		## go through a transaction pooler (needs pgbouncer)
	PATH='$(abspath $(BUILD))/bin':"$$PATH" \
	    DRIVERS='$(abspath $(BUILD))/tests' \
	    tests/memory bats $(BATSFLAGS) tests/pooler

image: all			## make the example's image, and run it (needs root)
	PATH='$(abspath $(BUILD))/bin':"$$PATH" BUILD='$(abspath $(BUILD))' \
	    bats $(BATSFLAGS) tests/image

fault: all $(drivers)		## break runs in every way [ROUNDS= SEED= ROUND= HISTORY=]
	PATH='$(abspath $(BUILD))/bin':"$$PATH" \
	    DRIVERS='$(abspath $(BUILD))/tests' BUILD='$(abspath $(BUILD))' \
	    ROUNDS='$(ROUNDS)' SEED='$(SEED)' HISTORY='$(HISTORY)' \
	    tests/memory tests/fault/run $(ROUND)

rescue: all			## break backups and restores [ROUNDS= SEED= ROUND=]
	PATH='$(abspath $(BUILD))/bin':"$$PATH" ROUNDS='$(ROUNDS)' \
	    SEED='$(SEED)' tests/memory tests/rescue/run $(ROUND)

orders: all			## take turns with Prisma and knex [ROUNDS= SEED= ROUND=]
	BUILD='$(abspath $(BUILD))' tests/interop/setup '$(abspath $(BUILD))/interop'
	PATH='$(abspath $(BUILD))/bin':"$$PATH" BUILD='$(abspath $(BUILD))' \
	    ROUNDS='$(ROUNDS)' SEED='$(SEED)' \
	    tests/memory tests/orders/run $(ROUND)

prove: all $(drivers)		## judge baselines and releases [HISTORY= CUTS= RELEASES= SEED=]
	PATH='$(abspath $(BUILD))/bin':"$$PATH" \
	    DRIVERS='$(abspath $(BUILD))/tests' HISTORY='$(HISTORY)' \
	    SIZE='$(SIZE)' CUTS='$(CUTS)' REMOVALS='$(REMOVALS)' \
	    PREFIXES='$(PREFIXES)' RELEASES='$(RELEASES)' METHOD='$(METHOD)' ROUNDS='$(ROUNDS)' \
	    SEED='$(SEED)' tests/memory tests/prove/run $(ROUND)

check-versions: all $(drivers)	## run the tests with PostgreSQL 14 to 18 (needs npm)
	tests/versions/setup '$(abspath $(BUILD))/versions'
	PATH='$(abspath $(BUILD))/bin':"$$PATH" \
	    DRIVERS='$(abspath $(BUILD))/tests' VERSIONS='$(VERSIONS)' \
	    tests/memory tests/versions/run '$(abspath $(BUILD))/versions' \
	    $(filter --tap,$(BATSFLAGS))

bench-index: all $(drivers)	## measure mg-index beside psql [ROWS= ROUNDS=]
	PATH='$(abspath $(BUILD))/bin':"$$PATH" BUILD='$(abspath $(BUILD))' \
	    tests/bench/index

bench: all $(drivers)		## measure beside psql and the peers [HISTORY=]
	PATH='$(abspath $(BUILD))/bin':"$$PATH" BUILD='$(abspath $(BUILD))' \
	    tests/bench/run $(if $(HISTORY),'$(HISTORY)')

install: all			## install below $(DESTDIR)$(PREFIX)
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(DATADIR)/mg/examples \
	    $(DESTDIR)$(INCDIR)/mg
	install -m 755 $(bins) $(DESTDIR)$(BINDIR)
	install -m 644 $(wildcard share/*.*) $(DESTDIR)$(DATADIR)/mg
	install -m 644 $(filter-out %/campaign,$(wildcard share/examples/*)) \
	    $(DESTDIR)$(DATADIR)/mg/examples
	cp -R share/examples/campaign $(DESTDIR)$(DATADIR)/mg/examples
	install -m 644 mk/mg*.mk $(DESTDIR)$(INCDIR)/mg
	for p in $(pages); do d=$(DESTDIR)$(MANDIR)/man$${p##*.}; \
	    install -d $$d && install -m 644 $$p $$d || exit; done

installcheck:			## try what install has put there
	PATH='$(DESTDIR)$(BINDIR)':"$$PATH" tests/installed '$(DESTDIR)$(INCDIR)'

uninstall:			## remove what install put there
	rm -f $(tools:%=$(DESTDIR)$(BINDIR)/%)
	rm -rf $(DESTDIR)$(DATADIR)/mg $(DESTDIR)$(INCDIR)/mg
	for p in $(pages); do \
	    rm -f $(DESTDIR)$(MANDIR)/man$${p##*.}/$${p##*/}; done

dist:				## make a tar file of the last commit
	git archive --prefix=mg-$(version)/ -o mg-$(version).tar.gz HEAD

clean:				## remove what was built
	rm -rf $(BUILD)

help: mg-help			## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1	\2/p' Makefile

# The flows that users include work here, too, with what was just built.
MG_BIN ?= $(BUILD)/bin/
include mk/mg.mk
$(MG_WORK)/scanned.jsonl consolidate: | all
