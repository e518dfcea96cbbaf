# volatile.jq - whose rows differ from one replay to the next
#
#	mg-catalog --data -d "$A" >a; mg-catalog --data -d "$B" >b
#	jq -n --slurpfile a a --slurpfile b b -f volatile.jq
#
# The names of tables, and of sequences that do not stand at the same number.

def is_data: .kind == "rows" or .kind == "position";

($b | map(select(is_data))) as $there |
[($a | map(select(is_data))) - $there | .[].name] | unique
