#!/usr/bin/env bats
# mg-hash(1): add checksums to migration records, or check them

load helper/common

setup() {
	sandbox
	printf 'select 1;\n' >one.sql
	one='"bytes":10,"checksum":"4a45092ccf992ea92250053a80b931b787924ba61648f420555511b84f10ab6c","xxh3":"6ee63cca5d5b867e7833c360ca87ebad"'
}

# hashes RECORD MEMBERS: the record comes out with these in place of its }
hashes() {
	is "${1%\}},$2}" "$(mg-hash <<<"$1")"
}

# passes RECORD: it comes out as it is, but for the three members
passes() {
	mg-hash <<<"$1" >out
	is "$1" "$(sed 's/,"bytes":.*/}/' out)"
}

# refuses WHY RECORDS: exits 2, saying so, with nothing on stdout
refuses() {
	printf %b "$2" >in
	fails 2 "mg-hash: <stdin>:$1" mg-hash <in
	is '' "$output"
}

# reports STATUS LINES: what mg-hash --check says of ./after since ./before
reports() {
	run "-$1" --separate-stderr mg-hash --check before <after
	is "$2" "$output"
}

# checked: three migrations, scanned in ./after, hashed in ./before
checked() {
	for name in 1 2 3; do
		migration $name "select $name;"
	done
	mg-scan migrations >after
	mg-hash <after >before
}

@test "adds the size, SHA-256 and XXH3-128 of the bytes" {
	printf '' >empty.sql
	hashes '{"name":"0","path":"empty.sql"}' '"bytes":0,"checksum":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","xxh3":"99aa06d3014798d86001c324468d497f"'
	hashes '{"name":"1","path":"one.sql"}' "$one"
}

@test "the checksum is sha256sum's, whatever the bytes" {
	printf 'a\0b\r\n\xff' >odd.sql
	head -c 100000 /dev/zero >big.sql
	head -c 16384 /dev/zero >buffer.sql
	head -c 16383 /dev/zero >below.sql
	for file in odd big buffer below; do
		mg-hash <<<"{\"name\":\"x\",\"path\":\"$file.sql\"}" >out
		is "$(sha256sum <$file.sql | cut -c1-64) $(wc -c <$file.sql)" \
		    "$(jq -r '"\(.checksum) \(.bytes)"' out)"
	done
}

@test "the fingerprint is xxh128sum's" {
	head -c 100000 /dev/zero >big.sql
	mg-hash <<<'{"name":"x","path":"big.sql"}' >out
	is e1f876364c6fec62315c72a64b7df4d2 "$(jq -r .xxh3 out)"
}

@test "an empty stream is an empty stream" {
	fails 0 '' mg-hash </dev/null
	is '' "$output"
}

@test "members pass through, with their values and in their order" {
	for rest in '"z":1,"a":2,"m":3' '"o":{"b":[1,{"a":null}],"a":{}}' \
	    '"t":true,"f":false,"n":null,"l":[]' '"s":""' '"":0'; do
		passes "{\"name\":\"1\",$rest,\"path\":\"one.sql\"}"
	done
}

@test "numbers pass through as they are" {
	for n in 0 -1 1.1 0.1 -0.5 3.0 1e22 0.30000000000000004 123456789.25 \
	    9007199254740993 9223372036854775807 -9223372036854775808; do
		passes "{\"name\":\"1\",\"n\":[$n],\"path\":\"one.sql\"}"
	done
}

@test "text passes through as it is, escaped or not" {
	passes '{"name":"é 名 🐘","s":"\"\\\n\t\u001b\u007f","path":"one.sql"}'
	passes '{"name":"\u00e9\ud83d\udc18\/","path":"one.sql"}'
	passes ' { "name" : "1" , "o": {"p": "}"} , "path" : "one.sql" }'
	is ' { "name" : "1" , "path" : "one.sql" ,'"$one}" \
	    "$(mg-hash <<<$' { "name" : "1" , "path" : "one.sql" } \t')"
}

