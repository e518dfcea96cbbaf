# history.bash - a project whose migrations are SQL, knex's and programs by
# turns, and its releases
#
# Each migration leaves a trace, and changes the table of its kind in a way
# that wants those of its kind before it.
#
# shellcheck disable=SC2034,SC2154 # what run sets, and the rounds use

# The name of each, in their order; what is before the dot is its name for mg.
readonly NAMES=(20240101000000_a.sql 20240102_b.ts 20240103000000_c.sh
	20240104000000_d.sql 20240105_e.js 20240106000000_f.py 20240107_g.cjs
	20240108000000_h.sql 20240109000000_i.program 20240110_j.mjs
	20240111000000_k.sql 20240112000000_l.sh)
readonly LAST=${#NAMES[@]}

# releases: $work/N is the project when N was its last migration
releases() {
	local n release
	for ((n = 1; n <= LAST; n++)); do
		release=$work/$n
		if [ "$n" = 1 ]; then
			begin "$release"
		else
			cp -a "$work/$((n - 1))" "$release"
		fi
		(cd "$release" && write "$n" && list)
	done
}

# begin DIR: the project without migrations
begin() {
	mkdir -p "$1/prisma/migrations" "$1/knex" "$1/scripts"
	echo 'provider = "postgresql"' >"$1/prisma/migrations/migration_lock.toml"
	cp "$ROOT/tests/interop/prisma.config.ts" "$here/knexfile.cjs" "$1"
	cp "$ROOT/tests/interop/schema.prisma" "$1/prisma"
	ln -s "$PRISMA/node_modules" "$1"
}

# list: the records of all in this folder
list() {
	mg-scan prisma/migrations scripts --layout knex knex >scanned
	mg-hash <scanned >records
}

# write N: the migration, into the folder of its kind
write() {
	local file=${NAMES[$1 - 1]} name folder work
	name=${file%%.*}
	case $file in
	*.sql)
		mkdir "prisma/migrations/$name"
		sql_of "$1" >"prisma/migrations/$name/migration.sql"
		return
		;;
	*.ts | *.js | *.cjs | *.mjs) "${file##*.}_of" "$1" >"knex/$file" ; return ;;
	esac
	folder=scripts/$name
	mkdir "$folder"
	case $file in
	*.program)
		{ echo '#!/usr/bin/env bash' && sh_of "$1"; } >"$folder/migration"
		chmod +x "$folder/migration"
		;;
	*) "${file##*.}_of" "$1" >"$folder/migration.${file##*.}" ;;
	esac
}

# kind N: whose it is
kind() {
	case ${NAMES[$1 - 1]} in
	*.sql) echo Prisma ;;
	*.ts | *.js | *.cjs | *.mjs) echo knex ;;
	*) echo program ;;
	esac
}

# name N: of it, for mg
name() {
	echo "${NAMES[$1 - 1]%%.*}"
}

# point N PLACE, trace N: what a migration runs
point() {
	echo "select orders.point('$(name "$1")', '$2');"
}

trace() {
	local kind
	kind=$(kind "$1")
	echo "insert into orders.trace (name) values ('$(name "$1")');"
	# Those of a kind begin with one each.
	if [ "$1" -le 3 ]; then
		echo "create table by_$kind (m$1 int);"
	else
		echo "alter table by_$kind add m$1 int;"
	fi
}

sql_of() {
	point "$1" before
	trace "$1"
	point "$1" behind
}

sh_of() {
	cat <<-end_of_script
	psql -Xq -v ON_ERROR_STOP=1 -c "$(point "$1" before)" \\
	    -c "$(trace "$1" | tr '\n' ' ')" \\
	    -c "$(point "$1" behind)" >/dev/null
	end_of_script
}

py_of() {
	cat <<-end_of_script
	import subprocess
	for sql in ["$(point "$1" before)",
	            "$(trace "$1" | tr '\n' ' ')",
	            "$(point "$1" behind)"]:
	    subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-c", sql],
	                   stdout=subprocess.DEVNULL, check=True)
	end_of_script
}

js_of() {
	cat <<-end_of_script
	exports.up = async (knex) => {
	$(raw "$1")
	};
	exports.down = async () => {};
	end_of_script
}

cjs_of() {
	cat <<-end_of_script
	module.exports = {
	  config: { transaction: false },
	  async up(knex) {
	$(raw "$1")
	  },
	  async down() {},
	};
	end_of_script
}

mjs_of() {
	cat <<-end_of_script
	export const config = { transaction: false };
	export async function up(knex) {
	$(raw "$1")
	}
	export async function down() {}
	end_of_script
}

ts_of() {
	cat <<-end_of_script
	import type { Knex } from 'knex';

	export async function up(knex: Knex): Promise<void> {
	$(raw "$1")
	}

	export async function down(knex: Knex): Promise<void> {}
	end_of_script
}

# raw N: as knex runs it
raw() {
	cat <<-end_of_script
	  await knex.raw("$(point "$1" before)");
	  await knex.raw("$(trace "$1" | tr '\n' ' ')");
	  await knex.raw("$(point "$1" behind)");
	end_of_script
}
