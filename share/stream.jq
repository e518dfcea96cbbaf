# stream.jq - which records take a database to a release, or to the newest
#
#	jq -cn -L . --arg version v4.1.0 --arg folder prisma/migrations \
#	    --slurpfile history history --slurpfile package package \
#	    --slurpfile singles singles --slurpfile manifests manifests \
#	    --slurpfile consolidated consolidated -f stream.jq
#
# The version is "" where all of the folder is to be there.  The history is
# what mg-status says of no records; the package has the baseline for an empty
# database, if there is one, and hotfixes, the singles what may have to run one
# by one; the manifests are those of all packages at hand, the consolidated is
# what make consolidate made.  The answer is an object with what was found, and
# behind it the records; or one with a word for each thing that speaks against
# it.

include "package";

def is_baseline: has("replaces");

def checksums: map({ key: .name, value: .checksum }) | from_entries;

# A record of what has run already, and so needs no script.
def stands_for($list):
	{ kind: "sql", track: "schema", replaces: ($list | map(.name)),
	    replaced: ($list | map({ key: .name, value: (told | del(.name)) }) |
		from_entries) };

# The baselines that a manifest knows: its own, and those of releases before.
def released:
	{ version, migrations,
	    checksum: .files["migrations/0_baseline/migration.sql"] },
	.releases[] |
	{ name: "0_baseline", checksum, release: .version } +
	    stands_for(.migrations);

# A consolidated one, and those that it replaced.
def with_earlier:
	(.replaced // {}) as $entries |
	def originals: $entries[.].replaces as $more |
	    if $more then $more[] | originals else . end;
	., ($entries | to_entries[] | select(.value.replaces) |
	    { name: .key, checksum: .value.checksum } +
	    stands_for([.key | originals] | unique |
		map({ name: ., checksum: $entries[.].checksum })));

[$history[] | select(.state == "missing")] as $applied |
[$manifests[] | select(.version == $version)][0] as $release |
(if $release then $release.migrations else $singles end) as $migrations |
($migrations | checksums) as $wanted |
((($release.patches // []) | checksums) + $wanted) as $known |
($applied | checksums) as $has |

# The widest of the baselines that ran here counts.
[($manifests[] | released), ($consolidated[] | with_earlier) |
    select(.checksum and .checksum == $has[.name])] as $ran |
($ran | max_by([.replaces[] | select($known[.])] | length)) as $begun |
($begun.replaces // []) as $covered |
(if $release then [$singles[] | select($wanted[.name] == .checksum)] |
    unique_by(.name) else $singles end) as $steps |

def unknown:
	"the database is newer than \($version), or from elsewhere: fetch " +
	"the release that it is at, or see whether DATABASE_URL is the right one";

def elsewhere($name):
	[$manifests[] | select(any(.migrations[], .patches[];
	    .name == $name)).version][0] as $other |
	if $other then "\($other), with which RELEASE=\($other) goes on"
	elif any($singles[]; .name == $name) then
		"\($folder): make release makes one that has it, to go on with"
	else "no release here: \(unknown)" end;

def alien($name):
	"\($name) is applied, and not in \($version), but in " +
	elsewhere($name);

def edited($name; $was):
	"\($name) was applied as another script, \($was), than that of " +
	"\($version), \($known[$name]): a release of the script that ran goes " +
	"on with this database";

# What stops mg-apply, too, is left to it.
def refusals:
	($applied[] | select(.name | IN($ran[].name) | not) |
	    if .name == "0_baseline" then
		"0_baseline, \(.checksum), is that of no release that is known " +
		"here: \(unknown)"
	    elif $known[.name] == null then alien(.name)
	    elif $known[.name] != .checksum then edited(.name; .checksum)
	    else empty end),
	($covered[] | . as $name | $begun.replaced[$name].checksum as $was |
	    if $known[$name] == null then alien($name)
	    elif $was and $was != $known[$name] then edited($name; $was)
	    else empty end),
	(if $begun or any($migrations[]; $has[.name]) then
	    ([$covered[], $steps[].name, $applied[].name] |
		map({ key: ., value: true }) | from_entries) as $there |
	    $migrations[] | select($there[.name] | not) |
	    "\(.name) is lacking here, and in \($version)/upgrade/, which " +
	    "begins at the oldest release before it: MG_MIGRATIONS= has to " +
	    "have it"
	else empty end);

def found:
	($covered | map({ key: ., value: true }) | from_entries) as $within |
	([$migrations[] | select($has[.name] and ($within[.name] | not))] |
	    length) as $count |
	if $begun.release then "the database is at \($begun.release)"
	elif $begun then "the database has run \($begun.name)"
	elif $count > 0 then
		"the database has \($count) of \($migrations | length) migrations"
	elif $applied == [] then "the database has no history"
	else "the database has others than these migrations" end +
	if $begun and $count > 0 then " and \($count) of what came later"
	else "" end;

[if $release then refusals else empty end] as $refused |
if $refused != [] then { $refused } else
	{ found: found },
	($begun // ($package[] | select(is_baseline)) | del(.release)),
	$steps[], ($package[] | select(is_baseline | not))
end
