#!/usr/bin/env bats
# What mg-lint and Squawk find where both have a rule of the same name
#
# The examples of tests/lint, and all migrations of $HISTORY, or of one that is
# made for it.

load helper

SQUAWK=$PRISMA/node_modules/@squawk-cli/linux-x64/bin/squawk

setup() {
	local reason
	! reason=$(missing) || skip "skipped: $reason"
	[ -x "$SQUAWK" ] || skip 'skipped: there is no Squawk for this machine'
	sandbox
	mg-lint --rules | cut -f 1 >rules
}

# squawk FILE...: file, line and rule of what it finds, parted by tabs
squawk() {
	printf '%s\0' "$@" |
	    xargs -0 "$SQUAWK" --pg-version 15.0 \
		--assume-in-transaction --reporter json >found 2>words ||
	    grep -q '"rule_name"' found
	jq -r '.[] | [.file, .line + 1, .rule_name] | @tsv' found |
	    awk -F '\t' 'NR == FNR { rules[$0]; next } $3 in rules' rules - |
	    sort -u
}

# ours FILE...: the same of mg-lint
ours() {
	mg-lint --format json "$@" >found || [ $? = 1 ]
	jq -r '[.file, .line, .rule] | @tsv' found | sort -u
}

# agree FILE RULE: both find it in the same lines
agree() {
	is "$(ours "$1" | grep "	$2\$")" "$(squawk "$1" | grep "	$2\$")"
}

# same: the rules that both have and that mean the same
same() {
	printf '%s\n' adding-foreign-key-constraint adding-not-nullable-field \
	    adding-required-field adding-serial-primary-key-field \
	    ban-concurrent-index-creation-in-transaction ban-drop-column \
	    ban-drop-database ban-drop-not-null ban-drop-table \
	    ban-truncate-cascade ban-uncommitted-transaction \
	    changing-column-type disallowed-unique-constraint \
	    identifier-too-long renaming-column renaming-table \
	    require-concurrent-index-creation \
	    require-concurrent-index-deletion \
	    require-concurrent-partition-detach require-concurrent-reindex \
	    syntax-error
}

@test "both find the same in the examples of the rules that both have" {
	local rule
	for rule in $(same); do
		agree "$ROOT/tests/lint/$rule/bad.sql" "$rule"
	done
}

# differ RULE SQL WANT: Squawk's lines, a slash, ours
differ() {
	printf '%s\n' "$2" >in.sql
	is "$3 $1" "$(squawk in.sql | grep "	$1\$" | cut -f 2 | xargs)/$(
	    ours in.sql | grep "	$1\$" | cut -f 2 | xargs) $1"
}

@test "where they differ, this is why" {
	# A table of this very migration has no rows and no users.
	differ ban-drop-column \
	    'CREATE TABLE a (b int); ALTER TABLE a DROP COLUMN b;' 1/
	# A number below zero is a constant; a serial writes all rows.
	differ adding-field-with-default \
	    'ALTER TABLE a ADD COLUMN b int DEFAULT -1;' 1/
	differ adding-field-with-default \
	    'ALTER TABLE a ADD COLUMN b serial;' /1
	# A serial has a default.
	differ adding-required-field \
	    'ALTER TABLE a ADD COLUMN b serial NOT NULL;' 1/
	# A foreign key has a rule of its own.
	differ constraint-missing-not-valid \
	    'ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c;' 1/
	# A column's check reads all rows as well.
	differ constraint-missing-not-valid \
	    'ALTER TABLE a ADD COLUMN b int CHECK (b > 0);' /1
	# All in BEGIN and COMMIT, it is atomic; of others own-transaction tells.
	differ transaction-nesting 'BEGIN; SELECT 1; COMMIT;' 1/
	# It may be done when the migration fails.
	differ prefer-robust-stmts 'DROP INDEX CONCURRENTLY i;' /1
}

@test "in a long history mg-lint finds nothing that Squawk does not" {
	local files
	[ -n "${HISTORY:-}" ] || "$ROOT/tests/history" 692 1 "${HISTORY:=made}"
	mapfile -d '' files < <(find "$HISTORY" -name migration.sql -print0)
	[ ${#files[@]} -gt 0 ]
	# Of a statement over several lines they may name different ones.
	squawk "${files[@]}" | cut -f 1,3 | sort -u >theirs
	ours "${files[@]}" | grep -wFf <(same) | cut -f 1,3 | sort -u >us
	[ -s us ]
	is '' "$(comm -13 theirs us)"
}
