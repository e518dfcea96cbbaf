# environment.sh - where this is, and what is to be left out
#
# To be read by scripts whose variables come from make:
#
#	read_environment || fail "$environment_is_wrong"
#	read_switch SKIP_BACKUP || fail "$switch_is_wrong"
#
# shellcheck shell=sh disable=SC2034

# read_environment: $environment is development, staging or production, or empty
# where nobody says
read_environment() {
	environment=${ENVIRONMENT:-}
	case $environment in
	'' | development | staging | production) ;;
	*)
		environment_is_wrong="ENVIRONMENT is development, staging or \
production, not '$environment'; nothing was changed"
		return 1
		;;
	esac
}

# read_switch VARIABLE: $switch is true or false, which is also what nothing means
read_switch() {
	eval "switch=\${$1:-}"
	case $switch in
	true | 1) switch=true ;;
	false | 0 | '') switch=false ;;
	*)
		switch_is_wrong="$1 is true or false, not '$switch'; nothing was \
changed"
		return 1
		;;
	esac
}
