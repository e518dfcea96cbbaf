# judge.jq - what mg-lint says of the migrations that are pending
#
#	jq -rn --slurpfile plan plan --rawfile index pending \
#	    --slurpfile linted records -f judge.jq findings
#
# The plan is what mg-apply -n says, the index what is to come of the index
# track.  A line with how many are errors, and how many are not; then a line for
# each.

(($plan | map(.name)) + ($index / "\n") | map({ key: ., value: true }) |
    from_entries) as $pending |
($linted | map(select($pending[.name]) | { key: .path, value: true }) |
    from_entries) as $paths |
[inputs | select($paths[.file])] |
(map(select(.severity == "error")) | length) as $errors |
"\($errors) \(length - $errors)",
(.[] | "\(.file):\(.line):\(.column): \(.severity): \(.rule): \(.text)")
