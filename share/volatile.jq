# volatile.jq - whose rows differ from one replay to the next
#
#	mg-catalog --data -d "$A" >a; mg-catalog --data -d "$B" >b
#	jq -n --slurpfile a a --slurpfile b b -f volatile.jq
#
($b | map(select(.kind == "rows"))) as $there |
[($a | map(select(.kind == "rows"))) - $there | .[].name] | unique
