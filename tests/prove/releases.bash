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
	measure_deploy
}

# measure_deploy: how long the longest upgrade takes, in milliseconds
measure_deploy() {
	local begin=$EPOCHREALTIME first
	first=$(head -n 1 "$work/points")
	createdb -T "at_$first" measured
	on measured mg_make deploy RELEASE="v1.$count.0" MG_SCHEMA=
	echo $(((${EPOCHREALTIME/./} - ${begin/./}) / 1000)) >"$work/deploy.ms"
}

# release COUNT: on our server, with leave for what comes by chance
release() {
	cp "$work/whole"/consolidated-migration/volatile.json . 2>/dev/null &&
	    mkdir -p consolidated-migration &&
	    mv volatile.json consolidated-migration
	mg_make release VERSION="v1.$1.0" METHOD="${METHOD:-}" MG_SCHEMA= \
	    MG_SCRATCH_URL="$(url postgres)"
}

# releases: the rounds, all pairs and some that are killed among them
releases() {
	local points i j who=(all make)
	[ -e "$work/points" ] || return 0
	mapfile -t points <"$work/points"
	for ((i = 0; i < ${#points[@]}; i++)); do
		echo "release at ${points[i]}"
		for ((j = i + 1; j < ${#points[@]}; j++)); do
			echo "upgrade from ${points[i]} to ${points[j]}"
		done
	done
	for ((i = 0; i < ${ROUNDS:-6}; i++)); do
		echo "kill ${who[RANDOM % 2]} of the deployment from" \
		    "${points[0]} to ${points[-1]} at $((RANDOM % 100)) %"
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

# kill_deploy all|make FROM TO PERCENT: a deployment to TO of a database that ran
# as many migrations as FROM, after that part of its time
kill_deploy() {
	local ms=$(($(cat "$work/deploy.ms") * $4 / 100)) make
	createdb -T "at_$2" "$database"
	on "$database" start_make -C "$work/releases" deploy \
	    RELEASE="v1.$3.0" MG_WORK="$PWD/.mg" MG_SCHEMA= 4<&-
	sleep "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))"
	if [ "$1" = all ]; then
		kill -KILL -- "-$make" || true
	else
		kill -KILL "$make" || true
	fi
	wait "$make" || true
	deployed "$3"
	until_not left_over "$3"
}

# left_over COUNT: a run's folder that no process of it holds any more, and the
# next run does not take away
left_over() {
	mg_make -C "$work/releases" route RELEASE="v1.$1.0" MG_WORK="$PWD/.mg"
	ls -d .mg/run.*
}
