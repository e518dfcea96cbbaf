# state.jq - what a database has of the migrations that it should have
#
#	mg-status <records | jq -rs -f state.jq

def names: map(.name)[:3] + if length > 3 then ["..."] else [] end |
	join(", ");

map(select(.state != "missing")) | group_by(.state) |
map("\(length) \(.[0].state)" +
    if .[0].state | IN("applied", "replaced") then "" else " (\(names))" end) |
join(", ")
