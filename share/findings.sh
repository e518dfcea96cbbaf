# findings.sh - tell what a test has found, but for what is known
#
# To be read behind test.sh.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086,SC2154

# judge NAME [OPTION...]: of what NAME.jq finds, given these options of jq;
# findings are an error
judge() {
	judge=$1
	shift
	ignore=$MG_TEST_IGNORE
	[ -e "$ignore" ] || ignore=/dev/null
	$MG_JQ -nr -L "$MG_SHARE" --rawfile ignored "$ignore" "$@" \
	    -f "$MG_SHARE/$judge.jq" >"$work/$judge"
	found=$(head -n 1 "$work/$judge")
	sed 1d "$work/$judge"
	case $found in
	refused:*) fail "${found#refused: }" ;;
	0) ;;
	*) fail "$found to mend, or to name in $MG_TEST_IGNORE" ;;
	esac
}
