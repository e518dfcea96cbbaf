# step.sh - what the steps of a deployment share
#
# usage: sh STEP.sh RUN
#
# To be read by them; their variables come from make.  RUN is a folder of this
# deployment alone, which ends with it.  What happens is told to people as it
# does, and to MG_LOG.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2154,SC2034,SC2153
set -eu
run=$1
work=$run
# shellcheck source=share/package.sh
. "$MG_SHARE/package.sh"
flow=deploy run_number=${run##*.}
# shellcheck source=share/log.sh
. "$MG_SHARE/log.sh"
# shellcheck source=share/words.sh
. "$MG_SHARE/words.sh"
# shellcheck source=share/maintenance.sh
. "$MG_SHARE/maintenance.sh"
# shellcheck source=share/ending.sh
. "$MG_SHARE/ending.sh"
trap 'end $?' EXIT
heed_signals

# hold_run: until all that we have started has ended
hold_run() {
	exec 9<"$run"
	flock -s 9
}

# read_route: what was decided; $version and $package are empty in development
read_route() {
	hold_run
	mode=$(cat "$run/mode")
	version=$(cat "$run/version")
	package=$(cat "$run/package")
}

# is_pending: whether there is anything to do
is_pending() {
	[ -s "$run/plan.jsonl" ] || [ -s "$run/pending" ]
}

# skip WHAT WORD...: a gate, which nobody shall overlook
skip() {
	echo "$1" >>"$run/skipped"
	what=$1
	shift
	say "warning: $*"
	log "$what" '{ skipped: true }'
}

# choose_rows: where the project keeps the migrations, a new database gets rows
# of all that a baseline replaces, unless tracks say otherwise; $to is where
# these end
choose_rows() {
	rows='' to=''
	if [ -e "$run/choice" ]; then
		read_choice
	elif [ "$mode" != release ]; then
		rows=--mark-replaced
	fi
}

# write_deployed: into deployed.jsonl, the records to ask mg-status for; of no
# release, a baseline has no row, but all that it replaces.  With tracks deploy.sh
# has done it.
write_deployed() {
	[ ! -e "$run/deployed.jsonl" ] || return 0
	if [ "$mode" = release ]; then
		cp "$run/stream.jsonl" "$run/deployed.jsonl"
	else
		$MG_JQ -c 'select(.replaces == null)' "$run/stream.jsonl" \
		    >"$run/deployed.jsonl"
	fi
}
