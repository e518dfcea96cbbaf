#!/usr/bin/env bats
# mg(1): run an mg program, or a make target of the mg fragments

load helper/common

# An mg as installed, with programs and fragments that tell what they get.
setup() {
	sandbox
	mkdir -p 'the tools/bin' 'the tools/include/mg' elsewhere
	cp "$(type -P mg)" 'the tools/bin'
	bin="$PWD/the tools/bin"
	program both 'say with both hands'
	program only 'be a program only'
	cat >'the tools/include/mg/mg.mk' <<'EOS'
.PHONY: mg-help both target
mg-help:
	@printf '  %-16s%s\n' both 'do both' target 'be a target'
both target:
	@echo 'target $@ V=$(V) W=$(W)'; command -v mg-both
broken:
	false
EOS
}

# program NAME SUMMARY: beside mg; it tells its arguments
program() {
	cat >"$bin/mg-$1" <<-EOS
		#!/bin/sh
		[ "\$1" != --help ] || { printf 'usage: mg-$1\n\n$2.\n'; exit; }
		echo "program \$0:"; printf '<%s>' "\$@"; echo
		exit \${STATUS-0}
	EOS
	chmod +x "$bin/mg-$1"
}

mg() {
	"$bin/mg" "$@"
}

@test "a program gets its arguments as they are, and standard input" {
	is "program $bin/mg-only:"$'\n<-d><a b><>' "$(mg only -d 'a b' '')"
	printf '#!/bin/sh\ncat\n' >"$bin/mg-only"
	is $'one\ntwo' "$(printf 'one\ntwo\n' | mg only)"
}

@test "the exit status is the program's" {
	STATUS=75 run -75 mg only
}

@test "a program beside mg comes before one in PATH" {
	printf '#!/bin/sh\necho elsewhere\n' |
	    tee elsewhere/mg-only >elsewhere/mg-far
	chmod +x elsewhere/*
	is "program $bin/mg-only:"$'\n<>' "$(PATH=$PWD/elsewhere:$PATH mg only)"
	is elsewhere "$(PATH=$PWD/elsewhere:$PATH mg far)"
}

@test "a target gets its variables, and finds the programs" {
	is "target target V=a b W=2"$'\n'"$bin/mg-both" \
	    "$(mg target V='a b' W=2)"
}

@test "a name that is both is the target, with variables or nothing" {
	has "$(mg both)" 'target both V='
	has "$(mg both V=1)" 'target both V=1'
}

@test "a name that is both is the program, with any other argument" {
	is "program $bin/mg-both:"$'\n<-d><V=1>' "$(mg both -d V=1)"
	is "program $bin/mg-both:"$'\n<-->' "$(mg both --)"
	is "program $bin/mg-both:"$'\n<V=1><w>' "$(mg both V=1 w)"
	is "program $bin/mg-both:"$'\n<=1>' "$(mg both =1)"
	is "program $bin/mg-both:"$'\n<-V=1>' "$(mg both -V=1)"
	is "program $bin/mg-both:"$'\n<./V=1>' "$(mg both ./V=1)"
}

@test "a program needs no make, nor fragments" {
	ln -s "$(command -v sh)" elsewhere/sh
	is "program $bin/mg-both:"$'\n<>' "$(PATH=$PWD/elsewhere mg both 2>err)"
	is '' "$(<err)"
	rm -r 'the tools/include'
	is "program $bin/mg-both:"$'\n<>' "$(mg both 2>err)"
	is '' "$(<err)"
}

@test "the Makefile of the current directory is not read" {
	echo 'target: ; @echo mine' >Makefile
	has "$(mg target)" 'target target'
}

@test "MG_MK names other fragments, and MAKE another make" {
	sed 's/target \$@/other $@/' 'the tools/include/mg/mg.mk' >other.mk
	has "$(MG_MK=other.mk mg target)" 'other target'
	printf '#!/bin/sh\necho made >>made; exec make "$@"\n' >'my make'
	chmod +x 'my make'
	has "$(MAKE="$PWD/my make" mg target)" 'target target'
	is $'made\nmade' "$(<made)"
}

@test "in the build tree the fragments are those of mk" {
	mkdir -p tree/build tree/mk
	cp -r 'the tools/bin' tree/build/bin
	sed 's/target \$@/tree $@/' 'the tools/include/mg/mg.mk' >tree/mk/mg.mk
	has "$(tree/build/bin/mg target)" 'tree target'
}

@test "a target takes nothing but variables" {
	fails 2 'mg: target: a target takes VARIABLE=VALUE only' mg target V=1 x
	fails 2 'mg: target: a target takes VARIABLE=VALUE only' mg target -n
}

@test "a name that is neither is refused with a hint" {
	fails 2 'mg: nothing: no such program or target; mg help lists them' \
	    mg nothing
	# What make could make, but does not list, is none of ours.
	fails 2 'mg: broken: no such program or target; mg help lists them' \
	    mg broken
}

@test "what is no name is neither run nor made" {
	cp "$bin/mg-only" elsewhere/x
	mkdir "$bin/mg-"
	for name in ../x ../../../elsewhere/x /bin/true a.b 'a b' '' $'a\nb' \
	    V=1; do
		says 2 'not a name; mg help lists them' mg "$name"
		says 2 'not a name; mg help lists them' mg help "$name"
	done
	says 2 'not a name; mg help lists them' mg -- -C
	says 2 'mg: no name given' mg --
}

@test "help, --help and mg alone list programs and targets" {
	cat >want <<-'EOS'

		Programs, as in mg NAME ARGUMENT...:
		  both            say with both hands.
		  only            be a program only.

		Targets, as in mg NAME VARIABLE=VALUE...:
		  both            do both
		  target          be a target
	EOS
	for arg in '' help --help -h; do
		mg ${arg:+"$arg"} >out
		is 'usage: mg [help] [NAME] [ARGUMENT...]' "$(sed -n 1p out)"
		is "$(<want)" "$(sed -n '/^$/,$p' out | sed '1,/--version/d')"
	done
}

@test "help that cannot be written, or is not whole, is exit status 3" {
	run -3 bash -c "'$bin/mg' help >/dev/full"
	MG_MK=none run -3 mg help
}

@test "help of a program is its page, or its --help where there is none" {
	printf '#!/bin/sh\nprintf "man <%%s>\\n" "$@"\n' >elsewhere/man
	chmod +x elsewhere/man
	PATH=$PWD/elsewhere:$PATH
	is $'usage: mg-only\n\nbe a program only.' "$(mg help only)"
	mkdir -p 'the tools/share/man/man1'
	: >'the tools/share/man/man1/mg-only.1'
	is "man <-l>"$'\n'"man <$bin/../share/man/man1/mg-only.1>" \
	    "$(mg help only)"
	fails 2 'mg: target: no such program; mg help lists them' mg help target
}

@test "help of a program is its --help where there is no man" {
	mkdir -p 'the tools/share/man/man1'
	: >'the tools/share/man/man1/mg-only.1'
	ln -s "$(command -v sh)" elsewhere/sh
	is $'usage: mg-only\n\nbe a program only.' \
	    "$(PATH=$PWD/elsewhere mg help only)"
}
