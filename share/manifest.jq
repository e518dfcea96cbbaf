# manifest.jq - the manifest of a release package, without its checksum
#
#	jq -nS -L . --arg version v4.0.0 --arg schema SHA \
#	    --slurpfile plan plan --rawfile files files \
#	    --slurpfile metadata metadata.json -f manifest.jq

include "package";

$plan[0] as $plan | ($files | sums) as $files | $metadata[0] as $metadata |
($metadata.replaces | map(select(.replaces | not) | told)) as $migrations |
{
	$version,
	generated_at: $metadata.generated_at,
	strategy: "single-baseline-release",
	baseline_includes_up_to: $metadata.includes_up_to,
	migration_count: ($migrations | length),
	baseline_lines: $metadata.baseline_lines,
	schema_checksum: (if $schema == "" then null else $schema end),
	method: $metadata.method,
	server_version: $metadata.server_version,
	catalog_digest: $files["catalog.jsonl"],
	$migrations,
	upgrade: ($plan.upgrade | map({ name, checksum } +
	    if .kind == "script" then { path: place } else {} end)),
	previous: $plan.previous,
	releases: $plan.releases,
	patches: [],
	$files
}
