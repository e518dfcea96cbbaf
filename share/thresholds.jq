# thresholds.jq - how the last runs stand to the thresholds, a line for each
#
# See answer.jq.

include "answer";
include "measures";
include "words";

answer($ARGS.named; .measures | status; .measures[] |
    "\(.state | pad(5))  \(.label), \(.mode): \(value_in_words) (\(bounds))")
