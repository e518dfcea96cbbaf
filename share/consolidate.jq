# consolidate.jq - decide what make consolidate has to do
#
#	jq -rs -L . --slurpfile baselines baselines --arg clean '' \
#	    --arg prefix '' --arg name '' --arg method '' --arg schema '' \
#	    -f consolidate.jq records
#
# A baseline is { folder, checksum, metadata }: what is there now.  The answer
# is a line of JSON: a decision, and why, and the earlier baselines that the new
# one replaces, too; or a word why all is refused.  Then most of it comes again,
# as variables of a shell.

include "earlier";

def valid: test("^[A-Za-z0-9][A-Za-z0-9._-]*$");

def count($what): select(. > 0) | "\(.) \($what)";

def content: originals | map({ key: .name, value: .checksum }) | from_entries;

# What became of the migrations since then.
def changes($now; $before):
	($now | content) as $n | ($before | content) as $t |
	[([$n | keys[] | select($t[.] == null)] | length | count("newer")),
	    ([$n | keys[] | select($t[.] and $t[.] != $n[.])] | length |
		count("edited")),
	    ([$t | keys[] | select($n[.] == null)] | length |
		count("vanished"))] | join(", ");

def is_ours: .metadata | type == "object" and (.replaces | type == "array" and
    all(.[]; type == "object"));

def stem($records):
	if $name != "" then $name else
		($records[-1].name | capture("^(?<stamp>[0-9]+)").stamp //
		    .) + (if $prefix != "" then "_\($prefix)" else "" end) +
		"_consolidated"
	end;

# 1 for the stem itself, 2 for stem_2; 0 if that is not what it is called.
def number($stem):
	if . == $stem then 1
	else [capture("^(?<stem>.*)_(?<number>[1-9][0-9]*)$") |
		select(.stem == $stem).number | tonumber][0] // 0 end;

# A name that databases may know stands for what they know: what is made of
# other migrations has another one.
def name_for($records; $old; $earlier):
	stem($records) as $stem |
	if $old and ($old.folder | number($stem)) > 0 and
	    changes($records; $old.metadata.replaces) == "" then $old.folder
	else
		[$old.folder // empty, $earlier[].name | number($stem)] |
		(max // 0) + 1 |
		if . == 1 then $stem else "\($stem)_\(.)" end
	end;

# Why what is there will not do, if it will not.
def stale($records):
	if .checksum != .metadata.checksum then
		"its migration.sql is not what was proven"
	else
		changes($records; .metadata.replaces) |
		select(. != "")
	end // (
	if ($name != "" or $prefix != "") and
	    (.folder | number(stem($records))) == 0 then
		"it is called \(.folder)"
	elif $method != "" and $method != .metadata.method then
		"its method is \(.metadata.method)"
	elif .metadata.method == "diff" and
	    .metadata.schema_checksum != ($schema | select(. != "") // null) then
		"the schema was edited"
	else empty end);

def refusal($records):
	if $records == [] then "there are no migrations"
	elif $method | IN("", "squash", "concat", "diff") | not then
		"METHOD is squash, concat or diff, not \($method)"
	elif $prefix != "" and ($prefix | valid | not) or
	    $name != "" and ($name | valid | not) then
		"LABEL and NAME are letters, digits and ._-"
	elif ($baselines | length) > 1 then
		"more than one folder is there, and one at a time may be: " +
		    ($baselines | map(.folder) | join(", "))
	elif $baselines | any(is_ours | not) then
		"\($baselines[0].folder) has no metadata.json that can be read:" +
		    " not ours to remove"
	elif stem($records) | IN($records[].name) then
		"\(stem($records)) is one of the migrations: take another NAME"
	else empty end;

def decision($records):
	($baselines[0] // null) as $old |
	($old | earlier($records)) as $earlier |
	if $clean != "" and $clean != "0" then
		{ decision: "clean-regenerate", why: "CLEAN" }
	elif $old == null then
		{ decision: "initial-baseline", why: "there is none" }
	else
		[$old | stale($records)] |
		if . == [] then { decision: "up to date" }
		else { decision: "incremental-update", why: .[0] } end
	end + { name: name_for($records; $old; $earlier),
	    old: ($old.folder // ""), $earlier,
	    method: (if $method == "" then "squash" else $method end) };

. as $records | [refusal($records)] |
if . == [] then decision($records) else { refused: .[0] } end |
tojson, @sh "refused=\(.refused // "") name=\(.name // "") old=\(.old // "")
    method=\(.method // "") why=\(.why // "") decision=\(.decision // "")"
