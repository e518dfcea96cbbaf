# report.jq - the log as a page that needs nothing but itself
#
# See answer.jq.

include "answer";
include "measures";
include "story";
include "html";
include "words";

def step_class:
	if IN("route", "verify", "plan", "apply", "compare", "backup", "lint",
	    "test", "maintenance", "end") then . else "other" end;

def outcome_class:
	if IN("deployed", "made", "unchanged", "refused", "failed") then .
	else "unfinished" end;

def soft: part("span"; "soft");

def head(parts): concat(parts) | inside("div"; "head");

def section($title; $body): ($title | part("h2"; "")) + $body;

#
# The measures
#

# Of a duration from 0 to what alarms, and more; of a rate what is good of it.
def meter:
	(if .measure | is_rate then [2 * .alert - 100 | at_least(0), 100]
	    else [0, .alert * 1.25] end) as [$low, $high] |
	def place: 1000 * (. - $low) / ($high - $low) | at_least(0) |
	    at_most(1000);
	. as $measure |
	bar("thin"; bounds; stretch(.state; 0; .value | place; value_in_words),
	    (.target // empty, .alert | place | tick)) ;

def tile:
	(.label + ", " + .mode | part("div"; "")) +
	head((value_in_words | part("span"; "big")),
	    (.state | part("span"; "chip " + .))) +
	meter + (bounds | part("div"; "soft")) | inside("div"; "card");

def last_tile:
	("last run: " + what | part("div"; "name")) +
	head((.ms | duration | part("span"; "big")),
	    (.outcome | part("span"; "chip " + outcome_class))) +
	(.began | moment + " UTC" | part("div"; "soft")) |
	inside("div"; "card");

def tiles:
	(.measures | map(select(.state == "none") | .label + ", " + .mode)) as
	    $silent |
	section("Against the thresholds";
	    (concat((.runs[-1] | last_tile),
		(.measures[] | select(.state != "none") | tile)) |
		inside("div"; "tiles")) +
	    if $silent == [] then "" else
		"No run yet tells of: " + ($silent | join("; ")) |
		part("p"; "soft") end);

#
# How long each took
#

def column($i; $top; $limits):
	(94 * .ms / $top | at_least(1.5) | short) as $height |
	rect(.outcome | outcome_class; $i + 0.12; 100 - $height; 0.76; $height;
	    "\(.began | moment): \(.outcome), \(.ms | duration)") +
	concat(crossings($limits)[0] // empty | rect(.state; $i + 0.12;
	    96 - $height; 0.76; 2; "\(.state): \(.label)"));

def outcomes:
	group_by(.outcome) | concat(.[] |
	    (.[0].outcome | outcome_class) as $class |
	    "\(length) \(.[0].outcome)" | key($class)) | inside("ul"; "legend");

def columns($limits):
	. as $runs | (map(.ms) | max | at_least(1)) as $top |
	section("How long each took";
	    ($top | duration | part("div"; "soft")) +
	    svg("columns"; "\(length) runs, the longest \($top | duration)";
		"0 0 \(length | at_least(6)) 100";
		range(length) | . as $i | $runs[$i] |
		column($i; $top; $limits)) +
	    (concat(.[0, -1].began | moment | part("span"; "")) |
		inside("div"; "ends soft")) +
	    outcomes | inside("div"; "card"));

#
# Before and after the baseline, of all that was read
#

def side($most):
	head((.way | part("span"; "")), (.told | soft),
	    (.ms | duration | part("span"; "ms"))) +
	bar("bar"; .way; stretch("apply"; 0; 1000 * .ms / $most; .way));

def comparison:
	compare_ways as $ways |
	section("A new database, before and after the baseline";
	    ([$ways.sides[].ms] | max // 1 | at_least(1)) as $most |
	    concat(($ways.sides[] | side($most)),
		($ways.words | part("p"; ""))) | inside("div"; "card"));

#
# Migrations
#

def migration_bar($top):
	head((.name | part("span"; "name")),
	    ("\(.kind), \(.began | moment)" | soft),
	    (.ms | duration | part("span"; "ms"))) +
	bar("thin"; ""; stretch("apply"; 0; 1000 * .ms / $top; .name));

def migrations_by_time:
	slowest as $all | ($all[0].ms // 1 | at_least(0.001)) as $top |
	if $all == [] then "" else section("Migrations, slowest first";
	    concat($all[:15][] | migration_bar($top)) +
	    ($all[15:] | if . == [] then "" else
		("and \(length) more, \(map(.ms) | add | duration) together" |
		    part("summary"; "soft")) +
		concat(.[:200][] | migration_bar($top)) | inside("details"; "")
		end) | inside("div"; "card")) end;

#
# The runs
#

# The last step of what was stopped is marked.
def classed_steps:
	is_stopped as $stopped | .steps |
	map(.class = (.name | step_class) | .says = "\(.name) \(.ms | duration)") |
	if $stopped then .[-1].class = "stop" else . end;

def time_line:
	(.ms | at_least(1)) as $all |
	classed_steps as $steps |
	bar("bar"; "its steps"; $steps[] | stretch(.class; 1000 * .from / $all;
	    1000 * .ms / $all; .says)) +
	(concat($steps[] | select(.name != "end" or .ms * 50 > $all) |
	    .class as $class | .says | key($class)) | inside("ul"; "legend"));

def article($limits):
	head((.outcome | part("span"; "chip " + outcome_class)),
	    (what | part("strong"; "name")), (.began | moment | soft),
	    (.ms | duration | part("span"; "ms"))) +
	time_line + (told | part("p"; "soft name")) +
	concat(.outcome as $class | why_stopped // empty |
	    part("p"; "name " + $class)) +
	concat(crossings($limits)[] | .state as $state |
	    "\(.state): \(.label) took \(value_in_words); \(bounds)" |
	    part("p"; $state)) | inside("article"; "card");

def page($options):
	.limits as $limits | .runs[-$options.last:] as $runs |
	"<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\">" +
	"<meta name=\"viewport\" content=\"width=device-width\">" +
	"<title>Migrations: runs and times</title>" +
	"<style>\($options.css)</style>",
	("Migrations: runs and times" | part("h1"; "")),
	(about($options) | part("p"; "soft name")),
	(warnings($options.log)[] | part("p"; "card note name")),
	tiles,
	($runs | columns($limits)), (.runs | comparison),
	($runs | migrations_by_time),
	section("The runs, newest first";
	    $runs | reverse | concat(.[] | article($limits)));

answer($ARGS.named; 0; page($ARGS.named))
