# test-forward.sh - see whether all ways lead to the same catalog
#
# usage: sh test-forward.sh WORK
#
# make test-forward runs this: the migrations one by one, the baseline, and a
# database of each release, which arrive.sh takes to the newest migration.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086,SC2154
work=$1
# shellcheck source=share/test.sh
. "$MG_SHARE/test.sh"

main() {
	begin
	list_ways >"$work/ways"
	on_scratch_server xargs -a "$work/ways" -n 1 \
	    setpriv --pdeathsig TERM $MG_SCRATCH --db -- \
	    sh "$MG_SHARE/arrive.sh" "$work" ||
	    fail "not all ways lead to where the migrations do, as said above"
}

# Versions have no blanks, and folders that are no releases are none here.
list_ways() {
	echo migrations
	for folder in "${MG_CONSOLIDATED%/}"/*/; do
		[ ! -f "$folder/migration.sql" ] || echo baseline
	done
	for folder in "$releases"/v*; do
		! is_version "${folder##*/}" ||
		    [ ! -f "$folder/manifest.json" ] || echo "${folder##*/}"
	done
}

main
