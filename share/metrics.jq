# metrics.jq - the log in Prometheus' text format
#
# See answer.jq.  Counters count what the log has: one that begins anew lets
# them begin anew, as Prometheus expects.

include "answer";
include "measures";
include "story";

def escape($from; $to): split($from) | join($to);

def label_value: tostring | escape("\\"; "\\\\") | escape("\""; "\\\"") |
    escape("\n"; "\\n");

def labels: to_entries | map(select(.value != null) |
    "\(.key)=\"\(.value | label_value)\"") |
    if . == [] then "" else "{\(join(","))}" end;

# sample(LABELS): of a number
def sample($labels): { $labels, value: . };

# family(NAME; TYPE; HELP; SAMPLES): nothing, if there are none
def family($name; $type; $help; samples):
	[samples] | select(. != []) | "# HELP \($name) \($help)",
	"# TYPE \($name) \($type)",
	(.[] | $name + (.labels | labels) + " \(.value)");

def seconds: . / 1000;

def ends: "deployed", "refused", "failed";

def of_deployments:
	map(select(.flow == "deploy")) as $all | $all[-1] as $last |
	family("mg_deployments_total"; "counter";
	    "Deployments that the log has, by outcome.";
	    ends as $outcome | [$all[] | select(.outcome == $outcome)] |
	    length | sample({ $outcome })),
	family("mg_migrations_applied_total"; "counter";
	    "Migrations that these applied."; [$all[].applied] | add // 0 |
	    sample({})),
	($last // empty | family("mg_deployment_last_info"; "gauge";
	    "What the last deployment was of; always 1.";
	    1 | sample($last | { environment, mode, version,
		branch, host })),
	family("mg_deployment_last_timestamp_seconds"; "gauge";
	    "When the last deployment ended."; .ended | sample({})),
	family("mg_deployment_last_duration_seconds"; "gauge";
	    "How long it took."; .ms | seconds | sample({})),
	family("mg_deployment_last_step_duration_seconds"; "gauge";
	    "How long each of its steps took."; .steps | group_by(.name)[] |
	    .[0].name as $step | map(.ms) | add | seconds | sample({ $step })),
	family("mg_deployment_last_outcome"; "gauge";
	    "1 for how the last deployment ended, 0 for how it did not.";
	    (ends, "unfinished") as $outcome |
	    (if .outcome == $outcome then 1 else 0 end) | sample({ $outcome })),
	family("mg_deployment_last_applied"; "gauge";
	    "Migrations that it applied."; .applied | sample({}))),
	family("mg_deployment_last_success_timestamp_seconds"; "gauge";
	    "When the last deployment that succeeded ended.";
	    [$all[] | select(.outcome == "deployed")][-1] // empty | .ended |
	    sample({}));

# The slowest of the last that applied any: a series for each of hundreds would
# be too many.
def of_migrations:
	map(select(.flow == "deploy" and .migrations != []))[-1:] | slowest |
	.[:20] | family("mg_migration_duration_seconds"; "gauge";
	    "How long the slowest migrations took, when any was last applied.";
	    .[] | { migration: .name, kind } as $labels | .ms | seconds |
	    sample($labels));

def of_measures:
	family("mg_measure_state"; "gauge";
	    "How it stands to the thresholds: 0 good, 1 warn, 2 alert.";
	    .[] | { measure, mode } as $labels | [.] | status |
	    sample($labels)),
	family("mg_measure_duration_seconds"; "gauge";
	    "What the newest run of each measure took.";
	    .[] | select(.measure | is_rate | not) |
	    { measure, mode } as $labels | .value | seconds | sample($labels)),
	family("mg_measure_ratio"; "gauge";
	    "The part of the last deployments that succeeded.";
	    .[] | select(.measure | is_rate) |
	    { measure, mode } as $labels | .value / 100 | sample($labels));

def lines:
	(.runs | of_deployments, of_migrations),
	(.measures | map(select(.state != "none")) | of_measures),
	family("mg_log_broken_lines"; "gauge";
	    "Lines of the log that are no events."; .broken | length |
	    sample({}));

answer($ARGS.named; 0; lines)
