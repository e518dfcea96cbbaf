# release.jq - whether a release may be made of these migrations, and how
#
#	jq -s --arg migrations prisma/migrations --arg releases releases \
#	    --slurpfile earlier manifests -f release.jq records
#
# The manifests are those of the releases before, in order.  The answer has
# the records that an earlier release lacks, and what the manifest tells of
# those releases; or it fails, with a word why all is refused.

def checksums: map({ key: .name, value: .checksum }) | from_entries;

def pairs: map({ name, checksum });

def plain: test("^[A-Za-z0-9._/-]+$");

def quoted: if plain then . else @sh end;

. as $records | ($records | checksums) as $now |
[$records[] | .replaces // [] | .[]] as $replaced |

def refusals:
	if $records == [] then "there are no migrations" else empty end,
	($earlier[] | .version as $version | .patches[] |
	    select($now[.name] != .checksum) |
	    "\($version) has the hotfix \(.name), which is " +
		(if $now[.name] then "another one" else "not" end) +
		" in \($migrations): cp -RT " +
		("\($releases)/\($version)/migrations/\(.name)" | quoted) +
		" " + ("\($migrations)/\(.name)" | quoted)),
	($earlier[] | .version as $version | .migrations[] |
	    select($now[.name] != .checksum and (.name | IN($replaced[]) | not)) |
	    "\(.name) " + (if $now[.name] then "was edited" else "is gone" end) +
		" since \($version)");

[refusals] as $refused |
if $refused != [] then $refused | map(. + "\n") | add | halt_error(1)
else
	([$earlier[].migrations | map(.name)]) as $known |
	{
		upgrade: [$records[] | select(.name as $name |
		    any($known[]; index($name) == null))],
		previous: ($earlier[-1].version // null),
		releases: ($earlier | map({ version,
		    checksum: .files["migrations/0_baseline/migration.sql"],
		    includes_up_to: .baseline_includes_up_to, migrations,
		    hotfixes: (.patches | pairs) }))
	}
end
