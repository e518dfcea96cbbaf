# tracks.jq - which records bring one track of a database up to date
#
#	jq -cn --arg track index --arg folder prisma/migrations-schema/... \
#	    --slurpfile history history --slurpfile schema schema \
#	    --slurpfile index index -f tracks.jq
#
# The history is what mg-status says of no records, the folder that of the
# schema track.  The answer has the stream; "to", behind which nothing may run;
# and "begins": a new database may begin with the consolidated baseline.

($history | INDEX(.name)) as $had |

def is_applied: $had[.name].state == "missing";

# Of the other track: there, and nothing else.  A baseline of half of what it
# replaces must not speak for the other half.
def as_known: del(.replaces, .replaced);

# A build that was broken off, or still runs, keeps nobody from the schema.
[$index[] | select($had[.name].state == "failed") | as_known] as $begun |

if $track == "schema" then {
	stream: ([$index[] | select(is_applied) | as_known] + $schema + $begun),
	to: (if $begun == [] then null else $schema[-1].name end),
	begins: (any($schema[]; .replaces and (.path | startswith($folder))) |
	    not)
} else {
	stream: ([$schema[] | select(is_applied) | as_known] + $index),
	to: null,
	begins: false
} end