@test "stale hashes are replaced where they stand" {
	is '{"bytes":10,"xxh3":"6ee63cca5d5b867e7833c360ca87ebad","name":"1","checksum":"4a45092ccf992ea92250053a80b931b787924ba61648f420555511b84f10ab6c","path":"one.sql"}' \
	    "$(mg-hash <<<'{"bytes":1,"xxh3":2,"name":"1","checksum":null,"path":"one.sql"}')"
}

@test "records come out in the order they came in" {
	for name in 3 1 2; do
		echo "{\"name\":\"$name\",\"path\":\"one.sql\"}"
	done >in
	mg-hash <in >out
	is $'3\n1\n2' "$(jq -r .name out)"
}

@test "hashing again changes nothing" {
	checked
	mg-hash <before >again
	cmp before again
}

@test "a record that is no JSON is refused with its line" {
	while IFS='|' read -r line text; do
		printf '{"name":"1","path":"one.sql"}\n%b\n' "$text" >in
		says 2 "mg-hash: <stdin>:2: not JSON: column $line" \
		    mg-hash <in
		is '' "$output"
	done <<-'END'
		0: |
		0: | 
		4: |name
		14: |{"name":"1"} {"name":"2"}
		13: |{"name":"1",}
		0: |{"name":
		18: duplicate object key|{"name":"1","name":"2"}
		17: \u0000 is not allowed|{"name":"1\\u0000"}
		10: control character 0x0|{"name":"1\x00"}
		9: unable to decode byte 0xe9|{"name":"\xe9"}
		9: unable to decode byte 0xc0|{"name":"\xc0\xaf"}
		1: |\xef\xbb\xbf{"name":"1"}
		35: too big integer|{"name":"1","n":9223372036854775808}
		1: '[' or '{' expected near '\x1b'|\x1b[31m
	END
}

@test "a record that is no object is refused with its line" {
	refuses '1: not a JSON object' '[]\n'
	refuses '1: not a JSON object' '[{"name":"1"}]\n'
}

@test "a record without a name or a path is refused with its line" {
	for record in '{}' '{"path":"one.sql"}' '{"name":"","path":"one.sql"}' \
	    '{"name":1,"path":"one.sql"}'; do
		refuses '2: no "name", which every record here must have' \
		    "{\"name\":\"1\",\"path\":\"one.sql\"}\n$record\n"
	done
	for record in '{"name":"1"}' '{"name":"1","path":""}' \
	    '{"name":"1","path":null}'; do
		refuses '1: no "path", which every record here must have' \
		    "$record\n"
	done
}

@test "a stream cut short is an error, not an end" {
	for rest in '{"name":"1","path":"one.sql"}' '{"na' ' '; do
		refuses '2: cut short: no newline after the last record; did the program that wrote it fail?' \
		    "{\"name\":\"1\",\"path\":\"one.sql\"}\n$rest"
	done
}

@test "a stream that cannot be read is an error, not an end" {
	fails 2 'mg-hash: <stdin>:1: could not be read' mg-hash </
}

@test "a file that is not there is named, and nothing written" {
	printf '%s\n' '{"name":"1","path":"one.sql"}' \
	    '{"name":"2","path":"no\nsuch.sql"}' >in
	fails 2 'mg-hash: no\nsuch.sql: No such file or directory' mg-hash <in
	is '' "$output"
	fails 2 'mg-hash: .: Is a directory' mg-hash <<<'{"name":"1","path":"."}'
}

@test "-C changes the directory, to which paths are then relative" {
	mkdir elsewhere
	mv one.sql elsewhere
	is "{\"name\":\"1\",\"path\":\"one.sql\",$one}" \
	    "$(mg-hash -C elsewhere <<<'{"name":"1","path":"one.sql"}')"
}

@test "operands are refused" {
	says 2 'mg-hash: one.sql: records come on standard input' \
	    mg-hash one.sql </dev/null
}

@test "--check is silent when all is as it was" {
	checked
	reports 0 ''
	reports 0 '' <before
}

@test "--check tells what changed" {
	checked
	echo '-- more' >>migrations/2/migration.sql
	reports 1 'changed 2'
	# The record may know the new checksum: the file is what counts.
	mg-hash <after >fresh
	run -1 mg-hash --check before <fresh
	is 'changed 2' "$output"
}

@test "--check tells what vanished, from the stream or from the disk" {
	checked
	rm migrations/1/migration.sql
	reports 1 'vanished 1'
	rm -r migrations/1
	mg-scan migrations >after
	reports 1 'vanished 1'
}

@test "--check tells what appeared" {
	checked
	migration 0 'select 0;'
	migration 4 'select 4;'
	mg-scan migrations >after
	reports 1 $'appeared 0\nappeared 4'
}

@test "--check tells all of it, a line each, what was there first" {
	checked
	echo '-- more' >>migrations/3/migration.sql
	rm -r migrations/1
	migration $'new\nline' 'select 0;'
	mg-scan migrations >after
	reports 1 $'vanished 1\nchanged 3\nappeared new\\nline'
}

@test "--check takes a renamed migration for another" {
	checked
	mv migrations/1 migrations/0
	mg-scan migrations >after
	reports 1 $'vanished 1\nappeared 0'
}

@test "--check with either side empty" {
	checked
	: >after
	reports 1 $'vanished 1\nvanished 2\nvanished 3'
	: >before
	reports 0 ''
	mg-scan migrations >after
	reports 1 $'appeared 1\nappeared 2\nappeared 3'
}

@test "--check refuses records that cannot be checked, and says nothing else" {
	checked
	echo '-- more' >>migrations/1/migration.sql
	sed '3s/,"checksum.*/}/' before >half
	fails 2 'mg-hash: 3: no "checksum" to check against; make the records with mg-hash' \
	    mg-hash --check half <after
	is '' "$output"
	sed '3s/,"path.*/}/' after >half
	fails 2 'mg-hash: 3: the record has no "path"' mg-hash --check before <half
	is '' "$output"
	cat after after >twice
	fails 2 'mg-hash: 1: comes twice in the stream' \
	    mg-hash --check before <twice
	rm migrations/3/migration.sql
	mkdir migrations/3/migration.sql
	fails 2 'mg-hash: migrations/3/migration.sql: Is a directory' \
	    mg-hash --check before <after
	is '' "$output"
}

@test "--check refuses a checksum that is none" {
	checked
	for bad in '""' '"abc"' 1 null "\"$(printf 'A%.0s' {1..64})\"" \
	    "\"$(printf 'a%.0s' {1..65})\"" "\"$(printf 'a%.0s' {1..64})x\""; do
		sed '2s/"checksum":"[^"]*"/"checksum":'"$bad"'/' before >worse
		fails 2 'mg-hash: worse:2: "checksum" is not a SHA-256 in lower-case hexadecimal; make it with mg-hash' \
		    mg-hash --check worse <after
	done
}

@test "--check names the file that is wrong" {
	checked
	fails 2 'mg-hash: no\nsuch: No such file or directory' \
	    mg-hash --check $'no\nsuch' <after
	printf '{"name":"1"}' >$'cut\nshort'
	says 2 'mg-hash: cut\nshort:1: cut short: no newline' \
	    mg-hash --check $'cut\nshort' <after
	says 2 'mg-hash: <stdin>:1: cut short: no newline' \
	    mg-hash --check before <$'cut\nshort'
}

@test "--check reads its file below -C" {
	checked
	mkdir elsewhere
	mv before migrations elsewhere
	run -0 mg-hash -C elsewhere --check before <after
	is '' "$output"
}

@test "the page's examples work" {
	mkdir prisma
	migration 1 'select 1;'
	mv migrations prisma
	run -0 bash -euo pipefail -c \
	    "$(sed -n 's/^\.Dl //p' "$ROOT/man/mg-hash.1")"
	is '' "$output"
	is 1 "$(jq -r .name migrations.jsonl)"
}

@test "a full disk exits 3" {
	checked
	fails 3 'mg-hash: stdout: No space left on device' \
	    bash -c 'mg-hash <after >/dev/full'
	: >after
	fails 3 'mg-hash: stdout: No space left on device' \
	    bash -c 'mg-hash --check before <after >/dev/full'
}
