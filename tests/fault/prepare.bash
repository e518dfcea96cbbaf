# prepare.bash - the databases that the rounds start from, and what a run
# without any fault makes of them
#
# shellcheck disable=SC2034,SC2154 # what run sets, and the helpers use

# prepare: the data of a server that has them, in $work/data
prepare() {
	BATS_FILE_TMPDIR=$work BATS_TEST_TMPDIR=$work/prepare
	BATS_SUITE_TEST_NUMBER=none
	mkdir "$BATS_TEST_TMPDIR"
	trap end_server EXIT
	own_server 'max_wal_size = 64MB' 'min_wal_size = 32MB' \
	    'max_connections = 60' 'shared_buffers = 16MB'
	if [ -n "${HISTORY:-}" ]; then
		ln -s "$(realpath "$HISTORY")" "$work/own"
		undisturbed own
	else
		generated
	fi
	server_stop
	rm -rf "$work/data"
	cp -a "$own/data" "$work/data"
	touch "$work/prepared"
}

generated() {
	"$here/history" "$work/whole" >/dev/null
	undisturbed whole
	# What Prisma's way of running a script and its settings allows.
	"$here/history" "$work/common" >/dev/null
	rm -r "$work"/common/{03,06,09,10,11}_*
	undisturbed common
}

# undisturbed HISTORY: run it with no fault, and keep what that gives
undisturbed() {
	cd "$BATS_TEST_TMPDIR" || return
	ln -sfn "$work/$1" migrations
	use_database "mg_$1" template0
	records
	first=$(jq -rn 'input.name' records)
	mg-apply --to "$first" <records >out
	psql -Xq -f "$here/database.sql"
	[ "$1" != own ] || psql -Xqc 'create table counted (what text)'
	use_database "mg_undisturbed" "mg_$1"
	rm -rf proxy stats
	start_proxy --stats stats
	begun=$(date +%s%3N)
	by_proxy mg-apply <records >out
	echo $(($(date +%s%3N) - begun)) >"$work/ms.$1"
	end_proxy
	sql 'select last_value from fault.writes' >"$work/writes.$1"
	jq -s 'map(.sent + .received) | add' stats >"$work/bytes.$1"
	schema >"$work/schema.$1"
	[ "$1" = own ] || expect "$work/$1" >expected
	dropdb mg_undisturbed
	use_database "mg_$1"
	[ "$1" = own ] || psql -Xqc '\copy fault.expected from expected'
}

# expect DIR: the statements that ran, each with its migration of that folder
expect() {
	sql 'select statement from fault.ran' >ran
	grep -or 'fault.point([0-9]*)' "$1" |
	    sed 's,.*/\([^/]*\)/migration.sql:.*(\(.*\)),\2\t\1,' |
	    awk 'NR == FNR { ran[$1]; next } $1 in ran' ran -
}

# use_database NAME [TEMPLATE]: made from that, if it is to be made
use_database() {
	export PGDATABASE=$1 DATABASE_URL
	DATABASE_URL=$(url "$1")
	[ $# = 1 ] || createdb -T "$2" "$1"
}
