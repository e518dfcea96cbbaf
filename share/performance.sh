# performance.sh - measure what migrations take, lock and write, and judge it
#
# To be read behind test.sh; measure.sh measures, performance.jq judges.  The
# records with what was measured lie beside $work, in performance.jsonl.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2154
# shellcheck source=share/findings.sh
. "$MG_SHARE/findings.sh"

# measure FROM: those behind it, where there are $ROWS rows made up, if any
measure() {
	export ROWS
	# What cleans up behind others would write, too.
	[ -n "${MG_SCRATCH_URL:-}" ] ||
	    MG_SCRATCH="$MG_SCRATCH --option autovacuum=off"
	in_scratch sh "$MG_SHARE/measure.sh" "$work" "$1" "$self" ||
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
