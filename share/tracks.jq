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

# What a baseline replaces comes before it, and what is newer behind it; the one
# that made the other half of the same is neither, but known.
def knowing($halves):
	if .replaces then .replaced += ($halves |
	    map({ key: .name, value: { checksum } }) | from_entries)
	else . end;

# A build that was broken off, or still runs, keeps nobody from the schema.
[$index[] | select($had[.name].state == "failed") | as_known] as $begun |

# The baseline that split-tracks has made, if there is one, and the others: what
# it replaces has rows in a database that did not begin with it.
[$schema[] | select(.replaces and (.path | startswith($folder)))] as $tops |
([$tops[] | select(is_applied) | .replaces[]] | INDEX(.)) as $replaced |
[$schema[] | select($replaced[.name] == null and
    ((.name | IN($tops[].name) | not) or is_applied))] as $counted |

def found:
	([$counted[] | select(is_applied)] | length) as $has |
	if $history == [] then "the database has no history"
	else "the database has \($has) of \($counted | length) of the schema " +
		"track" end;

if $track == "schema" then
	{ to: (if $begun == [] then "" else $schema[-1].name end),
	    rows: (if $tops == [] then "--mark-replaced" else "" end),
	    found: found },
	([$index[] | select(is_applied) | as_known] + $schema + $begun)[]
else
	{ to: "", rows: "", found: found },
	([$schema[] | select(is_applied)] - $tops | map(as_known))[],
	($index[] | knowing($tops | map(select(is_applied))))
end
