# kills.bash - make consolidate, killed
#
# The project has a baseline, which is to be renewed.  What the next run finds
# is the old one or the new one, whole; what it leaves is the new one alone, and
# nothing of the killed run remains.
#
# shellcheck disable=SC2154 # what run and helper/common set

# kill_consolidate all|make PERCENT % into the run|end, newer|edited, own|other
# server
#
# All, which is its process group, or its make alone, so that the rest goes on
# unseen; so far into the run, or into what is left behind the proof; with the
# old baseline named otherwise, or like the new one.
kill_consolidate() {
	local who=$1 percent=$2 part=${6%,} change=${7%,} server=$8
	local tries=0 make arguments=()
	cp -r "$work/$change/." .
	rm -rf .mg
	mkdir -m 1777 tmp
	export TMPDIR=$PWD/tmp
	[ "$server" = own ] || arguments=("MG_SCRATCH_URL=$(PGUSER=prove_$me \
	    url postgres)")
	start_make consolidate "${arguments[@]}" 4<&-
	moment "$part" "$percent"
	if [ "$who" = all ]; then
		kill -KILL -- "-$make" || true
		wait "$make" || true
		until_not pgrep -g "$make"
		intact
	else
		kill -KILL "$make" || true
		wait "$make" || true
	fi
	again
	quiet
	settled
}

# moment run|end PERCENT: sleep until then
moment() {
	local ms
	ms=$(($(cat "$work/ms") * $2 / 100))
	if [ "$1" = end ]; then
		ms=$((150 * $2 / 100))
		while [ ! -e .mg/consolidate/new ] && kill -0 "$make"; do
			sleep 0.005
		done
	fi
	sleep "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))"
}

# again: the next run, which may be refused only while the killed one lives
again() {
	local tries lives
	for ((tries = 0; tries < 100; tries++)); do
		lives=$(alive) || true
		if consolidate "${arguments[@]}" >again 2>&1; then
			cat again
			return
		fi
		[ -n "$lives" ] || break
		sleep 0.2
	done
	cat out again
	echo 'the next run fails'
	return 1
}

# intact: in the folder is the old baseline or the new one, or for a moment
# both; while one takes the place of another of that name it may be beside
intact() {
	local each sum count=0
	for each in consolidated-migration/*/ consolidated-migration.mg-old/*/; do
		[ -d "$each" ] || continue
		sum=$(checksum "$each")
		is "$sum" "$(jq -r .checksum "$each/metadata.json")"
		case $sum in
		"$(cat "$work/kills.sum")" | "$(cat "$work/$change.sum")") ;;
		*)
			echo "$each: neither the old one nor the new"
			return 1
			;;
		esac
		count=$((count + 1))
	done
	[ -n "$(find consolidated-migration -name migration.sql)" ] ||
		echo "$change" >>"$work/beside"
	[ "$count" -ge 1 ] && [ "$count" -le 2 ]
}

# exchanges: how often a kill found none in the folder
exchanges() {
	[ ! -e "$work/beside" ] || echo "# $(wc -l <"$work/beside") times a" \
	    "kill left the old one beside the folder"
}

# quiet: nothing of either run remains
quiet() {
	until_not alive
	is '' "$(ls "$TMPDIR")"
	is '' "$(sql "select datname from pg_database d join pg_roles r
	    on r.oid = datdba where rolname = 'prove_$me'
	    and datname like 'mg_scratch_%'")"
}

# alive: processes that have to do with our folder
alive() {
	local found
	# grep fails for a process that ends just then, whatever it found.
	found=$(pgrep -f -- "$TMPDIR"
	    env -u TMPDIR grep -lsz "^TMPDIR=$TMPDIR\$" /proc/[0-9]*/environ) ||
		:
	[ -n "$found" ] && echo "$found"
}

# until_not COMMAND...: it fails, if it takes some seconds
until_not() {
	local tries
	for ((tries = 0; tries < 500; tries++)); do
		"$@" >/dev/null || return 0
		sleep 0.02
	done
	"$@"
	return 1
}

# settled: the folder has the new one alone, and all know that
settled() {
	is consolidated-migration "$(echo consolidated-migration*)"
	is 1 "$(find consolidated-migration -mindepth 1 -type d | wc -l)"
	is "$(cat "$work/$change.sum")" "$(checksum consolidated-migration/*/)"
	intact
	has "$(consolidate "${arguments[@]}")" 'up to date'
}
