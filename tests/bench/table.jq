# table.jq - results.jsonl as tables for people

def left(width): tostring | . + (" " * (width - length) // "");
def right(width): tostring | (" " * (width - length) // "") + .;
def fixed(digits): if . == null then "-" else
    . * pow(10; digits) | round | . / pow(10; digits) | tostring |
    if digits == 0 then . else
	(. / "." | .[1] // "") as $rest |
	(. / ".")[0] + "." + $rest + ("0" * (digits - ($rest | length)) // "")
    end end;
def time: if . < 100 then fixed(1) else fixed(0) end;

def head:
    ("way" | left(17)) + ("rounds" | right(7)) + ("ms" | right(9)) +
    ("x psql" | right(9)) + ("cpu ms" | right(9)) + ("MB" | right(7)) +
    ("statements" | right(12)) + ("round trips" | right(13));
def row:
    (.way | left(17)) +
    ("\(.rounds)\(if .side_by_side then "*" else "" end)" | right(7)) +
    (.ms | time | right(9)) + (.ratio | fixed(3) | right(9)) +
    (.cpu_ms | time | right(9)) + (.kb / 1024 | fixed(1) | right(7)) +
    (.statements // "-" | right(12)) + (.round_trips // "-" | right(13));

[inputs] | . as $all |
(map(select(.bench == "rtt")) | group_by(.rtt)[] |
    "\(.[0].n) migrations, round trip \(.[0].rtt) ms", head,
    (sort_by(.ms)[] | row),
    (if any(.side_by_side) then
	"* one run, beside the others so marked, as all wait for the network"
    else empty end), ""),
(map(select(.bench == "growth")) | select(length > 0) |
    (map(.way) | unique) as $ways |
    "growth, round trip 0 ms: ms, and ms for each migration",
    ("migrations" | left(11)) + ($ways | map(right(20)) | add),
    (group_by(.n)[] | . as $row | (.[0].n | left(11)) + ($ways | map(. as $way |
	$row | map(select(.way == $way))[0] |
	if . == null then "-" | right(20) else
	    (.ms | time | right(11)) + (.ms_each | fixed(3) | right(9))
	end) | add)), ""),
(map(select(.bench == "files")) | select(length > 0) |
    "scan and hash \(.[0].n) files",
    (sort_by(.ms)[] | (.way | left(17)) + ("\(.rounds)" | right(7)) +
	(.ms | time | right(9)) + " ms" + (.cpu_ms | time | right(9)) +
	" ms cpu" + (.kb / 1024 | fixed(1) | right(7)) + " MB"), ""),
(map(select(.bench == "lanes" or .bench == "load")) |
    group_by([.bench, .n])[] |
    "\(.[0].bench), \(.[0].n) \(if .[0].bench == "load" then "rows"
	else "tables" end)",
    ("way" | left(17)) + ("rounds" | right(7)) + ("ms" | right(9)) +
	("x psql" | right(9)),
    (sort_by(.ms)[] | (.way | left(17)) + ("\(.rounds)" | right(7)) +
	(.ms | time | right(9)) + (.ratio | fixed(3) | right(9))), ""),
(map(select(.failed != null)) | select(length > 0) |
    "failed, or not here", (.[] | (.way | left(17)) + " " +
	(.failed | gsub("\n"; "\n" + " " * 18))), "")
