# answer.jq - read the log and the thresholds, to answer report.sh
#
#	include "answer"; answer($ARGS.named; STATUS; LINES)
#
# The first line of an answer is an exit status, the second the number of those
# behind it that are for people, and what was asked for follows.

include "runs";
include "measures";

def say($status; $words): $status, ($words | length), $words[];

def list: map(tostring) | .[:10] +
    (length - 10 | if . > 0 then ["\(.) more"] else [] end) |
    if length < 2 then "line \(.[0]) is"
    else "lines \(.[:-1] | join(", ")) and \(.[-1]) are" end;

def warnings($log):
	.broken | if . == [] then []
	else ["warning: \($log): \(list) no event, and left out"] end;

# answer(OPTIONS; STATUS; LINES): both of an object with all runs, the measures,
# and which lines were broken
def answer($options; status; lines):
	$options.log as $log |
	[try { limits: read_thresholds($options.defaults; $options.own) }
	    catch { error: . }][0] as $read |
	if $read.error then say(3; ["MG_THRESHOLDS: \($read.error)"])
	else read_log | warnings($log) as $warnings |
	    if .runs == [] then say(3; $warnings + ["\($log) tells of no " +
		"run yet: make deploy will; MG_LOG= may be another file"])
	    else . as $found | .limits = $read.limits |
		.measures = ($found.runs |
		    measures($read.limits; $options.last)) |
		say(status; $warnings), lines
	    end
	end;
