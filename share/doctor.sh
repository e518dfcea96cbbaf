# doctor.sh - say what is wrong with a history that two tracks have
#
# usage: sh doctor.sh WORK
#
# make doctor runs this, with its variables in the environment.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086
set -eu
records=$1/doctor.jsonl
work=$(mktemp -d "$1/doctor.XXXXXX")
trap 'rm -rf "$work"' EXIT
# shellcheck source=share/package.sh
. "$MG_SHARE/package.sh"
# shellcheck source=share/stream.sh
. "$MG_SHARE/stream.sh"
# shellcheck source=share/tracks.sh
. "$MG_SHARE/tracks.sh"

list_tracks
cat "$work/track.schema.jsonl" "$work/track.index.jsonl" >"$work/records"
cp "$work/records" "$records"
$MG_DOCTOR --records "$records" <"$work/records"
