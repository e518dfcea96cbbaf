# starts.bash - databases that are somewhere in the history when the baseline
# comes
#
# Each migration of this history notes in a table that it ran; the numbers there
# tell when.  So a database in which one ran twice, or in another order, has
# other rows.
#
# shellcheck disable=SC2154 # what run sets

# start_after COUNT: a database that has run so many
start_after() {
	bring_to "$1"
	mg_all >applied
	is '' "$(applied_again "$1")"
	equals "$work/starts"
	mg_all >again
	is '' "$(cat again)"
}

# failed_start COUNT: it has run so many, and the next one failed
failed_start() {
	local status=0 name
	bring_to "$1"
	name=$(sed -n "$(($1 + 1))p" "$work/starts/originals" | jq -r .name)
	on "$database" sql "insert into _prisma_migrations (id, checksum,
	    migration_name, logs, applied_steps_count) values
	    (gen_random_uuid(), repeat('0', 64), '${name//\'/\'\'}', 'failed', 0)"
	dumped "$database" >before
	mg_all >applied 2>err || status=$?
	cat err
	is 1 "$status"
	has "$(cat err)" P3009 "$name"
	dumped "$database" >after
	diff before after
}

bring_to() {
	createdb -T template0 "$database"
	head -n "$1" "$work/starts/originals" >had
	[ "$1" = 0 ] || on "$database" mg-apply -q <had >/dev/null
}

# mg_all: the baseline beside the originals
mg_all() {
	on "$database" mg-apply -q <"$work/starts/records"
}

# applied_again COUNT: what this run applied though it was there
applied_again() {
	jq -r 'select(.state == "applied") | .name' applied | sort >names
	uniq -d names
	head -n "$1" "$work/starts/originals" | jq -r .name | sort |
	    comm -12 - names
}
