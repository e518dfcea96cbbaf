# judge.bash - what a fault left
#
# shellcheck disable=SC2154 # what run and the helpers set

# state: of the database, its rows, and what else it has
state() {
	mg-catalog --data --settings | sha256sum
}

# settled: the server is up, and nobody works on it any more
settled() {
	server pg_ctl -s -D "$own/data" status >/dev/null || server_start
	PGDATABASE=postgres await 'select not pg_is_in_recovery() and
	    not exists (select from pg_stat_activity where pid <> pg_backend_pid()
	    and backend_type = '\''client backend'\'')'
}

# whole WAS...: the database is one of these
whole() {
	local now was
	now=$(state)
	for was; do
		[ "$was" != "$now" ] || return 0
	done
	echo 'the database is neither what it was nor what was backed up' >&2
	return 1
}

# named DIR: all that has the name of a backup there is a good one
named() {
	local path
	for path in "$1"/backup_*[!n]; do
		[ ! -e "$path" ] || mg-backup --check "$path" || return
	done
}

# tidy DIR: all that is there is backups, each with its sidecar
tidy() {
	local path
	for path in "$1"/*; do
		case $path in
		*.json) ;;
		*) [ -e "${path%.*}.json" ] ;;
		esac || { echo "left: $path" >&2; return 1; }
	done
	is '' "$(find "$1" -mindepth 1 -maxdepth 1 -name '.*')"
}

# restored: as it was backed up, by the next run, which leaves nothing
restored() {
	settled
	mg-restore -q --yes --terminate --drop-old "$file"
	settled
	mg-restore --drop-old --yes
	whole "$good"
	is "$PGDATABASE" "$(sql "select datname from pg_database
	    where datname like '$PGDATABASE%'")"
}
