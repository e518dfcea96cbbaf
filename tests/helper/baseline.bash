# baseline.bash - what make consolidate leaves, without the proof

# baseline: of all in ./migrations
baseline() {
	local folder=consolidated-migration/20240103000000_consolidated
	mkdir -p "$folder"
	records
	mg-concat <records >"$folder/migration.sql"
	jq -s '{ replaces: map({ name, checksum }) }' records \
	    >"$folder/metadata.json"
}
