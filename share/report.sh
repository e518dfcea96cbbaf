# report.sh - tell people and programs what the log has
#
# usage: sh report.sh report|metrics|thresholds
#
# make report and its kin run this, with their variables in the environment.
# thresholds exits 0 if all is good, 1 to warn, 2 to alert, 3 if it cannot tell.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086
set -eu
self=$1
MG_SHARE=${MG_SHARE:-$(dirname "$0")}
MG_LOG=${MG_LOG:-.mg/log.jsonl}
MG_THRESHOLDS=${MG_THRESHOLDS:-}
LAST=${LAST:-50}
FILE=${FILE:-}

main() {
	choose_view
	check_input
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	${MG_JQ:-jq} -nrR -L "$MG_SHARE" --arg log "$MG_LOG" \
	    --argjson last "$LAST" --rawfile css "$MG_SHARE/report.css" \
	    --rawfile defaults "$MG_SHARE/thresholds.json" \
	    --rawfile own "${MG_THRESHOLDS:-/dev/null}" \
	    -f "$MG_SHARE/$view.jq" "$MG_LOG" >"$work/answer" ||
	    fail "$MG_LOG cannot be read, as jq says above"
	status=$(sed -n 1p "$work/answer")
	words=$(sed -n 2p "$work/answer")
	sed "1,2d;$((words + 2))q" "$work/answer" >"$work/words"
	[ "$words" = 0 ] || sed "s/^/$self: /" "$work/words" >&2
	[ "$status" = 3 ] || deliver
	exit "$status"
}

choose_view() {
	view=$self
	[ "$self" = report ] || return 0
	case ${FORMAT:-html} in
	html) FILE=${FILE:-report.html} ;;
	text) view=report-text ;;
	*) fail "FORMAT is html or text, not $FORMAT" ;;
	esac
}

check_input() {
	case $LAST in
	'' | *[!0-9]* | 0*) fail "LAST is a number such as 50, not $LAST" ;;
	esac
	[ -e "$MG_LOG" ] || fail "$MG_LOG is not there: make deploy writes" \
	    "it; MG_LOG= may be another file"
	[ -z "$MG_THRESHOLDS" ] || [ -f "$MG_THRESHOLDS" ] ||
	    fail "MG_THRESHOLDS: $MG_THRESHOLDS is not there"
}

# Who reads the file finds it whole: a browser, or a collector of metrics, which
# takes what ends in .prom.
deliver() {
	sed "1,$((words + 2))d" "$work/answer" >"$work/body"
	if [ -z "$FILE" ]; then
		cat "$work/body"
		return
	fi
	new=$FILE.$$.new
	trap 'rm -rf "$work" "$new"' EXIT
	{
		cat "$work/body" >"$new" && mv -T "$new" "$FILE"
	} 2>"$work/why" || fail "$FILE cannot be written, FILE= may be" \
	    "another: $(head -n 1 "$work/why")"
	[ "$self" != report ] || echo "$FILE"
}

fail() {
	echo "$self: $*" >&2
	exit 3
}

main
