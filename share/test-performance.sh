# test-performance.sh - measure what each migration takes, locks and writes
#
# usage: sh test-performance.sh WORK
#
# make test-performance runs this; measure.sh measures, performance.jq judges.
# The records with what was measured lie beside WORK, in performance.jsonl.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2154
work=$1
# shellcheck source=share/test.sh
. "$MG_SHARE/test.sh"
# shellcheck source=share/findings.sh
. "$MG_SHARE/findings.sh"

main() {
	begin
	from=
	[ -z "$FROM$SEED" ] || find_from
	# What cleans up behind others would write, too.
	[ -n "${MG_SCRATCH_URL:-}" ] ||
	    MG_SCRATCH="$MG_SCRATCH --option autovacuum=off"
	in_scratch sh "$MG_SHARE/measure.sh" "$work" "$from" ||
	    fail 'nothing was measured, as said above'
	$MG_JQ -cn --slurpfile measured "$work/measured.jsonl" '
	    ($measured | INDEX(.name)) as $all |
	    inputs | $all[.name] as $one | . + ($one // {}) |
	    .ms = ([.ms - ($one.spent // 0), 0] | max * 10 | round / 10) |
	    del(.spent)' \
	    "$work/applied.jsonl" >"$work/performance.jsonl"
	cp "$work/performance.jsonl" "$work/../performance.jsonl.new"
	mv "$work/../performance.jsonl.new" "$work/../performance.jsonl"
	judge performance --slurpfile measured "$work/performance.jsonl"
}

main
