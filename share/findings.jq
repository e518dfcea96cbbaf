# findings.jq - words for what a test has found, but for what is known
#
#	include "findings";
#
# A finding is an object: kind, name, why, and how to mend it, which is SQL or
# a word.  What is ignored is text, a line each: KIND NAME because REASON, with
# # before a comment.

include "words";

def ignored_lines($text):
	[$text | split("\n") | to_entries[] | .key += 1 |
	    select(.value | test("^\\s*(#|$)") | not) |
	    (.value | capture("^\\s*(?<kind>\\S+)\\s+(?<name>.*\\S)\\s+" +
		"because\\s+(?<reason>\\S.*)$") // null) as $parts |
	    { line: .key, parts: $parts }];

# A name may be of several lines; a line of that file is not.
def shown: @json[1:-1] | gsub("\\\\\""; "\"");

def told: "\(.kind)  \(.name | shown)\(if .why then ": \(.why)" else "" end)",
	(.mend // empty | "\t\(.)");

# told_findings($kinds; $text): of the input, an array; first how many there
# are that nobody has spoken of
def told_findings($kinds; $text):
	ignored_lines($text) as $lines |
	([$lines[] | select(.parts == null)][0] // null) as $wrong |
	if $wrong then
		"refused: \(env.MG_TEST_IGNORE):\($wrong.line): is not KIND " +
		"NAME because REASON"
	else
		([$lines[].parts | "\(.kind) \(.name)"]) as $known |
		[.[] | select("\(.kind) \(.name | shown)" | IN($known[]))] as
		    $ignored |
		(. - $ignored) as $left |
		($left | length | if . == 0 then "0"
		    else plural("finding") end),
		($left[] | told),
		($ignored | length | select(. > 0) |
		    "\(plural("finding")) ignored"),
		($lines[].parts | select(.kind | IN($kinds[])) |
		    "\(.kind) \(.name)" |
		    select(IN($ignored[] | "\(.kind) \(.name | shown)") | not) |
		    "note: nothing of that kind is found, so it need not be " +
		    "ignored: \(.)")
	end;
