# constraints.jq - indexes and keys that are missing, broken or idle
#
#	mg-catalog >catalog
#	jq -nr -L share --rawfile ignored FILE --slurpfile catalog catalog \
#	    -f constraints.jq
#
# What it writes is told in findings.jq.

include "findings";

#
# Names and definitions
#

def parts: [scan("\"(?:[^\"]|\"\")*\"|[^.]+")];

def in_sql: parts | map(if startswith("\"") then .
	elif . == "public" then .
	else "\"\(.)\"" end) | join(".");

def last_in_sql: in_sql | parts[-1];

# The name itself, of a part of one in either spelling.
def bare: if startswith("\"") then .[1:-1] | gsub("\"\""; "\"") else . end;

def last: parts[-1] | bare;

# What stands in parentheses, at its commas.
def items:
	[scan("((?:[^,()\"']|\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|" +
	    "(?<nested>\\((?:[^()\"']|\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|" +
	    "\\g<nested>)*\\)))+)") | .[0] | ltrimstr(" ")];

def in_parentheses:
	"\\((?<items>(?:[^()\"']|\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|" +
	"\\(\\g<items>\\))*)\\)";

# The column that it begins with, or nothing where it is an expression.
def column: capture("^(?<name>\"(?:[^\"]|\"\")*\"|[^ (\"]+)(?: |$)").name //
	null;

# An index as what counts of it: a constraint's is what the constraint says.
def described($constraints):
	. as $index |
	(if .constraint then
		$constraints["\(.table) \(.constraint)"].definition |
		capture("^(?<what>PRIMARY KEY|UNIQUE( NULLS NOT DISTINCT)?) " +
		    in_parentheses + "(?<rest>.*)$"; "") |
		{ method: "btree", unique: true, items, rest:
		    ((if .what | endswith("DISTINCT") then
			" NULLS NOT DISTINCT" else "" end) + .rest) }
	else
		.definition | capture("^CREATE (?<unique>UNIQUE )?INDEX .*? " +
		    "USING (?<method>\\S+) " + in_parentheses +
		    "(?<rest>.*)$") |
		.unique = (.unique != null)
	end) // null | select(. != null) |
	.items |= items |
	. + { name: $index.name, table: $index.table,
	    constraint: $index.constraint, invalid: ($index.invalid != null),
	    inherited: ($index.partition_of != null),
	    columns: (.items | map(column)) };

def foreign_columns:
	capture("^FOREIGN KEY " + in_parentheses).items | items;

#
# What is found
#

def finding($kind; $why; $mend): { kind: $kind, name, why: $why, mend: $mend };

# Whatever the order of its columns is; nulls refer to nothing.
def serves($columns):
	(.method | IN("btree", "hash")) and (.invalid | not) and
	(.columns[:$columns | length] | sort) == ($columns | sort) and
	(.rest | test(" WHERE ") | not) or
	    ($columns | length) == 1 and .columns[0] == $columns[0] and
	    .rest == " WHERE (\($columns[0]) IS NOT NULL)";

def unindexed($indexes; $partitioned):
	.table as $table | (.definition | foreign_columns) as $columns |
	select(any($indexes[$table] // [] | .[]; serves($columns)) | not) |
	finding("unindexed-foreign-key";
	    "a DELETE or UPDATE of what it refers to reads all of this table";
	    "CREATE INDEX \(if $partitioned[$table] then ""
		else "CONCURRENTLY " end)ON \($table | in_sql) (\($columns |
		join(", ")));");

def not_valid:
	select(.definition | endswith(" NOT VALID")) |
	finding("not-valid"; "rows of before need not obey it";
	    "ALTER \(if .domain then "DOMAIN" else "TABLE" end) \(.table //
		.domain | in_sql) VALIDATE CONSTRAINT \(.name | last_in_sql);");

# REINDEX takes none of a partitioned table, which was made for it alone.
def invalid($partitioned):
	select(.invalid) |
	finding("invalid-index"; "it costs each write, and no query uses it";
	    if $partitioned[.table] and .definition then
		"DROP INDEX \(.name | in_sql); \(.definition |
		    sub(" ON ONLY "; " ON "));"
	    elif .name | test("_cc(new|old)[0-9]*\"?$") then
		"DROP INDEX CONCURRENTLY \(.name | in_sql);"
	    else "REINDEX INDEX CONCURRENTLY \(.name | in_sql);" end);

# What nothing depends on, and what says least, goes.
def duplicate($referenced):
	[.[] | select((.invalid or .inherited) | not)] |
	group_by([.method, .items, .rest])[] | select(length > 1) |
	sort_by([(.constraint == null), (.unique | not),
	    $referenced[.name] == null, .name]) |
	.[0].name as $kept | .[1:][] |
	finding("duplicate-index"; "it is what \($kept | shown) is";
	    if .constraint then "ALTER TABLE \(.table | in_sql) DROP " +
		"CONSTRAINT \(.name | last_in_sql);"
	    else "DROP INDEX CONCURRENTLY \(.name | in_sql);" end);

# What a wider index does as well; whether it is small enough, people know.
def narrower:
	[.[] | select((.invalid or .inherited) | not)] as $all |
	$all[] | select(.method == "btree" and .unique == false) | . as $one |
	first($all[] | select(.method == "btree" and .rest == $one.rest and
	    (.items | length) > ($one.items | length) and
	    .items[:$one.items | length] == $one.items)) |
	"note: \($one.name | shown) is a beginning of \(.name | shown), " +
	"which may do for both";

# A unique index of columns that are never null can become the key.
def keyless($keyed; $indexes; $not_null):
	.name as $table | select(.bound == null and $keyed[$table] == null) |
	([$indexes[$table] // [] | .[] | select(.unique and .rest == "" and
	    .constraint == null and .invalid == false and
	    all(.columns[]; . != null and $not_null["\($table) \(bare)"])) |
	    .name][0]) as $index |
	finding("no-primary-key"; "replication and many tools need one";
	    "ALTER TABLE \($table | in_sql) ADD \(if $index then
		"PRIMARY KEY USING INDEX \($index | last_in_sql)" else
		"COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
		end);");

def kinds: ["unindexed-foreign-key", "not-valid", "invalid-index",
	"duplicate-index", "no-primary-key"];

def of($kind): map(select(.kind == $kind));

($catalog | of("constraint")) as $constraints |
($constraints | INDEX("\(.table) \(.name | last)")) as $by_name |
([$catalog | of("index")[] | described($by_name)] | group_by(.table)) as
    $groups |
($groups | map({ key: .[0].table, value: . }) | from_entries) as $indexes |
($catalog | of("table")) as $tables |
([$tables[] | select(.partition_by)] | INDEX(.name)) as $partitioned |
([$constraints[].references_index | values] | map({ key: ., value: true }) |
    from_entries) as $referenced |
([$constraints[] | select(.type == "primary key")] | INDEX(.table)) as $keyed |
([$catalog | of("column")[] | select(.not_null)] |
    INDEX("\(.table) \(.name | last)")) as $not_null |
([($constraints[] | select(.type == "foreign key") |
	unindexed($indexes; $partitioned)),
    ($constraints[] | not_valid),
    ($catalog | of("index")[] | invalid($partitioned)),
    ($groups[] | duplicate($referenced)),
    ($tables[] | keyless($keyed; $indexes; $not_null))] |
    told_findings(kinds; $ignored)),
($groups[] | narrower)
