# verify.jq - what a release package is when it is whole, and what is wrong with
# it, a line each
#
#	find PACKAGE -mindepth 1 -printf '%y %P\0' >found
#	jq -nr --arg version v4.0.0 --arg unsealed_too '' --arg schema SHA \
#	    --arg checksum SHA --arg base SHA --rawfile found found \
#	    --rawfile metadata metadata.json --rawfile files files \
#	    --slurpfile manifests manifest.json -f verify.jq
#
# The checksums are those of the schema that is there, of the manifest without
# its own, and of what it was before any hotfix; files is what sha256sum -z says.

include "package";

def entries: split("\u0000") | map(select(. != "") |
    { type: .[:1], path: .[2:] });

def parents: split("/") | range(1; length) as $n | .[:$n] | join("/");

$manifests[0] as $manifest | ($files | sums) as $have | $manifest.files as $want |
($found | entries) as $entries |
($metadata | try fromjson catch null) as $told |
($have | unsealed($want)) as $unsealed |
($have | delpaths($unsealed | map([.]))) as $kept |
[($want, $have | keys[]) | parents] as $folders |

# All that the manifest tells in two ways has to be the same.
def told_twice:
	def says($what; f): if f then empty else $what end;
	says("version is \($manifest.version), the folder is \($version)";
	    $manifest.version == $version),
	says("checksum is \($checksum), not \($manifest.checksum)";
	    $manifest.checksum == $checksum),
	says("base is \($base), not \($manifest.base)";
	    $manifest.base == null or $manifest.base == $base),
	says("patches without a base";
	    $manifest.patches == [] or $manifest.base != null),
	says("strategy is not single-baseline-release";
	    $manifest.strategy == "single-baseline-release"),
	says("migration_count is not that of migrations";
	    $manifest.migration_count == ($manifest.migrations | length)),
	says("catalog_digest is not the checksum of catalog.jsonl";
	    $manifest.catalog_digest == $want["catalog.jsonl"]),
	says("schema_checksum is not that of the schema";
	    [$want, $have | with_entries(select(.key | test("^schema[./]")))] |
	    .[0] != .[1] or ($manifest.schema_checksum // "") == $schema),
	says("files are not those of a package";
	    [$want | keys[] | select(test("^(migrations|upgrade|knex)/"))] -
		["migrations/migration_lock.toml",
		"migrations/0_baseline/migration.sql",
		"migrations/0_baseline/metadata.json"] |
	    map(select(test("^upgrade/.*/(metadata|manifest)\\.json$") | not)) |
	    sort == ([($manifest.patches[] | in_migrations),
		($manifest.upgrade[] | in_upgrade)] | sort)),
	(($manifest.patches[] | [in_migrations, .checksum]),
	    ($manifest.upgrade[] | [in_upgrade, .checksum]) |
	    says("files has another checksum of \(.[0])";
		$want[.[0]] == .[1]));

# What mg-scan reads has to tell what the manifest tells.
def metadata:
	if ($told | type) != "object" then "metadata.json is not JSON"
	elif ($told.replaces | map(select(.replaces | not) | told)) !=
	    ($manifest.migrations | map(told)) then
		"migrations are not those that metadata.json replaces"
	elif $told.checksum != $want["migrations/0_baseline/migration.sql"] then
		"metadata.json has another checksum of its baseline"
	else empty end;

"\($version): whole, \($want | length) files" +
    if $manifest.patches == [] then "" else
	", \($manifest.patches | length) of them hotfixes" end,
([
	(told_twice | "manifest.json: \(.)"),
	file_differences($want; $kept),
	($entries[] | select(.type == "d" and
	    (.path | IN($folders[]) | not)) | "added  \(.path)/, empty"),
	($entries[] | select(.type != "d" and .type != "f") |
	    "\(.path) is \(if .type == "l" then "a link" else "no file" end)")
] |
if . == [] then [metadata | "manifest.json: \(.)"] else . end +
(if $unsealed_too == "" then $unsealed | map("unsealed hotfix \(hotfix):" +
    " make seal VERSION=\($version) is next") else [] end) |
.[] | "\($version): \(.)")
