# drift.jq - how one database differs from another, in words
#
#	mg-catalog -d "$A" >a; mg-catalog -d "$B" >b
#	jq -nr --slurpfile a a --slurpfile b b -f drift.jq
#
# b is what a should be like: what only b has is missing, what only a has is
# extra.  What hangs on a table that is missing or extra is counted with it.

def key: "\(.kind) \(.name)";

def is_order: .kind | endswith("-order");

def is_table: .kind | test("^(table|foreign-table|view|materialized-view)$");

# Names of what this one belongs to and goes with.
def belongs:
	.table, .domain, .publication, (.owned_by // "" | sub("\\.[^.]*$"; "")),
	(if .kind == "index" and .constraint then "\(.table).\(.constraint)"
	else empty end),
	(if is_order then .name else empty end) | values;

#
# Other words for the same
#

# Whatever people or versions of PostgreSQL write in more than one way.
def respelled:
	if type == "string" then
		gsub("CURRENT_TIMESTAMP(?!\\()"; "now()") |
		gsub("'\\{\\}'::(?<type>[a-z_. ]+\\[\\])"; "ARRAY[]::\(.type)") |
		gsub("\\s+"; " ")
	else . end;

#
# Renamed
#

# Definitions begin with the name of what they define.
def nameless:
	if .definition then
		.definition |= sub("^(?<what>CREATE[A-Z ]* (INDEX|TRIGGER|RULE" +
		    "|STATISTICS|FUNCTION|PROCEDURE) )" +
		    "((\"([^\"]|\"\")+\"|[^ (.\"]+)\\.?)+"; .what)
	else . end | del(.name) |
	if .constraint then .constraint = .facts | del(.facts) else . end;

# An index that a constraint has is what the constraint is, whatever its name.
def with_facts($all):
	($all | map(select(.kind == "constraint") | { key: .name,
	    value: .definition }) | from_entries) as $definitions |
	map(if .kind == "index" and .constraint then
		.facts = $definitions["\(.table).\(.constraint)"]
	else . end);

# Pairs with the same facts, if there is just one of them on each side.
def pairs($missing; $extra; facts):
	def unique_facts: group_by(facts) | map(select(length == 1) |
	    { key: .[0] | facts | tojson, value: .[0] }) | from_entries;
	($missing | unique_facts) as $m | ($extra | unique_facts) as $e |
	[$m | keys_unsorted[] | select($e[.]) | { is: $e[.], was: $m[.] }];

# Tables are the same if their columns are.
def columns_by_table:
	map(select(.kind == "column")) | group_by(.table) |
	map({ key: .[0].table, value: map(.table as $table | .short =
	    (.name | ltrimstr($table)) | del(.name, .table)) }) | from_entries;

def table_pairs($missing; $extra; $a; $b):
	($a + $b | columns_by_table) as $columns |
	pairs($missing | map(select(is_table));
	    $extra | map(select(is_table));
	    [nameless, $columns[.name]]);

def escaped: gsub("(?<mark>[.$*+?()\\[\\]{}|^\\\\])"; "\\\(.mark)");

# As SQL has a name without dots in its parts.
def in_sql: split(".") | map(if test("^[a-z_][a-z0-9_$]*$") then .
	else tojson end) | join(".");

# All of the list, as if the tables had not been renamed.
def with_names($pairs):
	reduce $pairs[] as $pair (.;
	    $pair.is.name as $is | $pair.was.name as $was |
	    map(if tojson | contains($is | in_sql | tojson[1:-1]) or
		    contains($is | tojson[1:-1]) then
		walk(if type == "string" then
		    gsub("(?<![A-Za-z0-9_$])\($is | escaped)(?![A-Za-z0-9_$])";
			$was) |
		    gsub("(?<![A-Za-z0-9_$])\($is | in_sql | escaped)" +
			"(?![A-Za-z0-9_$])"; $was | in_sql)
		else . end)
	    else . end));

#
# Words for a difference
#

def text: if type == "string" then . else tojson end;

def visible: @json[1:-1] | gsub("\\\\\""; "\"");

def cut: if length > 70 then .[:67] + "..." else . end;

def shown: text | visible | cut;

# Two texts from a little before where they part.
def parted($x; $y):
	($x | visible) as $x | ($y | visible) as $y |
	([range($x | length) | select($x[:. + 1] != $y[:. + 1])][0] //
	    ($x | length)) as $same |
	(if $same < 30 or ([$x, $y | length] | max) <= 70 then 0
	else $same - 20 end) as $from |
	[$x, $y | .[$from:] | if $from > 0 then "..." + . else . end | cut] |
	"is \(.[0]), not \(.[1])";

def listed($class; f): f | select(length > 0) | "\($class) \(map(text) | join(", "))";

# What of two records is not the same.
def members($b):
	. as $a | [$a, $b | keys_unsorted[]] | unique | map(
	    select($a[.] != $b[.]) |
	    if . == "invalid" then "it is INVALID"
	    elif $a[.] == null then "no \(.), not \($b[.] | shown)"
	    elif $b[.] == null then "\(.) is \($a[.] | shown), not set"
	    elif [$a[.], $b[.] | type] == ["array", "array"] and
		($a[.] | sort) != ($b[.] | sort) then
		"\(.) " + ([listed("lacks"; $b[.] - $a[.]),
		    listed("has also"; $a[.] - $b[.])] | join(", "))
	    else "\(.) \(parted($a[.] | text; $b[.] | text))" end
	) | join("; ");

def items: .columns // .labels;

# What is missing or extra is said of the things themselves.
def reordered($b):
	(items - (items - ($b | items))) !=
	    (($b | items) - (($b | items) - items));

def line($class; $why): { class: $class, object: key, why: $why };

def plural($count):
	if $count == 1 then . elif endswith("x") then . + "es"
	elif endswith("y") then .[:-1] + "ies" else . + "s" end;

# What goes with something else in the list is counted there.
def folded($class):
	(map(select(is_order | not) | { key: .name, value: key }) |
	    from_entries) as $names |
	map(. as $object | { object: $object, in: [belongs |
	    select($names[.] and $names[.] != ($object | key))][0] }) |
	(map(select(.in and (.object | is_order | not))) | group_by(.in) |
	    map({ key: .[0].in, value: (group_by(.object.kind) |
		map(length as $count | "\($count) \(.[0].object.kind | plural($count))") |
		join(", ")) }) |
	    from_entries) as $with |
	.[] | select(.in | not) | .object |
	    line($class; $with[.name] | if . then "with \(.)" else null end);

def compared($b):
	if is_order then
		select(reordered($b)) | line("order only";
		    parted(items | join(", "); $b | items | join(", ")))
	elif map_values(respelled) == ($b | map_values(respelled)) then
		line("spelling only"; members($b))
	else
		line("different"; members($b))
	end;

#
# All of it
#

def only_in($other): ($other | INDEX(key)) as $there |
	map(select($there[key] | not));

def differences($a; $b):
	table_pairs($b | only_in($a); $a | only_in($b); $a; $b) as $tables |
	($a | with_names($tables)) as $a |
	($b | only_in($a)) as $missing | ($a | only_in($b)) as $extra |
	def candidates($all): map(select(is_table or is_order | not)) |
	    with_facts($all);
	pairs($missing | candidates($b); $extra | candidates($a); nameless) as
	    $others |
	($b | INDEX(key)) as $there |
	($tables + $others | .[] | .was.name as $was | .is |
	    select(.constraint | not) |
	    line("renamed"; "not \($was)")),
	($a[] | $there[key] as $b | select($b and . != $b) | compared($b)),
	($missing - ($others | map(.was | del(.facts))) | folded("missing")),
	($extra - ($others | map(.is | del(.facts))) | folded("extra"));

[differences($a; $b)] as $lines |
($lines[] | "\(.class)  \(.object | visible)\(
    if .why then ": " + .why else "" end)"),
if $lines == [] then "equal: \($a | length) objects"
else $lines | group_by(.class) | map("\(length) \(.[0].class)") | join(", ")
end
