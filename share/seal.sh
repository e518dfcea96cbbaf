# seal.sh - prove the hotfixes of a release, and take them into its manifest
#
# usage: sh seal.sh WORK
#
# make seal runs this, with its variables in the environment.  The new manifest
# is made whole in MG_RELEASES/.VERSION.mg-seal; from then on the next run
# brings it to its place, if this one is killed.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2153,SC2154
set -eu
work=$(cd "$1" && pwd)
# shellcheck source=share/package.sh
. "$MG_SHARE/package.sh"

main() {
	need_package
	lock
	recover
	verify_package "$package" "$version" unsealed >&2 ||
	    fail "$package is not what was released"
	find_hotfixes
	if [ ! -s "$work/hotfixes" ]; then
		sign "$package"
		echo "$package: no hotfix to seal"
		return
	fi
	# A name may hold any character: jq quotes it.
	# shellcheck source=/dev/null
	. "$work/hotfixes"
	try_package "$package" || fail "$version does not run with its hotfixes"
	stage
	recover
	VERIFY_CMD='' verify_package "$package" "$version" >&2 ||
	    fail "$package was changed meanwhile"
	tell
}

find_hotfixes() {
	$MG_JQ -n -L "$MG_SHARE" --slurpfile manifest "$package/manifest.json" \
	    --rawfile files "$work/files" -f "$MG_SHARE/seal.jq" \
	    >"$work/seal.json"
	refused=$($MG_JQ -r '.refused // ""' "$work/seal.json")
	[ -z "$refused" ] || fail "$refused"
	$MG_JQ -r '.hotfixes[] | @sh "not_empty \(.name)"' "$work/seal.json" \
	    >"$work/hotfixes"
}

# not_empty NAME: it has more than comments, which may be nested
not_empty() {
	$MG_JQ -eRs 'gsub("--[^\n]*|(?<comment>/\\*(?:[^*/]|\\*(?!/)|" +
	    "/(?!\\*)|\\g<comment>)*\\*/)"; "") | test("[^\\s;]")' \
	    "$package/migrations/$1/migration.sql" >/dev/null ||
	    fail "$package/migrations/$1/migration.sql: holds no statement"
}

stage() {
	new=$sealed.new
	rm -rf "$new"
	mkdir "$new"
	cp "$work/catalog.jsonl" "$new"
	$MG_JQ -S -L "$MG_SHARE" --arg catalog "$(checksum "$new/catalog.jsonl")" \
	    --slurpfile seal "$work/seal.json" 'include "package";
	    (env.SOURCE_DATE_EPOCH // "" | tonumber? // now | floor | todate) as
		$sealed_at |
	    .base //= .checksum | .base_catalog_digest //= .catalog_digest |
	    .catalog_digest = $catalog | .files["catalog.jsonl"] = $catalog |
	    reduce $seal[0].hotfixes[] as $hotfix (.;
		.patches += [$hotfix + { $sealed_at }] |
		.files[$hotfix | in_migrations] = $hotfix.checksum) |
	    del(.checksum)' "$package/manifest.json" >"$work/manifest"
	seal_manifest "$work/manifest" >"$new/manifest.json"
	sign "$new"
	find "$new" -exec sync {} +
	mv -T "$new" "$sealed"
}

# The next release wants them among the migrations, too.
tell() {
	$MG_JQ -r --arg package "$package" --arg to "$MG_MIGRATIONS" '
	    (.hotfixes[] | "sealed: \($package)/migrations/\(.name)"),
	    (.hotfixes[] | @sh "cp -RT \("\($package)/migrations/\(.name)") " +
		@sh "\("\($to)/\(.name)")"),
	    @sh "git add \($package) \($to)"' "$work/seal.json"
	echo "git commit -m 'Hotfix $version'"
}

main
