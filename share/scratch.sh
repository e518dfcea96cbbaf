# scratch.sh - run what takes time, and end it when we are ended
#
# To be read; MG_SCRATCH and MG_SCRATCH_URL come from make.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086

# in_scratch COMMAND...: its status, where its environment leads to a scratch
# database, which is gone then
in_scratch() {
	enter_scratch "$@" &
	await $!
}

# on_scratch_server COMMAND...: likewise, on a server for scratch databases
on_scratch_server() {
	if [ -n "${MG_SCRATCH_URL:-}" ]; then
		DIRECT_URL='' DATABASE_URL="$MG_SCRATCH_URL" \
		    setpriv --pdeathsig TERM "$@" &
	else
		enter_scratch "$@" &
	fi
	await $!
}

# Who kills this shell kills that, too.
enter_scratch() {
	if [ -n "${MG_SCRATCH_URL:-}" ]; then
		export DIRECT_URL='' DATABASE_URL="$MG_SCRATCH_URL"
		set -- --db -- "$@"
	else
		set -- -- "$@"
	fi
	exec setpriv --pdeathsig TERM $MG_SCRATCH "$@"
}

# await PROCESS: its status; who ends us ends it.  A shell hears of a signal
# only between commands, so what takes time is in the background.
await() {
	trap 'kill "$1"; wait "$1" || :; exit 130' HUP INT TERM
	status=0
	wait "$1" || status=$?
	heed_signals
	return "$status"
}

# heed_signals: end as by exit, with what is to be done then
heed_signals() {
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
}
