# story.jq - what there is to say of runs
#
# For report.jq and report-text.jq, of the runs that runs.jq has read.

include "measures";
include "words";

def moment: todate | "\(.[:10]) \(.[11:16])";

def what:
	if .flow != "deploy" then "\(.flow) \(.version // "")" | rtrimstr(" ")
	else .version // if .mode == "dev" then "development"
	    else "deployment" end end;

def told:
	[(.found // empty),
	    (select(.applied > 0) |
		"\(.applied | plural("migration")) applied" +
		if .replaces > 0 then ", a baseline of \(.replaces) among them"
		else "" end),
	    (.environment // empty), (.branch // empty | "branch \(.)"),
	    (.host // empty | "on \(.)")] | join("; ");

def is_stopped: .outcome == "failed" or .outcome == "refused";

# Null where nothing has.
def why_stopped:
	if is_stopped and (.step or .reason) then .outcome + if .step then " in \(.step)" else "" end +
		if .reason then ": \(.reason)" else "" end
	else null end;

# What of a run is past a threshold.
def crossings($limits):
	[judged($limits) | select(.state == "warn" or .state == "alert")];

# about(OPTIONS): of all that was read, what this is of
def about($options):
	(.runs | length) as $count |
	"\($options.log), up to \(.runs | map(.ended) | max | moment) UTC: " +
	if $count > $options.last then
		"the last \($options.last) of \($count) runs"
	else $count | plural("run") end;

# The slowest time of each migration, slowest first.
def slowest:
	[.[] | .began as $began | .migrations[] | select(.ms != null) |
	    .began = $began] | group_by(.name) | map(max_by(.ms)) |
	sort_by(-.ms);

# The newest runs on a new database, one by one and by a baseline: "sides" with
# "way", "told" and "ms"; and "words" on both
def compare_ways:
	map(select(.flow == "deploy" and .outcome == "deployed" and .fresh and
	    .applied > 0)) |
	map(select(.replaces == 0))[-1] as $before |
	map(select(.replaces > 0))[-1] as $after |
	def side($way): { way: "\($way): \(.applied | plural("migration"))", ms,
	    told: "\(.began | moment), applied in \(.apply_ms | duration)" };
	{
		sides: [($before // empty | side("one by one")),
		    ($after // empty | side("by a baseline of \(.replaces)"))],
		words: (if $before and $after then
			"\($before.ms / ($after.ms | at_least(1)) | short) " +
			"times as fast by the baseline"
		elif $before then "none by a baseline here: make consolidate " +
			"makes one, and a new database gets it"
		elif $after then "none one by one here to compare with"
		else "no new database was deployed to here" end)
	};
