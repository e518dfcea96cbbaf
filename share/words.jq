# words.jq - numbers of things
#
#	include "words";

def plural($one; $many):
	if . == 1 then "1 \($one)" else "\(.) \($many)" end;

def plural($one): plural($one; "\($one)s");

# A number with at most one digit behind the point.
def short: . * 10 | round / 10;

def pad($width): . + " " * ([$width - length, 0] | max);

# Milliseconds in words.
def duration:
	if . < 1000 then "\(round) ms"
	elif . < 60000 then "\(. / 1000 | short) s"
	elif . < 3600000 then (. / 1000 | round) |
		"\(. / 60 | floor) min" +
		(. % 60 | if . > 0 then " \(.) s" else "" end)
	else (. / 60000 | round) | "\(. / 60 | floor) h" +
		(. % 60 | if . > 0 then " \(.) min" else "" end) end;

def percent: "\(short) %";

# Text that shows what is in it, and does nothing else to who reads it.
def plain: if test("\\p{C}") then gsub("\\p{C}"; "\ufffd") else . end;

def at_least($least): if . < $least then $least else . end;

def at_most($most): if . > $most then $most else . end;
