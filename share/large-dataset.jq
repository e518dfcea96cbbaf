# large-dataset.jq - how long migrations took where there were many rows
#
#	jq -rn --slurpfile filled F --slurpfile applied A --arg limit MS -f …

def pad($width): " " * ([$width - length, 0] | max) + .;

($filled | map(.rows) | add // 0) as $rows |
"\($rows) rows in \($filled | map(select(.rows > 0)) | length) tables",
($applied[] | .ms = ((.ms // 0) * 10 | round / 10) |
    "\(.ms | tostring | pad(10)) ms  \(.name)" +
    if $limit != "" and .ms > ($limit | tonumber)
    then "  more than MAX_MS=\($limit)" else "" end)
