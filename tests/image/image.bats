#!/usr/bin/env bats
# The image of share/examples/Dockerfile: its root, made without Docker from the
# same Debian by the same commands, and containers in it
#
# Needs root, and Debian's packages.  What the first stage builds is built here.

# What run and entry_words set, what common.bash exports, what is expanded later:
# shellcheck disable=SC2154,SC2153,SC2016,SC2119,SC2120,SC1003

load ../helper/common
load ../helper/server
load ../helper/dockerfile
load ../helper/examples

setup_file() {
	mkdir "$BATS_FILE_TMPDIR/root"
	bootstrap >"$BATS_FILE_TMPDIR/bootstrap" 2>&1 3>&- &
	prepare
	as_root chmod 711 "$PGHOST" # for nobody, who is elsewhere another user
	wait $! || { cat "$BATS_FILE_TMPDIR/bootstrap" >&2; return 1; }
	build_image
}

setup() {
	prepared
	root=$BATS_FILE_TMPDIR/root
	as_root sh -c "rm -rf '$root'/tmp/*"
}

teardown() {
	end_sessions
}

teardown_file() {
	as_root rm -rf "$BATS_FILE_TMPDIR/root"
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

#
# The image
#

# bootstrap: the Debian that this machine has, from where it has it, as small as
# apt allows; the programs built here shall run there
bootstrap() {
	local release file sources=()
	for file in /etc/apt/sources.list{,.d/debian.sources}; do
		[ ! -s "$file" ] || sources+=("$file")
	done
	release=$(. /etc/os-release && echo "$VERSION_CODENAME") &&
		as_root mmdebstrap --mode=root --variant=apt \
		    --dpkgopt=force-unsafe-io "$release" \
		    "$BATS_FILE_TMPDIR/root" "${sources[@]}"
}

# build_image: by the instructions of its last stage, in their order
build_image() {
	local word rest user=root folder=/
	root=$BATS_FILE_TMPDIR/root
	while read -r word rest; do
		case $word in
		FROM | ARG | ENV | ENTRYPOINT | CMD | HEALTHCHECK) ;;
		RUN) inside "$user" "$folder" sh -c "$rest" ;;
		COPY) copy "$rest" ;;
		WORKDIR)
			folder=$rest
			as_root mkdir -p "$root$folder"
			;;
		USER) user=$rest ;;
		*) false ;;
		esac >"$BATS_FILE_TMPDIR/step" 2>&1 </dev/null || {
			echo "$word $rest:" >&2
			cat "$BATS_FILE_TMPDIR/step" >&2
			return 1
		}
	done < <(stage)
}

# copy WORDS: of the project, or what the first stage makes
copy() {
	case $1 in
	'--from=build /out /')
		as_root env -u MAKEFLAGS make -s -C "$ROOT" install \
		    BUILD="${BUILD:-build}" DESTDIR="$root"
		;;
	*)
		set -- "${1% *}" "$root$folder/${1#* }"
		as_root mkdir -p "$2"
		as_root cp -R --no-preserve=ownership "$1/." "$2"
		;;
	esac
}

# inside USER FOLDER COMMAND...: with the image as its root, as the first of its
# processes, and with nothing of this machine but the server's socket
inside() {
	local user=$1 folder=$2
	shift 2
	as_root env READ_ONLY="${READ_ONLY:-}" unshare -mpf --kill-child sh -c '
		root=$1 socket=$2 user=$3 folder=$4
		shift 4
		[ -z "$READ_ONLY" ] || {
			mount --bind "$root" "$root" &&
			    mount -o remount,bind,ro "$root" &&
			    mount -t tmpfs tmpfs "$root/tmp" || exit 125
		}
		mount -t proc proc "$root/proc" &&
		    mkdir -p "$root$socket" &&
		    mount --bind "$socket" "$root$socket" || exit 125
		exec chroot --userspec="$user" "$root" env -i -C "$folder" "$@"
	' inside "$root" "$PGHOST" "$user" "$folder" "${settings[@]}" \
	    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
	    DEBIAN_FRONTEND=noninteractive "$@"
}

#
# Containers
#

# container [WORD...]: as docker run IMAGE [WORD...], with the settings
container() {
	entry_words "$@"
	in_container "${command[@]}"
}

