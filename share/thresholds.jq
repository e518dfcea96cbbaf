# thresholds.jq - how the last runs stand to the thresholds, a line for each
#
# See answer.jq.

include "answer";
include "measures";

answer($ARGS.named; .measures | status; .measures[] | sentence)
