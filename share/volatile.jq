# volatile.jq - whose rows differ from one replay to the next
#
#	mg-catalog --data -d "$A" >a; mg-catalog --data -d "$B" >b
#	mg-dump --data -d "$A" | jq -Rr ... -f clock.jq >x
#	mg-dump --data -d "$B" | jq -Rr ... -f clock.jq >y
#	jq -n -L . --slurpfile a a --slurpfile b b --rawfile x x --rawfile y y \
#	    --slurpfile accepted accepted -f volatile.jq
#
# Lists of tables: those whose rows differ, or have the clock in them, which may
# have said the same to both; those that differ in more than the clock; and what
# of these is not in the list that a person has accepted.

include "rows";

def unquoted: gsub("\""; "");

def has_clock: any(.[]?; contains("CURRENT_TIMESTAMP"));

[$a[] | select(.kind == "rows")] as $here |
[$b[] | select(.kind == "rows")] as $there |
($here - $there | map(.name)) as $differ |
($x | rows) as $x | ($y | rows) as $y |
{
	volatile: ($here | map(.name | select(IN($differ[]) or
	    ($x[unquoted] | has_clock)))),
	chance: ($differ | map(select($x[unquoted] as $rows |
	    $rows == null or $rows != $y[unquoted])))
} |
.asked = .chance - ($accepted[0] // [])
