#!/usr/bin/env bats
# mg.report.mk: what was run, how long it took, and whether that is too long
#
# Rows are those of the promises to users.

# What run sets, and jq has its own $:
# shellcheck disable=SC2154,SC2016

load helper/common
load helper/baseline
load helper/make

setup() {
	sandbox
	makefile 'MG_MIGRATIONS = migrations' 'MG_LOG = log'
}

# event RUN MS EVENT [MEMBERS]: a line of the log, a second after the one before
# it in this test, of a deployment of development
event() {
	second=$((${second:-0} + 1))
	printf '{"time":"2026-01-02T03:%02d:%02dZ","flow":"deploy","run":%s,"host":"here","ms":%s,"event":"%s","mode":"dev"%s}\n' \
	    $((second / 60)) $((second % 60)) "$1" "$2" "$3" "${4:+,$4}" >>log
}

# deployment RUN MS [MEMBERS]: one that took this, and 100 ms of it to plan; with
# these members of the plan
deployment() {
	event "$1" 0 route
	event "$1" 100 plan "${3:-"\"fresh\":false"}"
	event "$1" "$2" apply "${4:-"\"applied\":1,\"replaces\":0"}"
	event "$1" "$2" finished '"outcome":"deployed"'
}

# failure RUN
failure() {
	event "$1" 0 route
	event "$1" 50 finished '"outcome":"failed","step":"plan","status":3'
}

# package MS
package() {
	event 9 "$1" finished '"flow":"release","mode":null,"version":"v1.0.0","outcome":"made"'
}

# script VIEW: as who asks without make
script() {
	MG_LOG=log sh "$ROOT/share/report.sh" "$@"
}

# state WORD MEASURE: that is what thresholds says of it
state() {
	has "$output" "$(printf '%-5s  %s: ' "$1" "$2")"
}

#
# The log
#

# Rows 24 to 27, 126, 278.
@test "new databases: one by one and by the baseline, and each migration's time" {
	migration 20240101000000_one 'create table a (i int);'
	migration '20240102000000_<b> & "c"' 'select pg_sleep(0.05);'
	database
	mg_make deploy-dev >out
	dropdb "$PGDATABASE"
	baseline
	database
	mg_make deploy-dev >out
	is '20240101000000_one single true
20240102000000_<b> & "c" single true
20240103000000_consolidated baseline true' \
	    "$(jq -r '.migrations[]? | "\(.name) \(.kind) \(.ms > 0)"' log)"
	is true "$(jq -s 'map(.ms) | .[:4] == (.[:4] | sort)' log)"
	run -0 mg_make report FORMAT=text
	has "$output" 'one by one: 2 migrations' 'by a baseline of 2: 1 migration' \
	    ' times as fast by the baseline' '20240102000000_<b> & "c"  (single)'
}

@test "a line that was cut off is ended before the next one" {
	printf '{"time":"202' >log
	printf 'flow=test run_number=1 self=test MG_JQ=jq MG_LOG=log work=.
. "%s/share/log.sh"\nbegin_log\n
log one "{}"\nlog two "{}"\n' "$ROOT" >flow.sh
	sh -eu flow.sh
	is 3 "$(wc -l <log)"
	is 'one two' "$(sed 1d log | jq -rs 'map(.event) | join(" ")')"
}

# Row 126.
@test "lines that are no events are left out, and their numbers told" {
	deployment 1 1000
	printf 'rubbish\n\n[1]\n{"event":"route","run":1,"time":"soon"}\n\0\0\n' >>log
	deployment 2 2000
	printf '{"time":"2026-01-' >>log
	run -0 --separate-stderr script thresholds
	is "thresholds: warning: log: lines 5, 7, 8, 9 and 14 are no event, and left out" \
	    "$stderr"
	has "$output" 'deployments that succeed, dev: 100 %'
	run -0 --separate-stderr script metrics
	has "$output" 'mg_deployments_total{outcome="deployed"} 2' \
	    'mg_log_broken_lines 5'
}

@test "a log that is missing, empty or of rubbish alone: what writes it" {
	run -3 script report
	is 'report: log is not there: make deploy writes it; MG_LOG= may be another file' \
	    "$output"
	: >log
	run -3 script metrics
	is 'metrics: log tells of no run yet: make deploy will; MG_LOG= may be another file' \
	    "$output"
	echo rubbish >log
	run -3 script report
	has "$output" 'log: line 1 is no event' 'log tells of no run yet'
	[ ! -e report.html ]
}

@test "runs that lie among each other, were killed, or have one number" {
	event 1 0 route
	event 2 0 route
	event 1 700 finished '"outcome":"refused","reason":"why not"'
	event 2 900 plan
	event 2 0 route
	event 2 300 finished '"outcome":"deployed"'
	package 1
	package 2
	run -0 script metrics
	has "$output" 'outcome="deployed"} 1' 'outcome="refused"} 1' \
	    'last_duration_seconds 0.3' 'mg_measure_ratio{measure="success",mode="dev"} 0.3333'
	run -0 env FORMAT=text MG_LOG=log sh "$ROOT/share/report.sh" report
	has "$output" ' UTC: 5 runs' '2026-01-02 03:00  unfinished  900 ms' \
	    '2026-01-02 03:00  refused     700 ms' '    refused: why not'
}