in_container() {
	local variables
	variables=$(instructions ENV | sed 's/RELEASE=[^ ]*//')
	# shellcheck disable=SC2086 # words, on purpose
	inside "$(instructions USER)" "$(instructions WORKDIR)" \
	    DATABASE_URL="$DATABASE_URL" $variables "$@"
}

healthy() {
	in_container sh -c "$(healthcheck)"
}

@test "the first stage installs what building needs, and builds" {
	local packages
	packages=$(instructions RUN build | sed -n 's/.*-recommends //p')
	# shellcheck disable=SC2086 # words, on purpose
	run -0 dpkg-query -W $packages
	run -0 sh -c "$(instructions RUN build | sed -n 's/^make/make -n/p' |
	    sed "s|-C /mg|-C '$ROOT' -B|")"
	has "$output" ' -O2 ' '/out/usr/local/bin'
}

@test "the image has what it needs, and no more" {
	run -0 in_container sh -c 'for one in cc node npm psql initdb git; do
	    ! command -v "$one" || exit; done'
	run -0 in_container mg help
	has "$output" '  deploy'
}

@test "a container deploys a release, and is healthy then" {
	run -2 healthy
	settings=(RELEASE=v4.0.0)
	run -0 container
	has "$output" 'v4.0.0 is there, object by object: 1 applied'
	healthy
	run -0 container plan
	has "$output" 'nothing to do'
	sql 'delete from _prisma_migrations'
	run -1 healthy
}

@test "a container deploys a bundle, without a Makefile or packages" {
	as_root cp ../release.tar.zst "$root/tmp"
	run -0 inside nobody /tmp DATABASE_URL="$DATABASE_URL" \
	    mg deploy BUNDLE=release.tar.zst
	has "$output" 'v4.0.0 is there'
}

@test "a container that may write nowhere but to /tmp deploys" {
	settings=(RELEASE=v4.0.0)
	export READ_ONLY=1
	run -0 container
	has "$output" 'v4.0.0 is there'
	run -0 in_container sh -c '! touch here 2>/dev/null'
}

# stop_waiting SIGNAL [WORD...]: a container that waits for a lock, as docker
# stop and kill do; its $status
stop_waiting() {
	local signal=$1 init tries
	shift
	hold_lock
	container "$@" >out 2>&1 3>&- &
	await "select exists (select from pg_stat_activity
	    where datname = current_database()
	    and application_name = 'mg-apply')"
	init=$(pgrep -P "$(pgrep -f "^unshare .* $root ")")
	as_root kill "-$signal" "$init"
	for ((tries = 0; tries < 250; tries++)); do
		as_root kill -0 "$init" 2>/dev/null || break
		sleep 0.02
	done
	as_root kill -KILL "$init" 2>/dev/null && return 1
	status=0
	wait $! || status=$?
	release_lock
}

@test "a container that is stopped ends at once, and has done nothing" {
	settings=(RELEASE=v4.0.0)
	stop_waiting TERM
	is 2 "$status"
	empty
}

@test "a container that was killed deploys when it is started again" {
	as_root cp ../release.tar.zst "$root/tmp"
	stop_waiting KILL deploy BUNDLE=/tmp/release.tar.zst
	[ "$status" != 0 ]
	run -0 container deploy BUNDLE=/tmp/release.tar.zst
	has "$output" 'v4.0.0 is there'
}

@test "deploy-ssh.sh: a host that has only these programs deploys" {
	local ssh="$PWD/ssh"
	{
		echo '#!/bin/bash'
		declare -f as_root inside
		echo 'shift 2; inside root /root HOME=/root sh -c "$*"'
	} >ssh
	chmod +x ssh
	echo "DATABASE_URL='$DATABASE_URL'" >secret
	as_root install -m 600 secret "$root/root/.mg-deploy.env"
	export root
	SSH=$ssh run -0 sh "$examples/deploy-ssh.sh" db ../release.tar.zst
	has "$output" 'v4.0.0 is there'
	as_root rm "$root/root/.mg-deploy.env"
}

@test "package.json: npm runs the scripts" {
	run -0 npm run -s migrate:deploy -- RELEASE=v4.0.0
	has "$output" 'v4.0.0 is there'
}
