# stamp.jq - the timestamp of a new hotfix
#
#	jq -nr -L . --slurpfile manifest manifest.json --rawfile files files \
#	    -f stamp.jq
#
# It is the time, or what comes next behind the newest name in the package.

include "package";

def as_stamp: strftime("%Y%m%d%H%M%S");

# A name of a day alone sorts behind all of that day.
def next:
	. as $stamp |
	if length == 14 then
		try (strptime("%Y%m%d%H%M%S") | mktime + 1 | as_stamp)
		catch ($stamp | tonumber + 1 | tostring)
	else
		try (.[:8] | strptime("%Y%m%d") | mktime + 86400 | as_stamp)
		catch ($stamp[:8] | tonumber + 1 | "\(.)000000")
	end;

[$manifest[0].baseline_includes_up_to,
    ($files | sums | keys[] | select(startswith("migrations/")) | .[11:]) |
    capture("^(?<stamp>[0-9]{8,14})(?![0-9])").stamp | next] +
[now | as_stamp] | max
