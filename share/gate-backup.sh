# gate-backup.sh - take a backup, and prove it, before anything is changed
#
# usage: sh gate-backup.sh RUN
#
# make deploy runs this in production, in front of what changes the database.
#
# The names of programs may have options behind them:
# shellcheck shell=sh disable=SC2086,SC2016,SC2154,SC2034,SC2153
# shellcheck source=share/step.sh
. "$MG_SHARE/step.sh"
# shellcheck source=share/environment.sh
. "$MG_SHARE/environment.sh"
# shellcheck source=share/backup.sh
. "$MG_SHARE/backup.sh"

main() {
	read_route
	is_pending || exit 0
	read_switch SKIP_BACKUP
	if [ "$switch" = true ]; then
		skip backup "NO BACKUP: SKIP_BACKUP=$SKIP_BACKUP says so;" \
		    "there will be nothing to go back to"
		exit 0
	fi
	began=$(ms)
	take
	say "the backup: $(cat "$run/backup")"
	log backup '{ file: $file, rehearsed: $rehearsed, took_ms: $took }' \
	    --arg file "$(cat "$run/backup")" \
	    --argjson rehearsed "$rehearsed" --argjson took "$(($(ms) - began))"
}

# take: it shows how far it is where there is somebody to see it
take() {
	read_environment
	read_switch REHEARSE
	rehearsed=$switch
	set --
	if [ "$rehearsed" = true ]; then
		set -- --rehearse
	else
		skip rehearsal "NO REHEARSAL of the backup: REHEARSE=$REHEARSE" \
		    "says so"
	fi
	[ -t 2 ] || keep_words
	failing="the backup failed, and nothing was applied; SKIP_BACKUP=1 goes \
on without one"
	take_backup "$run/taken" "$@"
	failing=''
	end_words
	mv "$run/taken" "$run/backup"
}

main
