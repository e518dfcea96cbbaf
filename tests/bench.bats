#!/usr/bin/env bats
# make bench: what it measures, and how it tells
#
# shellcheck disable=SC2016 # for jq, perl and other shells

load helper/common

setup() {
	sandbox
}

# result BENCH WAY RTT N MS: a line, as results.jq writes it
result() {
	jq -nc '$ARGS.positional | { bench: .[0], way: .[1],
	    rtt: (.[2] | tonumber), n: (.[3] | tonumber), rounds: 5,
	    side_by_side: false, ms: (.[4] | tonumber), cpu_ms: 3, kb: 2048,
	    ms_each: 1, ratio: 0.5, statements: 7, round_trips: 1 }' --args "$@"
}

# plot KIND: of ./results
plot() {
	jq -rn --arg plot "$1" -f "$ROOT/tests/bench/plot.jq" results
}

# way NAME APPLY [VERSION]: one that runs that, in ./bench/ways
way() {
	printf '%s() {\n%s\n}\n' version "${3:-echo $1 1.0}" prepare : \
	    apply "$2" own : >"bench/ways/$1"
}

# turns WAY...: what runs, in ./runs, of a history of twelve
turns() {
	BINDIR=$(pg_config --bindir) MG_BENCH=$PWD/first WAYS=$* ROUNDS=2 RTTS=0 \
	    SIZES=3 GROWTH='liar psql absent' FILES=10 \
	    bench/turns "$PWD/runs" 2>err
}

@test "measure tells time, CPU time and memory of all that a command ran" {
	"$DRIVERS/bench/measure" . sh -c 'sleep 0.2; echo out; echo err >&2
	    perl -e "\$x = q(x) x 3e7; 1 while times < 0.2"; exit 3' >cost
	is 'true true true 3' "$(jq -r '"\(.ms >= 400) \(.cpu_ms >= 190)" +
	    " \(.kb > 29000) \(.status)"' cost)"
	is out "$(cat out)"
	is err "$(cat err)"
}

@test "measure says why a command cannot run" {
	"$DRIVERS/bench/measure" . ./none >cost
	is 127 "$(jq .status cost)"
	is 'measure: ./none: No such file or directory' "$(cat err)"
}

@test "connect tells whether there is a server" {
	"$DRIVERS/bench/connect"
	PGHOST=$PWD says 1 'No such file or directory' "$DRIVERS/bench/connect"
}

@test "ways take turns; who fails or makes other objects is told" {
	cp -r "$ROOT/tests/bench" .
	cp "$ROOT/tests/history" .
	mkdir -p first/history
	./history 12 1 first/history/migrations
	way liar 'measured "$BINDIR/psql" -Xqc "create table lie (x int)"'
	way broken 'measured sh -c "echo why >&2; exit 1"'
	way absent : 'echo it is not here; false'
	turns mg psql liar broken absent
	is 'mg psql mg psql' "$(jq -r 'select(.bench == "rtt").way' runs |
	    paste -sd ' ')"
	jq -cnf bench/results.jq runs >results
	is 'absent it is not here|broken why' "$(jq -rs 'map(select(.failed)) |
	    map("\(.way) \(.failed)") | .[:2] | join("|")' results)"
	has "$(jq -r 'select(.way == "liar").failed' results)" \
	    'other objects: < CREATE TYPE'
	is 'mg 2 12 true|psql 2 12 true' "$(jq -rs 'map(select(.bench == "rtt")) |
	    map("\(.way) \(.rounds) \(.n) \(.statements >= 12)") |
	    join("|")' results)"
	is 'psql 2 3' "$(jq -r 'select(.bench == "growth") |
	    "\(.way) \(.rounds) \(.n)"' results)"
	is 1 "$(jq 'select(.bench == "rtt" and .way == "psql").ratio' results)"
	jq -rnf bench/table.jq results >table
	has "$(cat table)" '12 migrations, round trip 0 ms' \
	    'failed, or not here' \
	    'absent            it is not here' 'scan and hash 10 files'
}

# Rows 97 to 99, 181 of the promises.
@test "a median is of each way, round trip and size; a ratio of equals" {
	local ms
	for ms in 30 10 20; do
		result rtt mg 0 5 $ms
		result rtt mg 20 5 $((ms * 2))
		result rtt psql 0 5 $((ms * 4))
		result rtt psql 20 5 $((ms * 100))
	done >runs
	jq -cnf "$ROOT/tests/bench/results.jq" runs >results
	is 'mg 0 20 0.25,psql 0 80 1,mg 20 40 0.02,psql 20 2000 1' \
	    "$(jq -rs 'map("\(.way) \(.rtt) \(.ms) \(.ratio)") | join(",")' \
	    results)"
}

@test "the table has a line for each way, the fastest first" {
	{
		result rtt psql 20 692 46607.5
		result rtt mg 20 692 90.06
		result growth mg 0 10 128
		result files cat 0 1000 9.5
	} >results
	jq -rn -f "$ROOT/tests/bench/table.jq" results >table
	diff -u - table <<-'end'
	692 migrations, round trip 20 ms
	way               rounds       ms   x psql   cpu ms     MB  statements  round trips
	mg                     5     90.1    0.500      3.0    2.0           7            1
	psql                   5    46608    0.500      3.0    2.0           7            1

	growth, round trip 0 ms: ms, and ms for each migration
	migrations                   mg
	10                 128    1.000

	scan and hash 1000 files
	cat                    5      9.5 ms      3.0 ms cpu    2.0 MB

	end
}

@test "a plot has a line for each way, at its place and labelled" {
	{
		result rtt mg 0 692 10
		result rtt mg 100 692 1000
		result rtt a\<b 0 692 100
		result rtt a\<b 50 692 100
		result rtt a\<b 100 692 100
		result growth mg 0 10 10
	} >results
	plot rtt >svg
	has "$(cat svg)" 'points="80,460 660,50"' '>mg</text>' \
	    'points="80,255 370,255 660,255"' '>a&lt;b</text>' \
	    'Time against round trip, 692 migrations' '>round trip, ms<' \
	    '>10 ms<' '>1 s<' '>50<'
	is 2 "$(grep -c '<polyline' svg)"
}

@test "the growth is drawn on logarithmic scales" {
	{
		result growth mg 0 10 10
		result growth mg 0 100 100
		result growth mg 0 1000 1000
		result rtt mg 0 692 10
	} >results
	plot growth >svg
	has "$(cat svg)" 'points="80,460 370,255 660,50"' '>1000<'
}

@test "labels keep a distance though lines meet" {
	local way
	for way in 1 2 3 4; do
		result rtt "up$way" 100 692 1000
		result rtt "down$way" 100 692 10
	done >results
	plot rtt | sed -n 's/^<text x="686" y="\([0-9]*\)".*/\1/p' >places
	is '54 69 84 99 419 434 449 464' "$(sort -n places | paste -sd ' ')"
}
