# performance.jq - what migrations took, and which took too much
#
#	jq -nr -L share --rawfile ignored FILE --slurpfile measured measured \
#	    -f performance.jq
#
# MAX_MS, MAX_WAL, MAX_LOCK_MS and REWRITES are in the environment; what it
# writes is told in findings.jq, with a table of the slowest in front of it.

include "findings";
include "words";

def modes: ["AccessShareLock", "RowShareLock", "RowExclusiveLock",
	"ShareUpdateExclusiveLock", "ShareLock", "ShareRowExclusiveLock",
	"ExclusiveLock", "AccessExclusiveLock"];

def rank: . as $mode | modes | index($mode);

# Of each table the strongest, for as long as it was locked so.
def strongest: group_by(.table) | map(max_by(.mode | rank)) |
	sort_by(-(.mode | rank), .table);

# What keeps others from writing.
def is_hard: (.mode | rank) >= ("ShareLock" | rank);

def bytes: capture("^(?<n>[0-9]+)\\s*(?<unit>kB|MB|GB|)$") |
	(.n | tonumber) *
	    { "": 1, kB: 1024, MB: 1048576, GB: 1073741824 }[.unit];

def size: if . < 10240 then "\(.) B" elif . < 10485760
	then "\(. / 1024 | floor) kB" else "\(. / 1048576 | floor) MB" end;

def count: select(test("^[0-9]+$")) | tonumber;

# The thresholds, or null for what is no number.
def bounds: { MAX_MS: [env.MAX_MS | count][0],
	MAX_WAL: [env.MAX_WAL | bytes][0],
	MAX_LOCK_MS: [env.MAX_LOCK_MS | count][0],
	REWRITES: [env.REWRITES | count][0] };

# Of what is named one by its first.
def also: length - 1 | if . > 0 then ", and \(.) more" else "" end;

def over($bounds):
	def finding($kind; $why): { kind: $kind, name, why: $why };
	(select(.ms > $bounds.MAX_MS) |
	    finding("slow"; "\(.ms) ms, not \($bounds.MAX_MS)")),
	(select(.wal > $bounds.MAX_WAL) |
	    finding("wal"; "\(.wal | size) of WAL, not " +
		"\($bounds.MAX_WAL | size)")),
	((.locks | map(select(is_hard and .ms > $bounds.MAX_LOCK_MS)) |
	    select(. != [])) as $locks |
	    ($locks | max_by(.ms)) as $lock |
	    finding("lock"; "\($lock.mode) on \($lock.table)\($locks |
		also) for up to \($lock.ms) ms, not " +
		"\($bounds.MAX_LOCK_MS)")),
	(select((.rewrites | length) > $bounds.REWRITES) |
	    finding("rewrite"; "\(.rewrites | join(", ")) written anew, " +
		"while nobody else can read there"));

def padded($width): tostring | (" " * ($width - length) // "") + .;

def row: [(.[0] | padded(9)), (.[1] | padded(8)), (.[2] | padded(9)),
	(.[3] | padded(9)), .[4]] | join("  ");

# How many lines the table has; the rest is in the records.
def shown_rows: 15;

def strongest_lock:
	.locks | select(. != []) |
	": \(.[0].mode | rtrimstr("Lock")) on \(.[0].table)\(also)";

def table:
	(["ms", "WAL", "read", "written", "migration: its strongest lock"] |
	    row),
	(sort_by(-.ms) | .[:shown_rows][] | [.ms, (.wal | size), .rows_read,
	    .rows_written, (.name | shown) + (strongest_lock // "")] | row),
	(length - shown_rows | select(. > 0) | "and \(.) more");

bounds as $bounds |
([$bounds | to_entries[] | select(.value == null).key][0]) as $wrong |
if $wrong then "refused: \($wrong) is a number, not '\(env[$wrong])'"
else
	($measured | map(select(.wal != null) | .locks |= strongest)) as $all |
	([$all[] | over($bounds)] | [told_findings(["slow", "wal", "lock",
	    "rewrite"]; $ignored)]) as $told |
	$told[0], ($all | table), $told[1:][],
	"\($all | length | plural("migration")): \($all | map(.ms) | add // 0 |
	    round) ms, \($all | map(.wal) | add // 0 | size) of WAL"
end
