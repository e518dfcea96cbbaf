# route.sh - decide whether this is a release, which one, and say why
#
# usage: sh route.sh RUN
#
# make route and make deploy run this, with their variables in the environment.
# An unknown branch is never taken for one of development.
#
# shellcheck shell=sh disable=SC2086,SC2016,SC2154,SC2034,SC2153
# shellcheck source=share/step.sh
. "$MG_SHARE/step.sh"
# shellcheck source=share/tracks.sh
. "$MG_SHARE/tracks.sh"

main() {
	sweep
	mkdir -p "$run"
	hold_run
	begin_log
	begin_words
	find_branch
	mode='' version='' package=''
	read_gates
	decide
	$MG_JQ -n --arg mode "$mode" --arg version "$version" \
	    --arg branch "$branch" \
	    '{ $mode, $version, $branch } | with_entries(select(.value != ""))
	    ' >"$run/about.json"
	echo "$mode" >"$run/mode"
	echo "$version" >"$run/version"
	echo "$package" >"$run/package"
	say "${version:-development}, as $reason"
	[ -z "$version" ] || [ "$skip" = false ] ||
	    say "warning: SKIP_INDEX_MIGRATIONS has no say in a release," \
		"which is one whole"
	log route '{ reason: $reason }' --arg reason "$reason"
}

# What a make of this host has left that was killed, and whose programs have
# ended, too; one of our own number has.
sweep() {
	end_abandoned
	rm -rf "$run"
	for one in "${run%.*}".[0-9]*; do
		[ -e "/proc/${one##*.}" ] || [ ! -d "$one" ] ||
		    [ -e "$one/maintenance" ] ||
		    flock -n "$one" rm -rf "$one" || :
	done
}

# Where all was killed, with what watched over maintenance, that may still be on;
# who only looks changes nothing.
end_abandoned() {
	[ -n "${MG_LOGS:-}" ] || return 0
	this=$run
	for run in "${this%.*}".[0-9]*; do
		[ -e "$run/maintenance" ] && is_over && end_theirs
	done
	run=$this
	heed_signals
}

# is_over: it was a make that had our number, or has ended with all it ran
is_over() {
	[ "$run" = "$this" ] || [ ! -e "/proc/${run##*.}" ] || return
	flock -n "$run" true
}

end_theirs() {
	if [ -n "$MAINTENANCE_OFF_CMD" ]; then
		say "maintenance was left on by a deployment that was killed"
		end_maintenance || :
	else
		say "warning: a deployment that was killed may have left" \
		    "maintenance on, and MAINTENANCE_OFF_CMD is not set; when" \
		    "it is off, rm -r $run"
	fi
}

# Nothing of it is left for when it is too late.
read_gates() {
	read_environment || refuse "$environment_is_wrong"
	for one in SKIP_BACKUP SKIP_MAINTENANCE LINT REHEARSE TEST_MIGRATIONS \
	    GATES; do
		read_switch "$one" || refuse "$switch_is_wrong"
	done
	[ -n "$MAINTENANCE_OFF_CMD" ] || [ -z "$MAINTENANCE_ON_CMD" ] ||
	    refuse "MAINTENANCE_ON_CMD without MAINTENANCE_OFF_CMD:" \
		"maintenance would never end; nothing was changed"
}

decide() {
	case $MODE in
	'' | release | dev) ;;
	*) refuse "MODE is release or dev, not $MODE" ;;
	esac
	read_skip || refuse "$switch_is_wrong"
	if [ -n "$RELEASE$BUNDLE" ]; then
		[ "$MODE" != dev ] || refuse "MODE=dev is of no release:" \
		    "leave it out, or RELEASE= and BUNDLE="
		take_release
	elif [ "$MODE" = dev ]; then
		take_development 'MODE=dev says'
	elif [ -n "$branch" ] && match_branch; then
		take_branch
	elif [ "$MODE" = release ]; then
		refuse "MODE=release, but which? RELEASE=v4.0.0 says it, or a" \
		    "branch that RELEASE_BRANCHES names ($RELEASE_BRANCHES);" \
		    "$(about_branch)"
	elif [ -n "$branch" ]; then
		take_development "$(about_branch), no release branch" \
		    "($RELEASE_BRANCHES)"
	else
		refuse "what to deploy? $(about_branch): BRANCH= says it," \
		    "RELEASE= a release, MODE=dev that this is none"
	fi
}

take_release() {
	mode=release
	if [ -n "$BUNDLE" ]; then
		unpack
		reason="BUNDLE=$BUNDLE says"
	else
		version=$RELEASE
		reason="RELEASE=$RELEASE says"
	fi
	find_package
}

take_branch() {
	mode=release
	reason="$(about_branch)"
	find_package
}

take_development() {
	mode=dev
	reason="$*"
	[ "$ENVIRONMENT" != production ] || [ "$FORCE" = 1 ] ||
	    refuse "ENVIRONMENT=production takes releases only, and $reason:" \
		"RELEASE= names one, FORCE=1 does it nevertheless"
}

find_package() {
	is_version "$version" || refuse "$version is not a version such as" \
	    "v4.0.0 or v4.0.0-rc.1; $reason"
	[ -n "$package" ] || package=$releases/$version
	lacking=$(list_lacking)
	[ -z "$lacking" ] || refuse "$version has no package, and $reason:" \
	    "$lacking not there. make release VERSION=$version makes it;" \
	    "MODE=dev deploys without"
}

list_lacking() {
	set --
	for one in manifest.json migrations/0_baseline/migration.sql; do
		[ -f "$package/$one" ] || set -- "$@" "$package/$one"
	done
	case $# in
	0) ;;
	1) echo "$1 is" ;;
	*) echo "$1 and $2 are" ;;
	esac
}

# The one folder in it is called after the version.
unpack() {
	[ -z "$RELEASE" ] || refuse "BUNDLE= says which release it is, too:" \
	    "leave RELEASE= out"
	[ -f "$BUNDLE" ] || refuse "$BUNDLE is not there: make bundle VERSION=" \
	    "makes one"
	mkdir "$run/bundle"
	{
		$MG_ZSTD -qdc -- "$BUNDLE" >"$run/bundle.tar" &&
		    $MG_TAR -xf "$run/bundle.tar" -C "$run/bundle" \
			--no-same-owner --no-same-permissions
	} 2>"$run/why" || refuse "$BUNDLE is no bundle that is whole:" \
	    "$(head -n 1 "$run/why")"
	rm "$run/bundle.tar"
	version=$(ls -A "$run/bundle")
	package=$run/bundle/$version
}

main
