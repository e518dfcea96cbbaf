#!/usr/bin/env bats
# mg-scan(1): list the migrations of one or more folders

load helper/common

setup() {
	sandbox
}

# names: of the records in ./out, a line each
names() {
	jq -r .name out
}

# lock TEXT: the provider's file of ./migrations, escapes expanded
lock() {
	printf %b "$1" >migrations/migration_lock.toml
}

# unprivileged COMMAND...: as one whom permissions bind, from this directory
unprivileged() {
	[ "$(id -u)" != 0 ] || set -- runuser -u nobody -- "$@"
	"$@"
}

# warns MESSAGE COMMAND...: exits 0, saying that
warns() {
	fails 0 "$@"
}

# refuses WHY ARGUMENT...: exits 2, saying so, with nothing on stdout
refuses() {
	fails 2 "mg-scan: $1" mg-scan "${@:2}"
	is '' "$output"
}

@test "a record has the name, the path, the kind and the track" {
	migration 1_init 'select 1;'
	is '{"name":"1_init","path":"migrations/1_init/migration.sql","kind":"sql","track":"schema"}' \
	    "$(mg-scan migrations)"
}

@test "migrations come in byte order, whatever the locale" {
	for name in b B _ 10 9 é Z z; do
		migration $name 'select 1;'
	done
	for locale in C C.UTF-8 en_US.UTF-8; do
		LC_ALL=$locale mg-scan -q migrations >out
		is $'10\n9\nB\nZ\n_\nb\nz\né' "$(names)"
	done
}

@test "several folders are merged by name" {
	for path in one/1 two/2 one/3 two/4 three/0; do
		mkdir -p $path
		touch $path/migration.sql
	done
	mg-scan one two three >out
	is $'three/0/migration.sql\none/1/migration.sql\ntwo/2/migration.sql\none/3/migration.sql\ntwo/4/migration.sql' \
	    "$(jq -r .path out)"
}

@test "slashes at the end of a folder leave no trace" {
	migration 1 'select 1;'
	is "$(mg-scan migrations)" "$(mg-scan migrations///)"
	lock 'provider = "mysql"\n'
	says 2 'mg-scan: migrations/migration_lock.toml: ' mg-scan migrations//
}

@test "an empty folder is an empty stream" {
	mkdir migrations
	warns '' mg-scan migrations
	is '' "$output"
}

@test "--track sets the track of all" {
	migration 1 'select 1;'
	migration 2 'select 1;'
	is $'index\nindex' "$(mg-scan --track index migrations | jq -r .track)"
	refuses '--track: not a name' --track '' migrations
	refuses '--track: not a name' --track $'caf\xe9' migrations
}

@test "--after and --until bound what comes" {
	for name in 1 2 3 4; do
		migration $name 'select 1;'
	done
	mg-scan --after 2 migrations >out
	is $'3\n4' "$(names)"
	mg-scan --until 2 migrations >out
	is $'1\n2' "$(names)"
	mg-scan --after 1 --until 3 migrations >out
	is $'2\n3' "$(names)"
	mg-scan --after 4 migrations >out
	is '' "$(names)"
	mg-scan --after 3 --until 1 migrations >out
	is '' "$(names)"
	mg-scan --after 2 --until 2 migrations >out
	is '' "$(names)"
}

@test "--after and --until refuse what is no migration" {
	migration 1 'select 1;'
	refuses '2: no such migration' --after 2 migrations
	refuses 'x\ny: no such migration' --until $'x\ny' migrations
}

@test "-C changes the directory, to which paths are then relative" {
	migration 1 'select 1;'
	mkdir -p elsewhere
	cd elsewhere
	is migrations/1/migration.sql \
	    "$(mg-scan -C .. migrations | jq -r .path)"
	fails 2 'mg-scan: nowhere: No such file or directory' \
	    mg-scan -C nowhere migrations
}

@test "without a folder the usage is shown" {
	says 2 $'mg-scan: which folder?\nusage: mg-scan ' mg-scan
}

@test "any real directory is a migration, dot names included" {
	migration .hidden 'select 1;'
	migration ... 'select 1;'
	migration 'no stamp' 'select 1;'
	mg-scan -q migrations >out
	is $'...\n.hidden\nno stamp' "$(names)"
}

@test "plain files are passed over, and what lies deeper" {
	migration 1 'select 1;'
	mkdir -p migrations/1/2
	touch migrations/README.md migrations/3.sql migrations/1/2/migration.sql
	mkfifo migrations/pipe
	ln -s nowhere migrations/dangling
	ln -s README.md migrations/linked.md
	warns '' mg-scan migrations
	is 1 "$(jq -r .name <<<"$output")"
}

@test "a link to a directory is passed over aloud" {
	migration 1 'select 1;'
	ln -s 1 migrations/2
	warns 'mg-scan: migrations/2: passed over: a link to a directory is no migration, for Prisma neither' \
	    mg-scan migrations
	is 1 "$(jq -r .name <<<"$output")"
	warns '' mg-scan -q migrations
	is 1 "$(jq -r .name <<<"$output")"
}

