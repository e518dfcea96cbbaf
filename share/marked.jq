# marked.jq - what mg-mark wrote, in a line
#
#	mg-mark --applied <records | jq -rs -f marked.jq

if length == 0 then "nothing to mark"
else "\(length) marked as \(.[0].state)" end
