# package.jq - what release packages are made of
#
#	include "package";

# What sorts as versions do: one with a suffix comes before the one without.
def version_key:
	capture("^v(?<numbers>[0-9.]+)(-(?<suffix>.*))?$") |
	[(.numbers | split(".")[] | tonumber),
	    if .suffix == null then [1] else
		[0, (.suffix | split(".")[] | tonumber? // .)]
	    end];

# What sha256sum -z says, as an object of paths and checksums.
def sums: split("\u0000") | map(select(. != "") |
    { key: .[66:], value: .[:64] }) | from_entries;

# What is told of a migration; of knex's own, how knex knows it, too.
def told: { name, checksum } +
    if .knex then { knex, knex_table } +
	if .knex_compiled then { knex_compiled } else {} end
    else {} end;

# Where migrations of either kind lie in it; what is no SQL says so.
def in_upgrade: .path // "upgrade/\(.name)/migration.sql";

def in_migrations: "migrations/\(.name)/migration.sql";

# Where the migration of a record comes to lie in it.
def place:
	if .knex then "knex/\(.knex_table)/\(.knex)"
	elif .kind == "script" then
		"upgrade/\(.name)/\(.path | split("/")[-1])"
	else del(.path) | in_upgrade end;

# The name of a hotfix, of the path of its script.
def hotfix:
	capture("^migrations/(?<name>[0-9]{8,14}_hotfix_[^/]+)" +
	    "/migration\\.sql$").name;

# Paths of hotfixes that make seal has yet to see.
def unsealed($want): [keys[] | select($want[.] == null) | select(hotfix)];

# The manifest as it was before the first hotfix was sealed, without checksum.
def base:
	if .base == null then . else
		reduce (.patches[] | in_migrations) as $path (.;
		    del(.files[$path])) |
		.catalog_digest = .base_catalog_digest |
		.files["catalog.jsonl"] = .base_catalog_digest |
		.patches = [] | del(.base, .base_catalog_digest)
	end | del(.checksum);

# How the files that are there differ from those that should be: objects of
# path and checksum, both.
def file_differences($want; $have):
	[$want | keys[] | select($have[.] == null)] as $missing |
	[$have | keys[] | select($want[.] == null)] as $added |
	[$missing[] | . as $was | { was: $was, is: [$added[] |
	    select($have[.] == $want[$was])][0] | values }] as $pairs |
	($pairs | unique_by(.is)) as $renamed |
	($want | keys[] | select($have[.] and $have[.] != $want[.]) |
	    "changed  \(.): is \($have[.]), not \($want[.])"),
	($renamed[] | "renamed  \(.is): not \(.was)"),
	($missing - ($renamed | map(.was)) | .[] |
	    "missing  \(.): \($want[.])"),
	($added - ($renamed | map(.is)) | .[] | "added  \(.): \($have[.])");
