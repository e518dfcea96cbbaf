# rows.jq - the INSERT statements of a dump, by table
#
#	mg-dump --data | jq -Rs -L . 'include "rows"; rows'
#
# An object: the table's name without quotes, and its lines.

def rows:
	reduce split("\n")[] as $line ({ at: null, rows: {} };
	    if .at == null and ($line | startswith("INSERT INTO ")) then
		.at = ($line[12:] | capture("^(?<table>.*?) " +
		    "(\\(|OVERRIDING|VALUES|DEFAULT)").table | gsub("\""; ""))
	    else . end |
	    if .at then .rows[.at] += [$line] else . end |
	    if $line | endswith(";") then .at = null else . end) |
	.rows;
