# upgrade.jq - the way from one release to another, in words
#
#	jq -r -L . --arg from v4.0.0 -f upgrade.jq manifest.json
#
# The manifest is that of the release to go to; "" is an empty database.  The
# answer is a line, and one for each migration; or an error.

include "words";

def line: "  \(.name)";

([.releases[] | select(.version == $from)][0]) as $before |
if $from == "" then
	"an empty database to \(.version): a baseline of " +
	    (.migration_count | plural("migration")) + ", " +
	    (.patches | length | plural("hotfix"; "hotfixes")),
	"  0_baseline", (.patches[] | line)
elif $before then
	[.upgrade[] | select(.name as $name | $before.migrations |
	    all(.[]; .name != $name))] as $steps |
	"\($from) to \(.version): \($steps | length | plural("migration")), " +
	    (.patches | length | plural("hotfix"; "hotfixes")),
	($steps + .patches | .[] | line)
else
	"\(.version) knows no \($from)" + if .releases == [] then
		", nor any release before it: leave FROM= out, for an empty database"
	else
		", but \([.releases[].version] | join(", ")): FROM= is one of " +
		"these, or left out, for an empty database"
	end | halt_error(1)
end
