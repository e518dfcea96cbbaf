# status.jq - records with a state as a table, and how many there are of each
#
#	mg-status <records | jq -rs -f status.jq

def pad($width): . + " " * ([$width - length, 0] | max);

def counts:
	group_by(.state) | map("\(length) \(.[0].state)") | join(", ");

(map(.state | length) | max // 0) as $width |
(.[] | "\(.state | pad($width))  \(.name | @json | .[1:-1])"),
if length == 0 then "no migrations" else counts end
