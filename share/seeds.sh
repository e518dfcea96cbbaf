# seeds.sh - find what fills a database
#
# To be read by what has a fail; SEED comes from make.
#
# shellcheck shell=sh disable=SC2034

# find_seed: $seed is its path, which no command takes for an option
find_seed() {
	[ -n "$SEED" ] || fail 'there is no prisma/seed.sql, and SEED= names' \
	    'no other: an .sql file, or a program'
	case $SEED in
	/*) seed=$SEED ;;
	*) seed=./$SEED ;;
	esac
	[ -f "$seed" ] || fail "SEED=$SEED is not there, and nothing was changed"
	case $seed in
	*.sql) ;;
	*)
		[ -x "$seed" ] || fail "SEED=$SEED is no .sql, and cannot be" \
		    "run: chmod +x, and a first line such as" \
		    "#!/usr/bin/env -S npx tsx"
		;;
	esac
}