@test "a run that is at work is no failure" {
	deployment 1 1000
	event 2 0 route
	run -0 script thresholds
	state good 'deployments that succeed, dev'
}

#
# The thresholds
#

# Rows 155, 156.
@test "a new database, and applying: good, warn past the target, alert" {
	deployment 1 120000 '"fresh":true'
	run -0 script thresholds
	state good 'fresh deployment, dev'
	state good 'applying what is pending, dev'
	state none 'fresh deployment, release'
	deployment 2 121000
	run -1 script thresholds
	state good 'fresh deployment, dev'
	state warn 'applying what is pending, dev'
	deployment 3 181000 '"fresh":true'
	run -2 script thresholds
	state warn 'fresh deployment, dev'
	state alert 'applying what is pending, dev'
	deployment 4 301000 '"fresh":true'
	deployment 5 1000
	run -2 script thresholds
	state alert 'fresh deployment, dev'
	state good 'applying what is pending, dev'
}

@test "a deployment with nothing pending tells nothing of applying" {
	deployment 1 121000
	deployment 2 1000 '"fresh":false' '"applied":0'
	run -1 script thresholds
}

# Row 155.
@test "of a release less is enough" {
	deployment 1 61000 '"fresh":true,"mode":"release"'
	sed -i 's/"mode":"dev"/"mode":"release"/' log
	run -1 script thresholds
	state warn 'fresh deployment, release'
	state warn 'applying what is pending, release'
	state none 'fresh deployment, dev'
}

# Row 157.
@test "success: of the last runs, good, warn below the target, alert" {
	local i
	failure 1
	for i in {2..20}; do
		deployment "$i" 1000
	done
	run -0 script thresholds
	has "$output" 'good   deployments that succeed, dev: 95 %'
	failure 21
	run -1 script thresholds
	state warn 'deployments that succeed, dev'
	failure 22
	run -2 script thresholds
	state alert 'deployments that succeed, dev'
	deployment 23 1000
	LAST=1 run -0 script thresholds
	has "$output" 'good   deployments that succeed, dev: 100 %'
}

# Row 158.
@test "a package: good, warn past two minutes, alert past five" {
	package 120000
	run -0 script thresholds
	state good 'making a package, release'
	package 120001
	run -1 script thresholds
	package 300001
	run -2 script thresholds
	has "$output" 'alert  making a package, release: 5 min (target 2 min, alert above 5 min)'
}

@test "thresholds of one's own, or some of them" {
	deployment 1 1000 '"fresh":true'
	echo '{ "fresh": { "dev": "999ms" } }' >own.json
	MG_THRESHOLDS=own.json run -1 script thresholds
	has "$output" 'warn   fresh deployment, dev: 1 s (target 999 ms, alert above 5 min)' \
	    'applying what is pending, dev: 900 ms (target 2 min'
	run -2 mg_make thresholds MG_THRESHOLDS=own.json
	has "$output" 'Error 1'
}

