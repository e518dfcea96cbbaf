# scripts.bash - what the script of a baseline makes, whole, with migrations
# behind it, and without one of its statements
#
# shellcheck disable=SC2154 # what run sets

equality() {
	records "$work/whole/consolidated-migration"
	createdb -T template0 "$database"
	on "$database" mg-apply -q <records >applied
	is 1 "$(wc -l <applied)"
	equals "$work/whole"
}

# cut_after COUNT: a baseline of so many, and the others one by one
cut_after() {
	local name
	project "$PWD/project"
	mkdir later
	jq -r .name "$work/whole/records" >names
	while IFS= read -r name; do
		cp -r "$work/whole/migrations/$name" migrations
	done < <(head -n "$1" names)
	while IFS= read -r name; do
		cp -r "$work/whole/migrations/$name" later
	done < <(tail -n "+$(($1 + 1))" names)
	consolidate_here
	records consolidated-migration later
	createdb -T template0 "$database"
	on "$database" mg-apply -q <records >applied
	is $(($(wc -l <names) - $1 + 1)) "$(wc -l <applied)"
	equals "$work/whole"
}

# removal NUMBER: it does not run without, or is told from the whole in the way
# of share/prove.sh
removal() {
	local what
	what=$(sed -n "$1s/^[0-9]* //p" "$work/statements" | cut -c 1-200)
	echo "without: $what"
	"$DRIVERS/prove/without" "$1" <"$work/baseline.sql" >script
	createdb -T template0 "$database"
	if ! on "$database" psql -Xq1 -v ON_ERROR_STOP=1 -f script >out 2>&1
	then
		caught 'does not run'
		return
	fi
	catalog "$database" >ours.catalog
	if ! named "$work/whole.catalog" ours.catalog; then
		caught 'another catalog'
		return
	fi
	rows "$database" >ours.rows
	if ! diff "$work/whole.rows" ours.rows; then
		caught 'other rows'
		return
	fi
	echo 'nothing tells that it is gone'
	return 1
}

caught() {
	echo "$*" >>"$work/caught"
}

# removals: how those were caught that were
removals() {
	[ -e "$work/caught" ] || return 0
	sort "$work/caught" | uniq -c | sed 's/^ */# removals caught: /'
	lasting | wc -l |
	    sed 's/.*/# drawn from & statements that a database keeps/'
}