@test "the folder itself may be a link" {
	migration 1 'select 1;'
	ln -s migrations linked
	is linked/1/migration.sql "$(mg-scan linked | jq -r .path)"
}

@test "migration.sql may be a link to a file" {
	migration 1 'select 1;'
	mkdir migrations/2
	ln -s ../1/migration.sql migrations/2
	mg-scan migrations >out
	is $'1\n2' "$(names)"
}

@test "a folder without migration.sql is refused" {
	hint='; a migration without a script stops Prisma too (P3015): restore it, or remove its folder'
	migration 1 'select 1;'
	mkdir migrations/2
	refuses "migrations/2/migration.sql: No such file or directory$hint" \
	    migrations
	ln -s nowhere migrations/2/migration.sql
	refuses "migrations/2/migration.sql: No such file or directory$hint" \
	    migrations
}

@test "a migration.sql that is no file is refused" {
	mkdir -p migrations/1/migration.sql
	refuses 'migrations/1/migration.sql: not a file' migrations
	rmdir migrations/1/migration.sql
	mkfifo migrations/1/migration.sql
	refuses 'migrations/1/migration.sql: not a file' migrations
	rm migrations/1/migration.sql
	ln -s migration.sql migrations/1/migration.sql
	refuses 'migrations/1/migration.sql: Too many levels of symbolic links' \
	    migrations
}

@test "a migration that may not be entered is refused, not called missing" {
	migration 1 'select 1;'
	chmod 755 .
	chmod 600 migrations/1
	cp "$(command -v mg-scan)" .
	fails 2 'mg-scan: migrations/1: Permission denied' \
	    unprivileged ./mg-scan migrations
}

@test "a folder that is missing, no folder or not to be read is refused" {
	refuses 'nowhere: No such file or directory' nowhere
	touch file
	refuses 'file: Not a directory' file
	migration 1 'select 1;'
	chmod 755 .
	chmod 311 migrations
	cp "$(command -v mg-scan)" .
	says 2 'mg-scan: migrations: Permission denied' \
	    unprivileged ./mg-scan migrations
}

@test "the same name twice is refused" {
	mkdir -p one/a two/a
	touch one/a/migration.sql two/a/migration.sql
	refuses 'one/a/migration.sql and two/a/migration.sql: two migrations of one name; rename or remove one' \
	    one two
	refuses 'one/a/migration.sql and one/a/migration.sql: two migrations of one name; rename or remove one' \
	    one one/
}

@test "the provider may be postgresql, in the ways that Prisma reads" {
	migration 1 'select 1;'
	for text in '# two\n# comments\nprovider = "postgresql"\n' \
	    'provider = "postgresql"' 'provider = "postgresql"\r\n' \
	    '# comment\r\nprovider = "postgresql"\r\n' \
	    'provider = postgresql\n' 'provider = "postgresql"\nprovider = x' \
	    ' provider = "mysql"\nprovider = "postgresql"\n' \
	    'provider = post"gresql\n'; do
		lock "$text"
		mg-scan migrations >out
		is 1 "$(names)"
	done
}

@test "a provider's file that names none is P3019" {
	migration 1 'select 1;'
	for text in '' '\n' '# provider = "postgresql"\n' \
	    ' provider = "postgresql"\n' '\xef\xbb\xbfprovider = "postgresql"\n'; do
		lock "$text"
		refuses 'migrations/migration_lock.toml: P3019: it names no provider; write: provider = "postgresql"' \
		    migrations
	done
}

@test "another provider is P3019, and another spelling too" {
	migration 1 'select 1;'
	while IFS='|' read -r text shown; do
		lock "$text\\n"
		refuses "migrations/migration_lock.toml: P3019: the provider is not postgresql but $shown" \
		    migrations
	done <<-'END'
		provider = "mysql"|mysql
		provider = "postgres"|postgres
		provider = "PostgreSQL"|PostgreSQL
		provider="postgresql"|provider=postgresql
		provider  = "postgresql"|provider  = postgresql
		provider = 'postgresql'|'postgresql'
		provider =  "postgresql"| postgresql
		provider = "postgresql" # ours|postgresql # ours
		provider = "postgresql"\rx|postgresql\rx
		provider_x = "y"\nprovider = "postgresql"|provider_x = y
		provider = "caf\xe9"|caf\xe9
	END
	lock 'provider = "postgresql" \n'
	says 2 'P3019: the provider is not postgresql but postgresql' \
	    mg-scan migrations
}

@test "a provider's file that cannot be read is refused" {
	migration 1 'select 1;'
	mkdir migrations/migration_lock.toml
	refuses 'migrations/migration_lock.toml: Is a directory' migrations
	rmdir migrations/migration_lock.toml
	lock 'provider = "postgresql"\n'
	chmod 755 .
	chmod 200 migrations/migration_lock.toml
	cp "$(command -v mg-scan)" .
	says 2 'mg-scan: migrations/migration_lock.toml: Permission denied' \
	    unprivileged ./mg-scan migrations
}

