# applied.jq - what mg-apply did, in a line
#
#	mg-apply <records | jq -rs -f applied.jq

if length == 0 then "nothing pending"
else
	"\(length) applied, \(map(.ms) | add | . * 10 | round / 10) ms on the server"
end
