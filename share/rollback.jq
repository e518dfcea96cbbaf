# rollback.jq - the backups that one can go back to, to choose from
#
#	jq -nr -L . --arg of '' --arg known true \
#	    --slurpfile backups backups.jsonl --slurpfile states states.jsonl \
#	    -f rollback.jq
#
# The newest first: its path, then a line for people.  The backups are what
# mg-backup --list --records prints, the states what mg-status tells of no
# records, if that is known.

include "words";

def pad($width): . + " " * ([$width - length, 0] | max);

def age:
	(now - fromdate) / 60 | floor |
	if . < 120 then plural("minute")
	elif . < 48 * 60 then . / 60 | floor | plural("hour")
	else . / 1440 | floor | plural("day") end;

# As mg-backup --list has it.
def size:
	{ n: ., units: ["B", "kB", "MB", "GB", "TB"] } |
	until(.n < 999.5 or (.units | length) == 1;
	    .n /= 1000 | .units |= .[1:]) |
	if .units[0] == "B" then "\(.n) B"
	else "\(.n * 10 | round | "\(. / 10 | floor).\(. % 10)") \(.units[0])"
	end;

# What became of the history since.
def since($applied):
	$applied - .history.applied |
	if . == 0 then "the same migrations"
	elif . > 0 then "loses \(plural("migration"))"
	else "brings back \(-. | plural("migration"))" end;

[$backups[] | select(.error == null and ($of == "" or .label == $of))]
    as $good |
($good | map(.path | length) | max) as $width |
$good | to_entries[] | "\(.key + 1)" as $number | .value |
.path,
([ " " * ([3 - ($number | length), 0] | max) + $number, (.path | pad($width)),
    (.taken | age | "\(.) ago" | pad(15)), (.size | size | pad(9)),
    (if .rehearsed then "rehearsed" else "unproven" end | pad(9)),
    (.history.head // "no migration" | @json | .[1:-1]),
    if $known == "true" then since([$states[] | select(.state == "missing")] |
	length) else empty end ] | join("  "))
