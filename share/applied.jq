# applied.jq - what mg-apply did, in a line
#
#	mg-apply <records | jq -rs -L . -f applied.jq

include "words";

def ms: map(.ms // empty) | select(. != []) | add * 10 | round / 10;

# What was run of baselines.
def baselines:
	map(select(.plan == null) | .replaces // empty | length) |
	select(. != []) | add | plural("migration");

if length == 0 then "nothing pending"
else
	[ "\(length) applied", (baselines | "a baseline of \(.) among them"),
	    (ms | "\(.) ms on the server") ] | join(", ")
end