@test "thresholds that are none are refused, by name" {
	local json words
	deployment 1 1000
	while IFS='|' read -r json words; do
		echo "$json" >own.json
		MG_THRESHOLDS=own.json run -3 script thresholds
		is "thresholds: MG_THRESHOLDS: $words" "$output"
	done <<'END'
{"fresh":{"dev":"3 minutes"}}|fresh.dev is "3 minutes", and should be like "30s" or "3m"
{"success":{"alert":"3m"}}|success.alert is "3m", and should be like "95%"
{"frsh":{"dev":"3m"}}|there is no measure "frsh"
{"fresh":{"prod":"3m"}}|fresh.prod is neither dev, release nor alert
[|it should be an object of objects, as thresholds.json beside report.sh is
END
	MG_THRESHOLDS=gone.json run -3 script thresholds
	is 'thresholds: MG_THRESHOLDS: gone.json is not there' "$output"
	LAST=many run -3 script thresholds
	is 'thresholds: LAST is a number such as 50, not many' "$output"
}

#
# The page
#

# hostile: two runs whose words are of one who wants to be read as a program
hostile() {
	deployment 1 41000 '"fresh":true' '"applied":1,"migrations":[{"name":"<b onclick=\"x\"> & '\''c'\'' \u001b[31m\u202e","kind":"single","ms":40000}]'
	event 2 0 '<i>'
	event 2 50 finished '"branch":"<script>","outcome":"<u>","reason":"</style>"'
	event 3 0 route
	event 3 500 finished '"outcome":"refused","step":"route","reason":"<s> & </s>"'
}

# Row 171.
@test "the page: one file, no program, by day and by night, at any width" {
	local tag
	hostile
	is report.html "$(mg_make report)"
	run -1 grep -iE '<(script|link|img|iframe)|https?://|@import|url\(|javascript:' \
	    report.html
	has "$(<report.html)" '<!DOCTYPE html>' prefers-color-scheme 'width=device-width' '<svg '
	for tag in div svg span p ul li h2 article title; do
		is "$tag $(grep -oE "<${tag}[ >]" report.html | wc -l)" \
		    "$tag $(grep -o "</$tag>" report.html | wc -l)"
	done
}

@test "the page: what comes from the log is text" {
	hostile
	mg_make report >out
	run -1 grep -E '<(b|i|u|s)[ >]|<script' report.html
	is 1 "$(grep -o '</style>' report.html | wc -l)"
	run -1 grep -P '[\x00-\x08\x0b-\x1f]|\xe2\x80\xae' report.html
	has "$(<report.html)" '&lt;b onclick=&quot;x&quot;&gt; &amp; ' \
	    '&lt;script&gt;' 'refused in route: &lt;s&gt; &amp; &lt;/s&gt;'
	is '' "$(mg_make report FORMAT=text | grep -P '\x1b')"
}

# Rows 155, 157, 278.
@test "the page: runs with their steps, times and what is past a threshold" {
	deployment 1 190000 '"fresh":true'
	deployment 2 3000
	mg_make report LAST=1 FILE='my page.html' >out
	is 'my page.html' "$(<out)"
	has "$(<'my page.html')" 'the last 1 of 2 runs' \
	    'tells of: fresh deployment, release; applying' 'apply 2.9 s' \
	    '>3 min 10 s<' '<span class="chip warn">warn</span>' \
	    'one by one: 1 migration'
	is 1 "$(grep -o '<article' 'my page.html' | wc -l)"
	mg_make report >out
	has "$(<report.html)" 'alert: applying what is pending took 3 min 10 s; target 2 min, alert above 3 min'
}

@test "a file that cannot be written, or a format that is none, is refused" {
	deployment 1 1000
	FILE=none/report.html run -3 script report
	has "$output" 'report: none/report.html cannot be written, FILE= may be another: '
	FORMAT=pdf run -3 script report
	is 'report: FORMAT is html or text, not pdf' "$output"
}

#
# The metrics
#

# strict FILE: fail where it is not what Prometheus reads: families with HELP
# and TYPE, and no sample twice
strict() {
	local label='[a-z_]+="([^"\\]|\\[\\"n])*"'
	awk '/^# HELP / { name = $3; if (seen[name]++) exit 1; next }
	    /^# TYPE / { if ($3 != name || $4 !~ /^(gauge|counter)$/) exit 1
		typed = name; next }
	    { sample = $0; sub(/ [^ ]*$/, "", sample); sub(/[{ ].*/, "")
		if ($0 != typed || $0 !~ /^mg_[a-z_]+$/ || samples[sample]++)
		    exit 1 }' "$1" || return
	is '' "$(grep -vE "^# (HELP mg_[a-z_]+ .+|TYPE mg_[a-z_]+ [a-z]+)\$|^mg_[a-z_]+(\{$label(,$label)*\})? -?[0-9.]+(e[-+]?[0-9]+)?\$" "$1")"
}

# Rows 171, 278.
@test "metrics: Prometheus' format, whatever names are like" {
	# In JSON and in a label it is spelled alike.
	local name='a \\ \"b\"\n{c=\"d\"} 1'
	deployment 1 5000 '"fresh":true' "\"applied\":2,\"migrations\":[
	    {\"name\":\"$name\",\"kind\":\"single\",\"ms\":1500},
	    {\"name\":\"two\",\"kind\":\"baseline\",\"ms\":0.25}]"
	jq -c . log >one
	mv one log
	package 9000
	mg_make metrics FILE=mg.prom
	strict mg.prom
	local line
	while IFS= read -r line; do
		grep -qxF "$line" mg.prom || is "$line" "$(<mg.prom)"
	done <<END
mg_deployment_last_duration_seconds 5
mg_deployment_last_outcome{outcome="deployed"} 1
mg_deployment_last_applied 2
mg_deployments_total{outcome="deployed"} 1
mg_deployment_last_success_timestamp_seconds 1767322804
mg_deployment_last_step_duration_seconds{step="apply"} 4.9
mg_migration_duration_seconds{migration="$name",kind="single"} 1.5
mg_measure_duration_seconds{measure="package",mode="release"} 9
END
}

@test "metrics: who reads the file finds it whole" {
	deployment 1 1000
	mg_make metrics FILE=mg.prom
	cp mg.prom before
	run -2 mg_make metrics FILE=mg.prom MG_JQ='sh -c "echo 0; exit 5" jq'
	cmp before mg.prom
	ln mg.prom old
	mg_make metrics FILE=mg.prom
	[ ! mg.prom -ef old ]
	is 'mg.prom' "$(ls mg.prom*)"
}
