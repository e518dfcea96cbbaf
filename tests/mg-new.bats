#!/usr/bin/env bats
# mg-new(1): make an empty migration that comes behind all others

load helper/common

setup() {
	sandbox
	mkdir -p project/migrations
	cd project || return
}

missing='No such file or directory; make it with mkdir -p, or name the folder that the migrations are in'

# behind NAME: the timestamp of what comes behind it, if that is the newest
behind() {
	local path
	rm -r migrations
	mkdir -p "migrations/$1"
	path=$(mg-new new migrations) || return
	path=${path#migrations/}
	echo "${path%_new/migration.sql}"
}

# refuses WHY ARGUMENT...: exits 2, saying so, and makes nothing
refuses() {
	local before
	before=$(find . | sort)
	fails 2 "mg-new: $1" mg-new "${@:2}"
	is '' "$output"
	is "$before" "$(find . | sort)"
}

@test "the name is the time in UTC, and the script is empty" {
	local before after path
	before=$(date -u +%Y%m%d%H%M%S)
	path=$(TZ=Asia/Tokyo mg-new add_users migrations)
	after=$(date -u +%Y%m%d%H%M%S)
	[[ $path =~ ^migrations/([0-9]{14})_add_users/migration\.sql$ ]]
	[[ ! ${BASH_REMATCH[1]} < $before && ! ${BASH_REMATCH[1]} > $after ]]
	[ -f "$path" ]
	[ ! -s "$path" ]
	is "$path" "$(mg-scan migrations | jq -r .path)"
	is migrations "$(ls -A)"
}

@test "it comes behind migrations of the future, and of a whole day" {
	is 30000101000000 "$(behind 29991231235959_x)"
	is 29990102000000 "$(behind 29990101_x)"
	is 30000101000000 "$(behind 29991231_x)"
	is 29990102000000 "$(behind 299901011200_x)"
	is 29990101000001 "$(behind 29990101000000)"
}

@test "it comes behind timestamps that are no time, and too long ones" {
	is 29991331000001 "$(behind 29991331000000_x)"
	is 29991332000000 "$(behind 29991331_x)"
	is 29991231246001 "$(behind 29991231246000_x)"
	is 29990101000001 "$(behind 299901010000009_x)"
	is 29990301000001 "$(behind 29990229000000_x)"
}

@test "the rules are those of a hotfix" {
	local name
	for name in 29991231235959_x 29991231_x 29991331000000_x 29991331_x \
	    299901011200_x 29990229000000_x 2999010112000_x 99991231235958_x; do
		is "$(jq -nr -L "$ROOT/share" --arg files '' --argjson manifest \
		    "[{\"baseline_includes_up_to\": \"$name\"}]" \
		    -f "$ROOT/share/stamp.jq")" "$(behind "$name")"
	done
}

@test "older names with few digits do not matter" {
	mkdir migrations/0_baseline migrations/01_init migrations/19700101_x
	run -0 mg-new new migrations
	[[ $output == migrations/20????????????_new/migration.sql ]]
}

@test "a name behind which no timestamp sorts is refused" {
	local name
	for name in init 9_x 99991231235959_x 99999999999999_x 99999999_x; do
		mkdir "migrations/$name"
		refuses "migrations/$name/migration.sql: no timestamp comes behind this name; rename it, and in the history, too" \
		    new migrations
		rmdir "migrations/$name"
	done
}

@test "what is no migration does not matter" {
	touch migrations/zzz
	ln -s . migrations/29990101000000_x
	mg-new new migrations
}

@test "of several folders the first gets it, behind all of them" {
	mkdir -p other migrations/29990101000000_a other/29990101000001_b
	is other/29990101000002_c/migration.sql "$(mg-new c other migrations)"
	is migrations/29990101000003_d/migration.sql \
	    "$(mg-new d migrations/// other/ migrations)"
	refuses "nowhere: $missing" e migrations nowhere
}

@test "without a folder it is the project's, or the track's" {
	local tree=prisma/migrations-indexes/migrations
	refuses "prisma/migrations: $missing" a
	mkdir -p prisma/migrations/29990101000000_a $tree/29990101000005_b
	is prisma/migrations/29990101000006_c/migration.sql "$(mg-new c)"
	is $tree/29990101000007_d/migration.sql "$(mg-new --track index d)"
	refuses "prisma/migrations-schema/migrations: $missing" \
	    --track schema e
	mkdir -p prisma/migrations-schema/migrations
	is prisma/migrations-schema/migrations/29990101000008_e/migration.sql \
	    "$(mg-new --track schema e)"
}

@test "a track that is not known, or beside a folder, is refused" {
	says 2 $'mg-new: --track: not schema or index\nusage: mg-new ' \
	    mg-new --track tables a
	says 2 $'mg-new: --track says which folder, and so does DIR\nusage: ' \
	    mg-new --track schema a migrations
}

@test "-C changes the directory, to which paths are then relative" {
	mkdir elsewhere
	cd elsewhere
	path=$(mg-new -C .. a migrations)
	[ -f "../$path" ]
}

@test "a name is letters, digits and ._-, and not too long" {
	local long name
	says 2 $'mg-new: which name?\nusage: mg-new ' mg-new
	for name in '' 'add users' a/b é $'a\nb' "a'b"; do
		says 2 ': a name says what the migration is about' \
		    mg-new "$name" migrations
	done
	is '' "$(ls migrations)"
	long=$(printf 'x%.0s' {1..185})
	mg-new "A-b.c_9" migrations
	mg-new "$long" migrations
	refuses "x$long: too long; with its timestamp it has more than 200 bytes (P3010)" \
	    "x$long" migrations
}

@test "a folder of another provider is refused" {
	echo 'provider = "mysql"' >migrations/migration_lock.toml
	refuses 'migrations/migration_lock.toml: P3019: the provider is not postgresql but mysql' \
	    a migrations
}

@test "its permissions are those that mkdir would give" {
	umask 027
	path=$(mg-new a migrations)
	is '750 640' "$(stat -c %a "$(dirname "$path")" "$path" | paste -sd' ')"
}

@test "thirty at once take different timestamps" {
	local i
	mkdir other
	for i in {1..30}; do
		if ((i % 2)); then
			mg-new "n$i" migrations other 3>&- &
		else
			mg-new "n$i" other migrations 3>&- &
		fi
	done >paths
	wait
	is 30 "$(mg-scan migrations other |
	    jq -r '.name[:14]' | sort -u | wc -l)"
	is 30 "$(sort -u paths | wc -l)"
	is $'migrations\nother\npaths' "$(ls -A)"
}

@test "it waits for the one that is about to make one" {
	mkfifo held
	flock migrations sh -c ': >held; sleep 1; mkdir migrations/29990101000000_x' 3>&- &
	: <held
	is migrations/29990101000001_a/migration.sql "$(mg-new a migrations)"
	wait
}

@test "where nothing can be made beside the folder it is made in it" {
	[ "$(id -u)" = 0 ] || skip 'only root can give the folder away'
	chmod 755 . ..
	chown nobody migrations
	cp "$(command -v mg-new)" .
	path=$(runuser -u nobody -- ./mg-new a migrations)
	[ -f "$path" ]
	chown root migrations
	says 3 ': Permission denied' runuser -u nobody -- ./mg-new a migrations
	is 1 "$(mg-scan migrations | wc -l)"
}

@test "a full disk is told though the migration is there" {
	run -3 bash -c 'mg-new a migrations >/dev/full'
	is 1 "$(mg-scan migrations | wc -l)"
}
