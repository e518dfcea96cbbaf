# clock.jq - rows that tell when they were made, told to the clock again
#
#	mg-dump --data | jq -Rr --arg from '2024-01-02 10:00:00' \
#	    --arg to '2024-01-02 10:00:09' -f clock.jq
#
# A whole literal that is a time within these two, both in UTC, becomes
# CURRENT_TIMESTAMP.  Quotes within literals are doubled, so a single one that
# follows a blank or a parenthesis begins one.

def is_now: .[:19] | . >= $from and . <= $to;

if contains("'\($from[:4])-") or contains("'\($to[:4])-") then
	gsub("(?<open>[( ])'(?<time>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}" +
	    "(\\.[0-9]+)?)(?<zone>(\\+00)?)'(?=[,)])";
	    .open + if .time | is_now then "CURRENT_TIMESTAMP"
	    else "'\(.time)\(.zone)'" end)
else . end
