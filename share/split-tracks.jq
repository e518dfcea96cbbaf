# split-tracks.jq - what goes to which track, in numbers
#
#	mg-split <whole >plain; mg-split --unique <whole >unique
#	jq -n --argjson unique false --slurpfile plain plain \
#	    --slurpfile unique_too unique -f split-tracks.jq
#
# "consent" counts the unique indexes that could wait by consent, "waiting" names
# those that do.

def is_index: .kind == "create-index";

(if $unique then $unique_too else $plain end) as $pieces |
($plain | map(select(.track == "index")) | INDEX(.offset)) as $anyhow |
[$unique_too[] | select(.track == "index" and
    $anyhow[.offset | tostring] == null)] as $asking |
{
	schema: ($pieces | map(select(.track == "schema")) | length),
	index: ($pieces | map(select(.track == "index")) | length),
	kept: ($pieces | map(select(is_index and .track == "schema") |
		.reason | sub(" in line [0-9]+$"; "")) | group_by(.) |
	    map({ reason: .[0], count: length }) | sort_by(-.count)),
	consent: (if $unique then 0 else $asking | length end),
	waiting: (if $unique then $asking else [] end |
	    map("\(.object) on \(.table)"))
}