@test "each folder's provider counts" {
	migration 1 'select 1;'
	mkdir other
	printf 'provider = "sqlite"\n' >other/migration_lock.toml
	refuses 'other/migration_lock.toml: P3019: the provider is not postgresql but sqlite' \
	    migrations other
}

@test "where Prisma's order differs a warning says so, unless -q" {
	migration 20250625120000_a 'select 1;'
	migration 20250625_b 'select 1;'
	warns 'mg-scan: 20250625_b: comes behind 20250625120000_a here, but before it in Prisma 6.6 and later, which sorts by language; rename one before both run' \
	    mg-scan migrations
	is 2 "${#lines[@]}"
	warns '' mg-scan -q migrations
	is 2 "${#lines[@]}"
}

# warned COUNT A B: so many warnings of a history of these two
warned() {
	rm -rf pair
	mkdir -p "pair/$2" "pair/$3"
	touch "pair/$2/migration.sql" "pair/$3/migration.sql"
	mg-scan pair >/dev/null 2>warnings
	is "$*" "$(wc -l <warnings) $2 $3"
}

@test "names in Prisma's order are not warned of, others are" {
	while read -r first second; do
		warned 0 "$first" "$second"
	done <<-'END'
		20240101000000_a 20240101000001_a
		20240101000000_a 20240101000000_ab
		10_x 9_x
		a ab
		a_b a_c
		A1 a2
		1_é 1_ü
		z é
	END
	while read -r first second; do
		warned 1 "$first" "$second"
	done <<-'END'
		20240101000000_y 2024_z
		10_t 1_a
		B a
		1_B 1_a
		A a
		Ab aB
		x1 x_
	END
}

@test "punctuation counts as in Prisma's collation" {
	order=" _-,;:!?.'\"()[]{}@*\\&#%\`^+<=>|~\$09azZ"
	for ((i = 1; i < ${#order}; i++)); do
		a=${order:i-1:1} b=${order:i:1} want=0
		[[ $a < $b ]] || want=1
		warned $want "1${a}x" "1${b}x"
	done
}

@test "names with spaces, quotes, newlines and other scripts travel whole" {
	for name in 'a b' "it's \"q\"" $'new\nline' $'tab\t' 'é 名 🐘' 'a\b' \
	    '*' '-n'; do
		migration "$name" 'select 1;'
	done
	mg-scan -q migrations >out
	is 8 "$(wc -l <out)"
	while IFS= read -r -d '' path; do
		[ -f "$path" ]
	done < <(jq -j '.path + "\u0000"' out)
	is "$(printf '%s\n' '*' -n 'a b' 'a\b' "it's \"q\"" \
	    $'new\nline' $'tab\t' 'é 名 🐘')" "$(names)"
}

@test "a name that is not UTF-8 is refused by its escaped name" {
	migration 1 'select 1;'
	while read -r name; do
		migration "$(printf %b "$name")" 'select 1;'
		refuses "migrations/$name/migration.sql: not UTF-8, which no history can hold; rename it" \
		    migrations
		rm -r "migrations/$(printf %b "$name")"
	done <<-'END'
		caf\xe9
		\xc0\xaf
		\xe0\x9f\xbf
		\xf0\x8f\xbf\xbf
		\xf5\x80\x80\x80
		\xed\xa0\x80
		\xf4\x90\x80\x80
		\xe2\x82
		\x80
	END
	mkdir $'dir\xff'
	mv migrations/1 $'dir\xff'
	refuses 'dir\xff/1/migration.sql: not UTF-8, which no history can hold; rename it' \
	    $'dir\xff'
}

@test "what a terminal would obey is escaped in messages" {
	migration $'\e[31m\xc2\x9b\x7f' 'select 1;'
	rm migrations/*/migration.sql
	says 2 'mg-scan: migrations/\x1b[31m\u009b\x7f/migration.sql: ' \
	    mg-scan migrations
}

@test "nothing is written when the last migration is wrong" {
	for i in {1000..1999}; do
		migration "$i"
	done
	mkdir migrations/200{9..0}
	says 2 'mg-scan: migrations/2000/migration.sql: ' mg-scan migrations
	is '' "$output"
}

@test "the page's examples work" {
	mkdir prisma migrations-schema migrations-indexes
	migration 1 'select 1;'
	mv migrations prisma && mkdir migrations
	run -0 bash -euo pipefail -c \
	    "$(sed -n 's/^\.Dl //p' "$ROOT/man/mg-scan.1" | head -1)"
	is 1 "$output"
	cp -r prisma/migrations/1 migrations-schema/2
	cp -r prisma/migrations/1 migrations-indexes/3
	run -0 bash -euo pipefail -c \
	    "$(sed -n 's/^\.Dl //p' "$ROOT/man/mg-scan.1")"
	is 2 "$(grep -c '^-- mg: ' all.sql)"
}

@test "a full disk exits 3" {
	migration 1 'select 1;'
	fails 3 'mg-scan: stdout: No space left on device' \
	    bash -c 'mg-scan migrations >/dev/full'
}
