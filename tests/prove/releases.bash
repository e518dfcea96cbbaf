# releases.bash - databases of one release that are brought to another
#
# The history is released at some points of it, the last of which is its end.
# The project lies in $work/releases, and a database called at_COUNT has run so
# many migrations one by one.
#
# shellcheck disable=SC2154 # what run sets

prepare_releases() {
	local count=0 name point all n=${RELEASES:-3}
	[ "$n" != 0 ] || return 0
	project "$work/releases"
	mapfile -t names < <(jq -r .name "$work/whole/records")
	all=${#names[@]}
	for ((point = 1; point <= n; point++)); do
		for name in "${names[@]:count:all * point / n - count}"; do
			cp -r "$work/whole/migrations/$name" migrations
		done
		count=$((all * point / n))
		release "$count"
		head -n "$count" "$work/whole/records" >records
		replay "at_$count" records
		echo "$count" >>"$work/points"
	done
}

# release COUNT: on our server, with leave for what comes by chance
release() {
	cp "$work/whole"/consolidated-migration/volatile.json . 2>/dev/null &&
	    mkdir -p consolidated-migration &&
	    mv volatile.json consolidated-migration
	mg_make release VERSION="v1.$1.0" METHOD="${METHOD:-}" MG_SCHEMA= \
	    MG_SCRATCH_URL="$(url postgres)"
}

# releases: the rounds, all pairs among them
releases() {
	local points i j
	[ -e "$work/points" ] || return 0
	mapfile -t points <"$work/points"
	for ((i = 0; i < ${#points[@]}; i++)); do
		echo "release at ${points[i]}"
		for ((j = i + 1; j < ${#points[@]}; j++)); do
			echo "upgrade from ${points[i]} to ${points[j]}"
		done
	done
}

# release_at COUNT: of an empty database
release_at() {
	createdb -T template0 "$database"
	deployed "$1"
}

# upgrade FROM TO: of the earlier release, and of the history up to it
upgrade() {
	createdb -T template0 "$database"
	deployed "$1"
	deployed "$2"
	dropdb "$database"
	createdb -T "at_$1" "$database"
	deployed "$2"
}

# deployed COUNT: that release, which is what the history made
deployed() {
	on "$database" mg_make -C "$work/releases" deploy RELEASE="v1.$1.0" \
	    MG_WORK="$PWD/.mg" MG_SCHEMA=
	equals "$work/at_$1"
}
