# words.jq - numbers of things
#
#	include "words";

def plural($one; $many):
	if . == 1 then "1 \($one)" else "\(.) \($many)" end;

def plural($one): plural($one; "\($one)s");
