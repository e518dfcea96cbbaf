# Makefile - build, test and install the mg tools (GNU make 4)
#
# UPPER CASE is yours to set, on the command line or in config.mk:
#   CC CFLAGS CPPFLAGS LDFLAGS LDLIBS HARDEN   BUILD BATSFLAGS FUZZ_SECONDS
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
	tests/*/*.bash) .ci/run
# What a Debian machine must have, to build and to run; then for the deeper
# checks of .ci/run, and of those the programs that other packages may bring.
debian  := gcc libc6-dev pkg-config libpq-dev libssl-dev libxxhash-dev \
	libjansson-dev postgresql postgresql-client jq bats mandoc
debian_ci := clang clang-format cppcheck shellcheck valgrind

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
.PHONY: all check demo setup setup-ci sanitize valgrind coverage fuzz lint \
	interop bench install uninstall installcheck dist clean help FORCE

all: $(bins)			## build every tool into $(BUILD)/bin

$(bins): $(BUILD)/bin/%: $(BUILD)/tools/%.o $(BUILD)/libmg.a
	@mkdir -p $(@D)
	$(link) -o $@ $^ $(ldlibs)

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
	PATH='$(abspath $(BUILD))/bin':"$$PATH" DRIVERS='$(abspath $(BUILD))/tests' \
	    bats $(BATSFLAGS) tests
