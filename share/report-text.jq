# report-text.jq - what the page of make report says, as text
#
# See answer.jq.

include "answer";
include "measures";
include "story";
include "words";

def line($limits):
	"\(.began | moment)  \(.outcome | pad(10))  " +
	"\(.ms | duration | pad(12))  \(what)" +
	([.steps[] | "\(.name) \(.ms | duration)"] | "  (\(join(", ")))"),
	(why_stopped // empty | "    \(.)"),
	(crossings($limits)[] | "    \(.state): \(.label) took " +
	    "\(value_in_words); \(bounds)");

def lines($options):
	.limits as $limits | .runs[-$options.last:] as $runs |
	about($options), "", (.measures[] | sentence), "",
	(.runs | compare_ways | "A new database, before and after the baseline",
	    (.sides[] | "  \(.ms | duration | pad(12))  \(.way)  (\(.told))"),
	    "  \(.words)"), "",
	($runs | slowest | select(. != []) | "Migrations, slowest first",
	    (.[:15][] | "  \(.ms | duration | pad(12))  \(.name)  (\(.kind))"),
	    (.[15:] | select(. != []) |
		"  \(map(.ms) | add | duration | pad(12))  \(length) more"), ""),
	"The runs, newest first",
	($runs | reverse[] | line($limits));

answer($ARGS.named; 0; lines($ARGS.named) | plain)
