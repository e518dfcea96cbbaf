# earlier.jq - the baselines that databases may have run before this one
#
#	include "earlier";
#
# The metadata's "replaces" has two kinds of entries: migrations, and earlier
# baselines, which have a "replaces" of their own: names of either kind.

def originals: map(select(.replaces | not));

def baselines: map(select(.replaces));

# The migrations that it stands for, in the end: each name once.
def names($entries):
	def within: .replaces[] | $entries[.] as $entry |
	    if $entry.replaces then $entry | within else . end;
	[within] | unique;

# Those that a database may have run, of which the new one has all: what an
# edited or vanished migration made is not in it.
def earlier($records):
	if . == null then [] else
		.metadata.replaces as $all |
		($all | INDEX(.name)) as $entries |
		($records | INDEX(.name)) as $now |
		def kept: all(.[]; $now[.].checksum == $entries[.].checksum);
		[$all | baselines[] | select(names($entries) | kept)] as $before |
		([$before[] | names($entries)[]] | unique) as $known |
		$before + [{ name: .folder, checksum: .metadata.checksum,
		    replaces: (($before | map(.name)) +
			($all | originals | map(.name) | . - $known)) } |
		    select(($all | originals | map(.name)) | kept)]
	end;
