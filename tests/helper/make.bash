# make.bash - make, with the fragments of this tree, in the current directory
#
# shellcheck disable=SC2034 # what the tests read

# fragments: below ./include, as they are below /usr/local/include for a user
# who has installed them
fragments() {
	mkdir include && ln -s "$ROOT/mk" include/mg
}

# makefile [LINE...]: one of these lines, which then includes the fragments
makefile() {
	[ -e include ] || fragments || return
	printf '%s\n' "$@" 'include mg/mg.mk' >Makefile
}

# mg_make WORD...
mg_make() {
	make -s --no-print-directory -I include "$@"
}

# start_make WORD...: in the background, in a session of its own, as $make, with
# its output in ./out; a shell has what it puts there ignore SIGINT
start_make() {
	setsid env --default-signal=INT make -s --no-print-directory -I include "$@" >out 2>&1 3>&- &
	make=$!
}
