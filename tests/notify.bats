#!/usr/bin/env bats
# mg.notify.mk: who is told of deployments, and that it never costs anything
#
# Row 247 of the promises to users.

# What run sets, commands for other shells, each test being a subshell:
# shellcheck disable=SC2154,SC2016,SC2030,SC2031

load helper/common
load helper/make
load helper/backup

setup() {
	sandbox
	makefile 'MG_MIGRATIONS = migrations'
	export ENVIRONMENT=production FORCE=1 MODE=dev LINT=0 SKIP_BACKUP=1
}

teardown() {
	[ -z "${server:-}" ] || kill "$server" 2>/dev/null || true
}

# chat CODE: one that answers so, at $SLACK_WEBHOOK_URL, whose path is a secret
chat() {
	rm -f port request
	"$ROOT/tests/notify/server" "$1" 3>&- &
	server=$!
	eventually test -e port
	SLACK_WEBHOOK_URL=http://127.0.0.1:$(cat port)/services/geheim
	export SLACK_WEBHOOK_URL
}

# body FILTER: of what the chat got
body() {
	sed '1,/^\r$/d' request | jq -r "$1"
}

# secret TEXT: nothing of it is in the text, nor in what is kept
secret() {
	case $1 in *geheim*) false ;; esac
	run -1 grep -r geheim .mg
}

# pending [STATEMENT]: a database for which there is a migration
pending() {
	migration 20240101000000_one "${1:-create table a (i int);}"
	database
}

@test "make notify posts JSON to SLACK_WEBHOOK_URL, which is never shown" {
	chat 200
	run -0 mg_make notify
	secret "$output"
	has "$(cat request)" 'POST /services/geheim HTTP' \
	    'Content-Type: application/json'
	is 'a test: this is where deployments are told of' "$(body .text)"
	is text "$(body 'keys | join(" ")')"
	secret "$(mg_make -n notify)"
}

@test "the URL is no argument of any program" {
	printf '%s\n' '#!/bin/sh' 'for a; do echo "$a"; done >arguments' \
	    'cat >config; echo 200' >curl
	chmod +x curl
	export SLACK_WEBHOOK_URL=https://localhost/geheim
	run -0 mg_make notify MG_CURL=./curl
	is 'url = "https://localhost/geheim"' "$(cat config)"
	secret "$(cat arguments)"
}

# warns WORDS [VARIABLE=VALUE...]: make notify fails, with these
warns() {
	local words=$1
	shift
	run -2 mg_make notify "$@"
	has "$output" "notify: warning: nobody was told of test: $words"
	secret "$output"
}

@test "what goes wrong is said, without the URL" {
	warns 'SLACK_WEBHOOK_URL or NOTIFY_CMD says where to'
	chat 404
	warns 'the answer was HTTP 404'
	chat 302
	warns 'the answer was HTTP 302'
	wait "$server"
	warns 'curl ended with 7, for which see EXIT CODES in curl(1)'
	warns 'there is no ./gone' MG_CURL=./gone
	warns 'NOTIFY_CMD failed with 3' NOTIFY_CMD='exit 3'
	export SLACK_WEBHOOK_URL
	for SLACK_WEBHOOK_URL in geheim 'file:///geheim' 'http://a/ geheim' \
	    $'http://a/geheim"\noutput = "stolen'; do
		warns 'SLACK_WEBHOOK_URL is not a URL of http or https'
	done
	[ ! -e stolen ]
}

@test "one that does not answer is given up after NOTIFY_TIMEOUT" {
	chat 0
	warns 'no answer within 0.2 s' NOTIFY_TIMEOUT=0.2
	warns 'NOTIFY_CMD took more than 0.2 s' NOTIFY_TIMEOUT=0.2 \
	    NOTIFY_CMD='sleep 60'
}

@test "NOTIFY_CMD gets the JSON instead, and MG_EVENT" {
	export SLACK_WEBHOOK_URL=http://127.0.0.1:1/geheim
	NOTIFY_CMD='{ echo "$MG_EVENT"; cat; } >told' mg_make notify
	is test "$(head -n 1 told)"
	is 'test production a test' "$(sed 1d told |
	    jq -r '"\(.event) \(.environment) \(.text[:6])"')"
}

@test "a deployment tells of start and success, with the time it took" {
	pending
	export NOTIFY_CMD='cat >>told'
	run -0 mg_make deploy
	is 'start: production: the database has no history: 1 migration: 1 atomic' \
	    "$(head -n 1 told | jq -r '"\(.event): \(.text)"')"
	has "$(sed 1d told | jq -r '"\(.event) \(.mode): \(.text)"')" \
	    'success dev: production: all migrations are there: 1 applied, ' \
	    ' ms in all'
	mg_make deploy
	is 2 "$(wc -l <told)"
}

# Rows 247, 285, 286.
@test "a failure is told with the error, and with whom to call" {
	pending 'select <oh & no>;'
	NOTIFY_CMD='[ $MG_EVENT = start ] || cat >told' run -2 mg_make deploy \
	    CONTACT='me' ESCALATION='my boss'
	has "$(jq -r .text told)" 'production: failed by deploy: ' \
	    'one/migration.sql:1:8: P3018' $'\ncontact: me\nescalation: my boss'
	chat 200
	run -2 mg_make deploy RELEASE=v0.0.9 MODE=
	has "$(body .text)" 'production: refused by route: v0.0.9 has no package'
	secret "$output"
}

@test "text is no markup in a chat" {
	chat 200
	run -2 mg_make deploy RELEASE='<!channel>&' MODE=
	has "$(body .text)" '&lt;!channel&gt;&amp; is not a version'
}

@test "that nobody can be told fails no deployment, and holds it up no longer" {
	local began=$SECONDS
	pending
	run -0 mg_make deploy NOTIFY_TIMEOUT=0.3 \
	    NOTIFY_CMD='trap "" TERM; sleep 60'
	has "$output" '1 applied' 'nobody was told of start: NOTIFY_CMD took more' \
	    'nobody was told of success'
	[ $((SECONDS - began)) -lt 30 ]
	is deployed "$(tail -n 1 .mg/log.jsonl | jq -r .outcome)"
}
