# prepare.bash - the histories, their baselines, and what all is compared with
#
# Below $work lies a project for each: whole has the history; starts has the
# beginning of it, in which each migration notes that it ran; kills has a few
# migrations.  A database of that name has run them one by one.
#
# shellcheck disable=SC2154 # what run sets

prepare() {
	local n
	now >"$work/began"
	echo '[]' | tee "$work/loose.json" >"$work/chance.json"
	for ((n = 0; n < jobs; n++)); do
		sql "create role prove_$n superuser login"
	done
	prepare_whole
	prepare_starts
	replay whole "$work/whole/records"
	replay starts "$work/starts/originals"
	prepare_releases
	prepare_kills
	touch "$work/prepared"
}

# project NAME: a folder to call make consolidate in
project() {
	mkdir -p "$1/migrations"
	cd "$1" && makefile 'MG_MIGRATIONS = migrations'
}

# consolidate [VARIABLE=VALUE...]
consolidate() {
	mg_make consolidate METHOD="${METHOD:-}" "$@"
}

# consolidate_here: on our server, with leave for what comes by chance
consolidate_here() {
	local here=("MG_SCRATCH_URL=$(url postgres)")
	consolidate "${here[@]}" && return
	jq -e '.asked != []' .mg/consolidate/volatile.json >/dev/null ||
	    return
	mkdir -p consolidated-migration
	jq .chance .mg/consolidate/volatile.json \
	    >consolidated-migration/volatile.json
	consolidate "${here[@]}"
}

# learn: rows of which tables no two replays share, and which have the clock in
# them
learn() {
	jq -s ".[0].chance + .[1]" .mg/consolidate/volatile.json \
	    "$work/chance.json" >chance
	jq -s ".[0].volatile + .[1] + .[2]" .mg/consolidate/volatile.json \
	    "$work/loose.json" chance >loose
	mv chance "$work/chance.json"
	mv loose "$work/loose.json"
}

# replay NAME RECORDS: in a new database, and its listing
replay() {
	createdb -T template0 "$1"
	on "$1" mg-apply -q <"$2" >applied
	list "$1" "$work/$1"
}

prepare_whole() {
	project "$work/whole"
	if [ -n "${HISTORY:-}" ]; then
		cp -rL "$HISTORY/." migrations
	else
		rmdir migrations
		"$ROOT/tests/history" "${SIZE:-120}" 1 migrations
	fi
	records "$PWD/migrations"
	consolidate_here
	learn
	cp consolidated-migration/*/migration.sql "$work/baseline.sql"
	"$DRIVERS/prove/without" <"$work/baseline.sql" >"$work/statements"
	echo "# $(wc -l <records) migrations, a baseline of" \
	    "$(wc -l <"$work/statements") statements"
}

# The baseline is of all but the last tenth.
prepare_starts() {
	local name
	project "$work/starts"
	mkdir migrations/0_ran later
	echo 'CREATE TABLE mg_ran (n serial PRIMARY KEY, migration text);' \
	    >migrations/0_ran/migration.sql
	head -n "${PREFIXES:-20}" "$work/whole/records" | jq -r .name >names
	while IFS= read -r name; do
		mkdir "migrations/$name"
		note_run "$name" >"migrations/$name/migration.sql"
	done <names
	records "$PWD/migrations"
	mv records originals
	tail -n $(($(wc -l <names) / 10 + 1)) names | while IFS= read -r name; do
		mv "migrations/$name" later
	done
	consolidate_here
	learn
	mv later/* migrations
	rmdir later
	records "$PWD/consolidated-migration" "$PWD/migrations"
}

# note_run NAME: the script of that migration, which then says that it ran; the
# numbers tell in which order
note_run() {
	cat "$work/whole/migrations/$1/migration.sql"
	printf "\n;\nINSERT INTO public.mg_ran (migration) VALUES ('%s');\n" \
	    "${1//\'/\'\'}"
}

# Two states of a project that has a baseline: a newer migration has come; or
# one was edited, so that the new baseline has the name of the old.
prepare_kills() {
	local begin=$EPOCHREALTIME change
	project "$work/kills"
	rmdir migrations
	"$ROOT/tests/history" 8 1 migrations
	consolidate
	echo $(((${EPOCHREALTIME/./} - ${begin/./}) / 1000)) >"$work/ms"
	for change in newer edited; do
		cp -r "$work/kills" "$work/$change"
		cd "$work/$change" || return
		"$change"
		cp -r . "$work/$change.done"
		(cd "$work/$change.done" && consolidate_here)
		checksum "$work/$change.done"/consolidated-migration/*/ \
		    >"$work/$change.sum"
	done
	checksum "$work/kills"/consolidated-migration/*/ >"$work/kills.sum"
}

newer() {
	migration 20990101000000_newer 'create table newer ();'
}

edited() {
	local last
	last=$(echo migrations/*/ | sed 's/.* //')
	printf '\n;create table edited ();\n' >>"$last/migration.sql"
}

# checksum FOLDER: of the script in it
checksum() {
	sha256sum <"$1/migration.sql" | cut -d ' ' -f 1
}
