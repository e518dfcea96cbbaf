# workplace.sh - a folder of its own for a script, for as long as it runs
#
# usage: sh SCRIPT.sh WORK
#
# To be read by scripts that make runs, before all else: $work is a new folder
# in WORK.
#
# shellcheck shell=sh
set -eu
work=$(mktemp -d "$1/run.XXXXXX")
trap 'rm -rf "$work"' EXIT
# shellcheck source=share/package.sh
. "$MG_SHARE/package.sh"
# shellcheck source=share/environment.sh
. "$MG_SHARE/environment.sh"
heed_signals
