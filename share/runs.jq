# runs.jq - the runs that a log tells of
#
#	jq -nR -L . 'include "runs"; read_log' log.jsonl
#
# The lines of several runs may lie among each other, and the number of a run
# may come again.  What is no event is left out, and its line numbers told.

def is_event:
	type == "object" and (.event | type) == "string" and
	(.run | type) == "number" and (.at | type) == "number";

# The event of a line, with its time in seconds, or null.
def event:
	[try (fromjson | .at = (.time | fromdate)) catch null][0] |
	if is_event then .ms = (.ms | numbers // null) else null end;

# A run begins with what has its name while no such run is open; route is the
# first of any deployment, so one before that was cut off.
def number_runs:
	[foreach .[] as $event ({ next: 0, open: {} };
	    "\($event.flow) \($event.host) \($event.run)" as $key |
	    if .open[$key] == null or $event.event == "route" then
		.open[$key] = .next | .next += 1 else . end |
	    .id = .open[$key] |
	    if $event.event == "finished" then .open = (.open | del(.[$key]))
	    else . end;
	    . as $state | $event | .id = $state.id)];

# Each step ends with its event, and has begun with the event before.  A flow
# that tells nothing but its end is one step.
def steps:
	.[0] as $first |
	[foreach .[] as $event ({ to: 0 };
	    { from: .to, to: ([.to, $event.ms] | max), name:
		(if $event.event != "finished" then $event.event +
		    if $event.skipped == true then " skipped" else "" end
		elif $event == $first then $event.flow | strings // "end"
		else $event.step | strings // "end" end) };
	    . + { ms: (.to - .from) })];

def migrations:
	[.[].migrations | arrays[] | objects |
	    select((.name | type) == "string") |
	    { name, kind: (.kind | strings // "single"),
		ms: (.ms | numbers // null) }];

# run: of its events
def run:
	.[0].at as $first |
	map(.ms = (.ms // ((.at - $first) * 1000))) |
	(map(with_entries(select(.value != null))) | add) as $all |
	def text($key): $all[$key] | strings // null;
	def number($key): $all[$key] | numbers // 0;
	steps as $steps |
	{
		id: .[0].id, flow: (text("flow") // "deploy"),
		version: text("version"), mode: text("mode"),
		branch: text("branch"), host: text("host"),
		environment: text("environment"),
		found: text("found"), reason: text("reason"),
		step: text("step"), fresh: ($all.fresh == true),
		applied: number("applied"), replaces: number("replaces"),
		outcome: (if .[-1].event == "finished" then
		    text("outcome") // "unknown" else "unfinished" end),
		began: (.[-1].at - .[-1].ms / 1000), ended: .[-1].at,
		ms: $steps[-1].to, $steps, migrations: migrations,
		apply_ms: ([$steps[] | select(.name == "apply").ms] | add)
	};

# read_log: its runs in the order in which they began, and which of its lines
# are no events
def read_log:
	[inputs] | to_entries |
	map(select(.value != "") | { n: (.key + 1), event: (.value | event) }) |
	{
		broken: map(select(.event == null).n),
		runs: (map(.event // empty) | number_runs | group_by(.id) |
		    map(run))
	};
