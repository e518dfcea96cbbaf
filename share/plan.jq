# plan.jq - what mg-apply would do, in words
#
#	mg-apply -n <records | jq -rs -L . --slurpfile found found.json \
#	    --arg each 1 -f plan.jq
#
# A line, and with "each" one more for each migration.

include "words";

def counts: group_by(.plan) | map("\(length) \(.[0].plan)") | join(", ");

def instead: select(.replaces) | ", for \(.replaces | length)";

def reason: .reason // empty | "; \(.)";

def pad($width): . + " " * ([$width - length, 0] | max);

(map(.plan | length) | max // 0) as $width |
"\($found[0].found): " + if length == 0 then "nothing to do"
    else "\(length | plural("migration")): \(counts)" end,
if $each == "" then empty
else .[] | "  \(.plan | pad($width))  \(.name | @json | .[1:-1])" +
	(instead // "") + (reason // "")
end
