# deploy-status.jq - how the last deployment went
#
#	jq -Rrn -f deploy-status.jq .mg/log.jsonl
#
# One that has no end is running, or was killed.  A line that was cut off is no
# line.

def said: if type == "array" then join(", ") else . end;

reduce (inputs | fromjson? | select(.log)) as $line (null;
    if $line.event | IN("route", "finished") then $line else . end) |
if . == null then "no deployment yet"
else
	"\(.outcome // "running, or killed"): \([.version // .mode,
	    .environment | strings] | join(", "))",
	if .outcome then "  ended  \(.time), after \(.ms) ms"
	else "  began  \(.time)" end,
	(if .outcome then . else { log } end |
	    { backup, skipped, step, reason, status, maintenance, log } |
	    to_entries[] | select(.value) | "  \(.key)  \(.value | said)")
end
