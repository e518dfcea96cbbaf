#!/bin/sh
# deploy-ssh.sh - deploy a bundle from a host that reaches the database
#
# usage: sh deploy-ssh.sh HOST BUNDLE
#
# HOST has mg, make, jq, zstd and a PostgreSQL of the server's version, which takes
# the backup, and rehearses it; and DATABASE_URL='postgresql://...' in a file
# called .mg-deploy.env at home, with mode 0600: it never travels.  MG_BACKUPS
# (mg-backups at home) may be there, too, REHEARSE=0, or SKIP_BACKUP=1.  Exits as
# mg did there, or 255 if the connection broke; run it again then.  SSH may be
# set to ssh with options.
#
# shellcheck disable=SC2086,SC2029 # options; expanded here, on purpose
set -eu

# Runs there, with the bundle on its standard input; $1 is its checksum.
# shellcheck disable=SC2016
there='
set -eu
umask 077
[ "$(stat -L -c %a ~/.mg-deploy.env)" = 600 ] || {
	echo "$HOME/.mg-deploy.env: not there with mode 0600" >&2
	exit 2
}
work=$(mktemp -d)
trap "rm -rf \"$work\"" EXIT
trap "exit 129" HUP INT TERM
cat >"$work/release.tar.zst"
echo "$1  $work/release.tar.zst" | sha256sum -c --quiet -
set -a
MG_BACKUPS=$HOME/mg-backups
. ~/.mg-deploy.env
cd "$work"
mg deploy BUNDLE=release.tar.zst ENVIRONMENT=production
'

[ $# = 2 ] || {
	sed -n 's/^# \(usage:.*\)/\1/p' "$0" >&2
	exit 2
}
sum=$(sha256sum <"$2")
exec ${SSH:-ssh -o BatchMode=yes -o ServerAliveInterval=15} -- "$1" \
    "sh -c '$there' mg-deploy ${sum%% *}" <"$2"
