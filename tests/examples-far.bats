#!/usr/bin/env bats
# share/examples: the scripts that ship a bundle and deploy it elsewhere
#
# Rows are those of the promises to users.

# What run sets, and what stand-ins expand themselves:
# shellcheck disable=SC2154,SC2016,SC2030,SC2031

load helper/common
load helper/examples

setup_file() {
	prepare
}

# The far side has nothing of ours but a home, where its secret is, and PATH.
setup() {
	prepared
	mkdir home bin near
	printf '%s\n' "DATABASE_URL='$DATABASE_URL'" "MG_BACKUPS='$PWD/backups'" \
	    REHEARSE=0 >home/.mg-deploy.env
	chmod 600 home/.mg-deploy.env
	printf %s "$DATABASE_URL" >home/parameter
	unset DATABASE_URL DIRECT_URL
	export FAR=$PWD TMPDIR=$PWD/near
	PATH=$PWD/bin:$PATH
	# Called again and again, and sees what others could.
	program jq <<-EOF
		cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' >>"\$FAR/seen"
		exec "$(type -P jq)" "\$@"
	EOF
}

# program NAME: a stand-in, from standard input
program() {
	{
		echo '#!/bin/bash'
		cat
	} >"bin/$1"
	chmod +x "bin/$1"
}

# far_side COMMAND: for stand-ins, where that runs
far_side='far_side() {
	env -i HOME="$FAR/home" PATH="$PATH" FAR="$FAR" TMPDIR="$FAR/home" \
	    sh -c "$1"
}'

# tidy: nothing is left, here or there, and the secret was not seen
tidy() {
	is '' "$(ls near)"
	is 'parameter' "$(ls home)"
	run -1 grep -r "$(cat home/parameter)" seen near
}

#
# ssh
#

# ssh as it is: the words behind the host are one command for a shell there
ssh_stand_in() {
	program ssh <<-EOF
		$far_side
		while [ "\$1" != -- ]; do shift; done
		[ "\$2" = db.example ] || exit 255
		shift 2
		echo "\$*" >>"\$FAR/seen"
		${1:-cat} | far_side "\$*"
	EOF
}

by_ssh() {
	sh "$examples/deploy-ssh.sh" db.example "${1:-../release.tar.zst}"
}

# Row 198.
@test "deploy-ssh.sh: deploys there, and leaves nothing" {
	ssh_stand_in
	run -0 by_ssh
	has "$output" 'v4.0.0 is there, object by object: 1 applied'
	mg-backup --check backups/*.dump
	tidy
	run -0 by_ssh
	has "$output" 'nothing to do'
}

@test "deploy-ssh.sh: a bundle that was changed on its way is not deployed" {
	ssh_stand_in 'sed 1s/^.../xyz/'
	run -1 by_ssh
	has "$output" 'release.tar.zst: FAILED'
	empty
	tidy
}

@test "deploy-ssh.sh: a bundle that was cut off on its way is not deployed" {
	ssh_stand_in 'head -c 100'
	run -1 by_ssh
	empty
}

# Row 153.
@test "deploy-ssh.sh: a secret that others may read is not used" {
	ssh_stand_in
	chmod 640 home/.mg-deploy.env
	run -2 by_ssh
	has "$output" "home/.mg-deploy.env: not there with mode 0600"
	empty
}

@test "deploy-ssh.sh: what fails there fails here, as there" {
	ssh_stand_in
	sql 'create table a (i text);'
	run -2 by_ssh
	has "$output" P3005
	tidy
	program mg <<<'exit 75'
	run -75 by_ssh
	rm bin/ssh
	program ssh <<<'exit 255'
	run -255 by_ssh
}

@test "deploy-ssh.sh: a bundle that is not there is not sent" {
	program ssh <<<'touch "$FAR/sent"'
	run ! by_ssh no/bundle
	[ ! -e sent ]
	run -2 sh "$examples/deploy-ssh.sh" db.example
	has "$output" 'usage: sh deploy-ssh.sh HOST BUNDLE'
}

#
# SSM
#

# aws, here and there: a bucket is a folder, a command runs as AWS-RunShellScript
# runs it, and is told of the second time it is asked for
aws_stand_in() {
	program aws <<-EOF
		$far_side
		transport() { ${1:-cat}; }
	EOF
	cat >>bin/aws <<'EOF'
echo "$*" >>"$FAR/seen"
# option NAME: what is behind it
option() {
	local name=$1
	shift
	while [ "$1" != "$name" ]; do shift; done
	echo "$2"
}
case $1-$2 in
s3-cp)
	shift 3
	case $1 in
	s3:*) transport <"$FAR/${1##*/}" >"$2" ;;
	*) cp "$1" "$FAR/${2##*/}" ;;
	esac
	;;
ssm-get-parameter)
	[ "$4" = /mg/production/DATABASE_URL ] && cat "$FAR/home/parameter"
	;;
ssm-send-command)
	file=$(option --parameters "$@")
	jq -e '.executionTimeout == ["7200"]' "${file#file://}" >/dev/null &&
	    jq -j '.commands[]' "${file#file://}" >"$FAR/command"
	echo 6-a-b
	;;
ssm-get-command-invocation)
	[ -e "$FAR/asked" ] || { touch "$FAR/asked"; exit 254; }
	[ -e "$FAR/began" ] || {
		touch "$FAR/began"
		echo '{ "Status": "InProgress", "ResponseCode": -1 }'
		exit
	}
	status=0
	far_side "$(cat "$FAR/command")" >"$FAR/out" 2>"$FAR/err" || status=$?
	jq -n --argjson status "$status" --rawfile out "$FAR/out" \
	    --rawfile err "$FAR/err" --arg told "${AWS_STATUS:-}" '{
	    Status: (if $told != "" then $told elif $status == 0 then "Success"
		else "Failed" end), ResponseCode: (if $told == "" then $status
		else -1 end), StandardOutputContent: $out,
	    StandardErrorContent: $err }'
	;;
*) exit 252 ;;
esac
EOF
}

by_ssm() {
	rm -f asked began
	MG_POLL=0 MG_GATES="MG_BACKUPS=$FAR/backups REHEARSE=0" \
	    sh "$examples/deploy-ssm.sh" i-0123456789abcdef0 \
	    ../release.tar.zst s3://bucket/mg
}

# Rows 197, 207.
@test "deploy-ssm.sh: deploys there, and leaves nothing but the bundle" {
	aws_stand_in
	run -0 by_ssm
	has "$output" 'v4.0.0 is there, object by object: 1 applied'
	mg-backup --check backups/*.dump
	tidy
	run -0 by_ssm
	has "$output" 'nothing to do'
}

@test "deploy-ssm.sh: a bundle that was changed on its way is not deployed" {
	aws_stand_in 'sed 1s/^.../xyz/'
	run -1 by_ssm
	has "$output" 'release.tar.zst: FAILED'
	empty
	tidy
}

@test "deploy-ssm.sh: what fails there fails here, as there" {
	aws_stand_in
	sql 'create table a (i text);'
	run -2 by_ssm
	has "$output" P3005 '6-a-b: Failed'
	tidy
	program mg <<<'exit 75'
	run -75 by_ssm
}

@test "deploy-ssm.sh: what did not end there has failed" {
	aws_stand_in
	AWS_STATUS=TimedOut run -3 by_ssm
	has "$output" '6-a-b: TimedOut'
}

@test "deploy-ssm.sh: without its secret nothing runs" {
	aws_stand_in
	MG_PARAMETER=/other run -1 by_ssm
	empty
}
