# metadata.jq - what is told of a baseline, beside its script
#
#	jq -s -L . --slurpfile plan plan --slurpfile baselines baselines \
#	    --slurpfile found volatile --arg prefix '' --arg checksum SHA \
#	    --arg lines 12 --arg schema SHA --rawfile digest digest \
#	    --rawfile version version --rawfile losses losses \
#	    -f metadata.jq records

include "package";

def as_time: strptime("%Y%m%d%H%M%S") | mktime | todate;

# The clock has a say only where nothing else knows the time, so that the same
# migrations give the same bytes.
def generated_at($name):
	if env.SOURCE_DATE_EPOCH // "" | test("^[0-9]+$") then
		env.SOURCE_DATE_EPOCH | tonumber | todate
	else
		[$name | capture("^(?<stamp>[0-9]{14})(?![0-9])").stamp |
		    try as_time catch empty][0]
	end;

def lasting: del(.generated_at, .strategy);

def only_line: rtrimstr("\n");

. as $records | $plan[0] as $plan |
($baselines[0] // null) as $old |
{
	migration_name: $plan.name,
	generated_at: generated_at($records[-1].name),
	strategy: $plan.decision,
	method: $plan.method,
	includes_up_to: $records[-1].name,
	last_migration: $records[-1].name,
	included_migrations: ($records | length),
	total_migrations: ($records | length),
	$prefix,
	baseline_lines: ($lines | tonumber),
	$checksum,
	schema_checksum: (if $schema == "" then null else $schema end),
	catalog_digest: ($digest | only_line),
	server_version: ($version | only_line),
	volatile: $found[0].chance,
	replaces: (($records | map(told)) +
	    ($plan.earlier | map(select(.name != $plan.name))))
} +
(if $plan.method == "diff" then { losses: ($losses / "\n" | .[:-2]) } else {} end) |
.generated_at = (.generated_at //
    if ($old.metadata // {} | lasting) == lasting then
	$old.metadata.generated_at
    else now | floor | todate end)
