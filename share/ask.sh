# ask.sh - ask before what cannot be taken back
#
# To be read by what has read environment.sh and has a fail; YES comes from
# make:
#
#	ask 'All of it goes.'
#
# shellcheck shell=sh disable=SC2154

# ask WORD...: go on if a person at the terminal types yes, or YES=1 said so
ask() {
	read_switch YES || fail "$switch_is_wrong"
	[ "$switch" = false ] || return 0
	[ -t 0 ] || fail "there is no terminal to ask at, so nothing was" \
	    "changed: YES=1 says yes"
	printf '%s Type yes to go on: ' "$*" >&2
	answer=
	read -r answer || :
	[ "$answer" = yes ] || fail 'nothing was changed'
}
