#!/bin/sh
# deploy-ssm.sh - deploy a bundle from an AWS instance that reaches the database
#
# usage: sh deploy-ssm.sh INSTANCE BUNDLE s3://BUCKET/FOLDER
#
# INSTANCE has mg, make, jq, zstd, aws and a PostgreSQL of the server's version,
# which takes the backup, and rehearses it; may read that folder, and takes
# DATABASE_URL from the parameter store, where MG_PARAMETER
# (/mg/production/DATABASE_URL) is a SecureString: it never comes here.  MG_GATES
# (MG_BACKUPS=/var/backups/mg) is more for mg deploy, as REHEARSE=0.  Exits as mg
# did there; 3 if it never ran or was broken off.  A run longer than MG_TIMEOUT
# (7200) seconds is.
set -eu
parameter=${MG_PARAMETER:-/mg/production/DATABASE_URL}

# Runs there; the bundle's address, its checksum, the parameter's name and the
# gates come before it, as variables.
# shellcheck disable=SC2016
there='
set -eu
umask 077
work=$(mktemp -d)
trap "rm -rf \"$work\"" EXIT
trap "exit 129" HUP INT TERM
cd "$work"
aws s3 cp --only-show-errors "$bundle" release.tar.zst
echo "$sum  release.tar.zst" | sha256sum -c --quiet -
DATABASE_URL=$(aws ssm get-parameter --name "$parameter" --with-decryption \
    --query Parameter.Value --output text)
export DATABASE_URL
mg deploy BUNDLE=release.tar.zst ENVIRONMENT=production $gates
'

main() {
	[ $# = 3 ] || {
		sed -n 's/^# \(usage:.*\)/\1/p' "$0" >&2
		exit 2
	}
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	trap 'exit 129' HUP INT TERM
	sum=$(sha256sum <"$2")
	sum=${sum%% *}
	aws s3 cp --only-show-errors "$2" "$3/$sum.tar.zst"
	send "$1" "$3/$sum.tar.zst"
	follow "$1"
	jq -j .StandardOutputContent "$work/told"
	jq -j .StandardErrorContent "$work/told" >&2
	code=$(jq .ResponseCode "$work/told")
	[ "$status" = Success ] || echo "deploy-ssm: $command: $status" >&2
	# It is -1 of what never ran, or did not end.
	[ "$code" -ge 0 ] || code=3
	[ "$code" != 0 ] || [ "$status" = Success ] || code=3
	exit "$code"
}

send() {
	jq -n --arg there "$there" --arg bundle "$2" --arg sum "$sum" \
	    --arg parameter "$parameter" \
	    --arg gates "${MG_GATES:-MG_BACKUPS=/var/backups/mg}" --arg seconds "${MG_TIMEOUT:-7200}" \
	    '{ commands: [@sh "bundle=\($bundle) sum=\($sum)
		parameter=\($parameter) gates=\($gates)" + $there],
	    executionTimeout: [$seconds] }' >"$work/parameters"
	command=$(aws ssm send-command --document-name AWS-RunShellScript \
	    --instance-ids "$1" --parameters "file://$work/parameters" \
	    --query Command.CommandId --output text)
}

# It may take a moment until AWS knows of its own command.
follow() {
	status=Pending
	tries=0
	while :; do
		case $status in
		Pending | InProgress | Delayed | Cancelling) ;;
		*) return ;;
		esac
		sleep "${MG_POLL:-3}"
		if aws ssm get-command-invocation --command-id "$command" \
		    --instance-id "$1" --output json >"$work/told"; then
			status=$(jq -r .Status "$work/told")
			tries=0
		else
			tries=$((tries + 1))
			[ "$tries" -lt 10 ] || exit 3
		fi
	done
}

main "$@"
