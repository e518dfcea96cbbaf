# seal.jq - which hotfixes of a package are to be sealed
#
#	jq -nr -L share --slurpfile manifest manifest.json \
#	    --rawfile files files -f seal.jq
#
# Their names and checksums, in order; or a word why that cannot be.

include "package";

def stamped: test("^[0-9]{8,14}(?![0-9])");

$manifest[0] as $manifest | ($files | sums) as $files |
($files | unsealed($manifest.files) |
    map({ name: hotfix, checksum: $files[.] })) as $hotfixes |
([$manifest.baseline_includes_up_to | select(stamped)] +
    [$manifest.patches[].name] | max) as $newest |
([$hotfixes[].name | select($newest != null and . < $newest)][0]) as $early |
if $early then
	{ refused: "\($early) would run before \($newest): rename it" }
else { $hotfixes } end
