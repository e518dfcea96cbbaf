# turns.jq - in which turns the migrations of two tracks come
#
#	jq -rn --slurpfile states states --slurpfile index index \
#	    --slurpfile history history -f turns.jq
#
# The states are what mg-status says of the schema track's stream, the index are
# the records of the other track.  Of each turn there are three lines: the track,
# the migration up to which it goes, and the first that is pending in it.

# A baseline comes behind all that it replaces.
def key: if .replaces then [(.replaces | max), .name] else [.name, ""] end;

def is_pending: .state | IN("pending", "rolled-back", "failed");

($history | map(select(.state == "missing")) | INDEX(.name)) as $applied |
[$states[] | select(.track == "schema")] as $schema |

def last_within($newest):
	(if .track == "schema" then $schema else $index end) |
	[.[] | select(key <= $newest).name][-1];

[($schema[] | select(is_pending) | { track: "schema", name, key: key }),
    ($index[] | select($applied[.name] | not) |
	{ track: "index", name, key: key })] | sort_by(.key) |
reduce .[] as $one ([]; if .[-1].track == $one.track then .[-1].key = $one.key
    else . + [$one] end) |
map(.to = last_within(.key)) |
(if any(.[]; .track == "schema") then . else [{ track: "schema" }] + . end) |
(if any(.[]; .track == "index") then . else . + [{ track: "index" }] end)[] |
.track, .to // "", .name // ""
