# consolidate.jq - decide what make consolidate has to do
#
#	jq -s --slurpfile baselines baselines --arg clean '' --arg prefix '' \
#	    --arg name '' --arg method '' -f consolidate.jq records
#
# A baseline is { folder, checksum, metadata }: what is there now.  The answer
# has a decision, and why; or a word why all is refused.

def valid: test("^[A-Za-z0-9][A-Za-z0-9._-]*$");

def count($what): select(. > 0) | "\(.) \($what)";

def content: map({ key: .name, value: .checksum }) | from_entries;

# What became of the migrations since then.
def changes($now; $before):
	($now | content) as $n | ($before | content) as $t |
	[([$n | keys[] | select($t[.] == null)] | length | count("newer")),
	    ([$n | keys[] | select($t[.] and $t[.] != $n[.])] | length |
		count("edited")),
	    ([$t | keys[] | select($n[.] == null)] | length |
		count("vanished"))] | join(", ");

def name_for($records):
	if $name != "" then $name else
		($records[-1].name | capture("^(?<stamp>[0-9]+)").stamp //
		    .) + (if $prefix != "" then "_\($prefix)" else "" end) +
		"_consolidated"
	end;

def is_ours: .metadata | type == "object" and (.replaces | type == "array");

# Why what is there will not do, if it will not.
def stale($records; $name):
	if .checksum != .metadata.checksum then
		"its migration.sql is not what was proven"
	else
		changes($records; .metadata.replaces) |
		select(. != "")
	end // (
	if ($name != "" or $prefix != "") and .folder != name_for($records) then
		"it is called \(.folder)"
	elif $method != "" and $method != .metadata.method then
		"its method is \(.metadata.method)"
	else empty end);

def refusal($records):
	if $records == [] then "there are no migrations"
	elif $method == "diff" then
		"METHOD=diff is not offered: squash or concat"
	elif $method | IN("", "squash", "concat") | not then
		"METHOD is squash or concat, not \($method)"
	elif $prefix != "" and ($prefix | valid | not) or
	    $name != "" and ($name | valid | not) then
		"LABEL and NAME are letters, digits and ._-"
	elif ($baselines | length) > 1 then
		"more than one folder is there, and one at a time may be: " +
		    ($baselines | map(.folder) | join(", "))
	elif $baselines | any(is_ours | not) then
		"\($baselines[0].folder) has no metadata.json that can be read:" +
		    " not ours to remove"
	else empty end;

def decision($records):
	($baselines[0] // null) as $old |
	if $clean != "" and $clean != "0" then
		{ decision: "clean-regenerate", why: "CLEAN" }
	elif $old == null then
		{ decision: "initial-baseline", why: "there is none" }
	else
		[$old | stale($records; $name)] |
		if . == [] then { decision: "up to date" }
		else { decision: "incremental-update", why: .[0] } end
	end + { name: name_for($records), old: ($old.folder // ""),
	    method: (if $method == "" then "squash" else $method end) };

. as $records | [refusal($records)] |
if . == [] then decision($records) else { refused: .[0] } end
