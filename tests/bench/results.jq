# results.jq - a line for each way of each bench, from the lines of its runs
#
# Medians; "ratio" is its time divided by that of the psql session, "rounds"
# how many runs there were.  A way that failed has a line that says why.

def median: sort | (.[(length - 1) / 2 | floor] + .[length / 2 | floor]) / 2;

[inputs] as $all |
($all | map(select(.ms == null)) | group_by(.way) |
    map({ key: .[0].way, value: (add | del(.way)) }) | from_entries) as $ways |
($all | map(select(.ms != null)) | group_by([.bench, .rtt, .n, .way]) |
    map(.[0] as $one | {
	bench: $one.bench, way: $one.way, rtt: $one.rtt, n: $one.n,
	rounds: length, side_by_side: ($one.how == "side by side"),
	ms: (map(.ms) | median), cpu_ms: (map(.cpu_ms) | median),
	kb: (map(.kb) | max),
	ms_each: ((map(.ms) | median) / $one.n * 1000 | round / 1000)
    })) as $medians |
($medians[] | . as $it |
    ($medians[] | select(.way == "psql" and .bench == $it.bench and
	.rtt == $it.rtt and .n == $it.n).ms) // null | . as $base |
    $it + { ratio: (if $base == null then null
	else $it.ms / $base * 1000 | round / 1000 end) } +
    (if $it.bench != "rtt" then {} else
	$ways[$it.way] | { statements, round_trips, connections, version }
    end)),
($ways | to_entries[] | select(.value.failed != null) |
    { way: .key, failed: .value.failed, version: .value.version })
