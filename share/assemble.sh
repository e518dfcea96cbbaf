# assemble.sh - put the parts of a new package together
#
# To be read by release.sh, with $new, where it is made, and $baseline, the folder
# of its proven baseline.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2153,SC2154

assemble() {
	mkdir -p "$new/migrations"
	cp -R "$baseline" "$new/migrations"
	copy_lock_file
	copy_schema
	[ ! -s "$work/versions" ] || copy_upgrade
}

copy_upgrade() {
	list_folders
	[ ! -s "$work/copied" ] || copy_folders
	[ -z "$MG_SCRIPTS" ] || copy_scripts
}

# list_folders: what comes of MG_MIGRATIONS, as it lies there
list_folders() {
	$MG_JQ -j --arg folder "$MG_MIGRATIONS" '
	    ($folder | sub("/+$"; "")) as $folder |
	    .upgrade[] | "\($folder)/\(.name)/" as $there |
	    select(.path | startswith($there)) |
	    .name as $name | (.path | ltrimstr($there)),
	    (select(.replaces) | "metadata.json", "manifest.json") |
	    "\($name)/\(.)\u0000"' "$work/plan.json" >"$work/copied"
}

copy_folders() {
	mkdir "$new/upgrade"
	target=$(cd "$new/upgrade" && pwd)
	(cd "$MG_MIGRATIONS" && xargs -0r ls -d --zero --) <"$work/copied" \
	    >"$work/there" 2>/dev/null || :
	(cd "$MG_MIGRATIONS" && xargs -0r cp -L --parents -t "$target" --) \
	    <"$work/there"
}

# One by one: a file may be called otherwise in the package.
copy_scripts() {
	$MG_JQ -j -L "$MG_SHARE" --arg folder "$MG_MIGRATIONS" '
	    include "package"; ($folder | sub("/+$"; "")) as $folder |
	    .upgrade[] | "\($folder)/\(.name)/" as $there |
	    select(.path | startswith($there) | not) |
	    .path, place | "\(.)\u0000"' "$work/plan.json" >"$work/copied"
	xargs -0r -n 2 sh -c 'mkdir -p "$1/${3%/*}" && cp -L -- "$2" "$1/$3"' \
	    sh "$new" <"$work/copied"
}

# Prisma wants one, with at least that.
copy_lock_file() {
	lock=migration_lock.toml
	if [ -e "$MG_MIGRATIONS/$lock" ]; then
		cp -L "$MG_MIGRATIONS/$lock" "$new/migrations"
	else
		echo 'provider = "postgresql"' >"$new/migrations/$lock"
	fi
}

# Prisma looks for migrations beside the file that has the datasource: of a
# folder of files that one is there alone, too.
copy_schema() {
	[ -n "$MG_SCHEMA" ] || return 0
	if [ -f "$MG_SCHEMA" ]; then
		cp -L "$MG_SCHEMA" "$new/schema.prisma"
		return
	fi
	mkdir "$new/schema"
	target=$(cd "$new/schema" && pwd)
	(cd "$MG_SCHEMA" && find -L . -type f -name '*.prisma' \
	    ! -path '*/migrations/*' -exec cp -L --parents -t "$target" {} +)
	find "$new/schema" -type f -exec grep -lZ '^datasource[[:space:]]' {} + \
	    >"$work/datasource" || :
	[ "$(tr -cd '\0' <"$work/datasource" | wc -c)" = 1 ] ||
	    fail "$MG_SCHEMA has not one file with a datasource"
	xargs -0 sh -c 'cp "$2" "$1"' sh "$new/schema.prisma" \
	    <"$work/datasource"
}
