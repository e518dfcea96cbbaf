# notify.sh - tell a channel what happens
#
# usage: sh notify.sh WORK EVENT TEXT
#
# The steps of a deployment run this for start, success and failure, make notify
# for test; the status counts for that one alone.  SLACK_WEBHOOK_URL is a
# secret: curl reads it from a descriptor, and what curl itself would say of it
# is not shown.
#
# The names of programs may have options behind them, and jq has its own $:
# shellcheck shell=sh disable=SC2086,SC2016,SC2153
set -eu
work=$1 event=$2 text=$3
limit=${NOTIFY_TIMEOUT:-10}
message=$work/message.$$
trap 'rm -f "$message"' EXIT

main() {
	if [ -n "$NOTIFY_CMD" ]; then
		write_message .
		run_command
	elif [ -n "$SLACK_WEBHOOK_URL" ]; then
		check_url
		write_message '{ text: (.text | gsub("&"; "&amp;") |
		    gsub("<"; "&lt;") | gsub(">"; "&gt;")) }'
		post
	elif [ "$event" = test ]; then
		warn "SLACK_WEBHOOK_URL or NOTIFY_CMD says where to"
	fi
}

warn() {
	echo "notify: warning: nobody was told of $event: $*" >&2
	exit 1
}

# write_message FILTER
write_message() {
	set -- "$1" "$work/about.json"
	[ -e "$2" ] || set -- "$1" /dev/null
	$MG_JQ -nc --slurpfile route "$2" --arg event "$event" \
	    --arg text "$text" --arg host "$(uname -n)" \
	    --arg environment "$ENVIRONMENT" \
	    '{ $event, $text, time: (now | todate), $host } +
	    ({ $environment } | with_entries(select(.value != ""))) +
	    ($route[0] // {}) | '"$1" >"$message"
}

# Whoever ends us may have us ignore signals, by which timeout ends others.
run_command() {
	status=0
	MG_EVENT=$event timeout -k 1 "$limit" \
	    env --default-signal=HUP,INT,TERM sh -c "$NOTIFY_CMD" \
	    <"$message" >&2 || status=$?
	case $status in
	0) ;;
	124 | 137) warn "NOTIFY_CMD took more than $limit s" ;;
	*) warn "NOTIFY_CMD failed with $status" ;;
	esac
}

# What curl would take for the end of it, or for an option, is in no URL.
check_url() {
	case $SLACK_WEBHOOK_URL in
	*[[:space:]\"\\]*) ;;
	http://?* | https://?*) return ;;
	esac
	warn "SLACK_WEBHOOK_URL is not a URL of http or https"
}

post() {
	status=0
	code=$($MG_CURL -q -s -g -o /dev/null -w '%{http_code}' \
	    --proto =http,https -m "$limit" \
	    -H 'Content-Type: application/json' --data-binary "@$message" \
	    --config - 2>/dev/null <<-END
		url = "$SLACK_WEBHOOK_URL"
	END
	) || status=$?
	case $status in
	0) ;;
	28) warn "no answer within $limit s" ;;
	127) warn "there is no $MG_CURL" ;;
	*) warn "curl ended with $status, for which see EXIT CODES in curl(1)" ;;
	esac
	case $code in
	2??) ;;
	*) warn "the answer was HTTP $code" ;;
	esac
}

main
