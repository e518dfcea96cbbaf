# measures.jq - what thresholds say of runs
#
#	include "measures";
#	read_thresholds($defaults; $own) as $limits | measures($limits; 50)
#
# A measure is "good"; "warn", past the target of its mode; "alert"; or "none",
# where no run tells.

include "words";

def labels: { fresh: "fresh deployment", apply: "applying what is pending",
    success: "deployments that succeed", package: "making a package" };

def is_rate: . == "success";

# A duration in milliseconds, or a rate in percent.
def limit($measure):
	{ ms: 1, s: 1000, m: 60000, h: 3600000, "%": 1 } as $units |
	(if $measure | is_rate then "%" else "ms|s|m|h" end) as $known |
	capture("^(?<number>[0-9]+([.][0-9]+)?)(?<unit>\($known))$") |
	(.number | tonumber) * $units[.unit];

def one_limit($measure; $of):
	[strings | limit($measure)][0] // error("\($measure).\($of) is " +
	    "\(tojson), and should be like " +
	    if $measure | is_rate then "\"95%\"" else "\"30s\" or \"3m\"" end);

# read_thresholds(DEFAULTS; OWN): texts of JSON; or an error in words
def read_thresholds($defaults; $own):
	($defaults | fromjson) as $defaults |
	[if $own == "" then {} else $own | try fromjson catch null end][0] |
	if type != "object" or any(.[]; type != "object") then
		error("it should be an object of objects, as " +
		"thresholds.json beside report.sh is") else . end |
	(keys - ($defaults | keys))[0] as $strange |
	if $strange then error("there is no measure \"\($strange)\"") else . end |
	$defaults * . |
	with_entries(.key as $measure | .value = (.value |
	    with_entries(.key as $of |
		if $of | IN("dev", "release", "alert") then
			.value = (.value | one_limit($measure; $of))
		else error("\($measure).\($of) is neither dev, release nor " +
		    "alert") end)));

# judge(LIMITS; MEASURE; MODE): a value
def judge($limits; $measure; $mode):
	. as $value | $limits[$measure] as $limit |
	def past($other): $other != null and
	    if $measure | is_rate then $value < $other else $value > $other end;
	{ $measure, $mode, $value, target: $limit[$mode], alert: $limit.alert,
	    label: labels[$measure], state: (
		if $value == null then "none"
		elif past($limit.alert) then "alert"
		elif past($limit[$mode]) then "warn"
		else "good" end) };

# What a run took, of each measure that it is one of.
def measured:
	if .flow == "release" and .outcome == "made" then
		{ measure: "package", mode: "release", value: .ms }
	elif .flow == "deploy" and .outcome == "deployed" and .applied > 0 then
		(select(.fresh) | { measure: "fresh", mode, value: .ms }),
		{ measure: "apply", mode, value: .apply_ms }
	else empty end;

def judged($limits):
	measured | . as $it | .value | judge($limits; $it.measure; $it.mode);

# The newest run of all may be at work still.
def success($mode; $last):
	(map(.id) | max) as $newest |
	map(select(.flow == "deploy" and .mode == $mode and
	    (.outcome != "unfinished" or .id != $newest))) | .[-$last:] |
	if . == [] then null
	else 100 * (map(select(.outcome == "deployed")) | length) / length end;

# measures(LIMITS; LAST): of runs, a rate being that of the last ones
def measures($limits; $last):
	. as $runs | [.[] | measured] as $measured |
	def newest($measure; $mode): [$measured[] |
		select(.measure == $measure and .mode == $mode).value][-1];
	[(("fresh", "apply") as $measure | ("dev", "release") as $mode |
		newest($measure; $mode) | judge($limits; $measure; $mode)),
	    (("dev", "release") as $mode | $runs | success($mode; $last) |
		judge($limits; "success"; $mode)),
	    (newest("package"; "release") |
		judge($limits; "package"; "release"))];

# The worst of them, as an exit status.
def status:
	map(.state) | if index("alert") then 2 elif index("warn") then 1
	else 0 end;

def in_words($measure): if $measure | is_rate then percent else duration end;

def value_in_words:
	.measure as $of | .value |
	if . == null then "no run yet" else in_words($of) end;

# What is expected of a measure.
def bounds:
	.measure as $of |
	[(.target // empty | "target \(in_words($of))"),
	    "alert \(if $of | is_rate then "below" else "above" end) " +
		(.alert | in_words($of))] | join(", ");

def sentence:
	"\(.state | pad(5))  \(.label), \(.mode): \(value_in_words) (\(bounds))";
