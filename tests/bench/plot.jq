# plot.jq - draw results.jsonl as SVG: time against --arg plot rtt or growth
#
# Time has a logarithmic scale, and so has the number of migrations.  Each
# line is labelled at its end, as far from the next as legible text must be.

def colors: ["#d62728", "#1f77b4", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf",
    "#8c564b", "#e377c2", "#bcbd22", "#7f7f7f", "#393b79", "#637939"];
def plots: {
    rtt: { x: "rtt", log: false, title: "Time against round trip",
	label: "round trip, ms" },
    growth: { x: "n", log: true, title: "Time against number of migrations",
	label: "migrations" },
    load: { x: "n", log: true, title: "Rows and their indexes",
	label: "rows" },
};
def box: { left: 80, right: 660, top: 50, bottom: 460, width: 830,
    height: 520 };

def escaped: gsub("&"; "&amp;") | gsub("<"; "&lt;");
def short: . * 10 | round / 10;
def duration: if . < 1000 then "\(.) ms" else "\(. / 1000) s" end;
def text(x; y; anchor; more):
    "<text x=\"\(x | short)\" y=\"\(y | short)\" text-anchor=\"\(anchor)\"" +
    "\(more)>\(escaped)</text>";
def line(x1; y1; x2; y2; color):
    "<line x1=\"\(x1 | short)\" y1=\"\(y1 | short)\" x2=\"\(x2 | short)\"" +
    " y2=\"\(y2 | short)\" stroke=\"\(color)\"/>";

# From a range of values to one of pixels.
def scale(from; to; low; high):
    if from == to then (low + high) / 2
    else low + (. - from) / (to - from) * (high - low) end;
# Push labels down until they are 15 apart, then up from the bottom.
def spread: sort_by(.y) |
    reduce .[] as $one ([]; . + [$one +
	{ at: ([$one.y, (.[-1].at // -99) + 15] | max) }]) | reverse |
    reduce .[] as $one ([]; . + [$one + { at: ([$one.at, box.bottom,
	(if . == [] then box.bottom else .[-1].at - 15 end)] | min) }]);

[inputs | select(.bench == $plot)] as $all | plots[$plot] as $it |
if $all == [] then error("nothing was measured for \($plot)") else . end |
def across: if $it.log then log10 else . end;
($all | map(.[$it.x]) | unique) as $xs |
($all | map(.ms) | [min, max] | map(log10) |
    [(.[0] | floor), (.[1] | ceil)]) as $decades |
def x: across | scale($xs[0] | across; $xs[-1] | across; box.left; box.right);
def y: log10 | scale($decades[0]; $decades[1]; box.bottom; box.top);
($all | group_by(.way) | sort_by(.[0].way != "mg") | to_entries | map({
    way: .value[0].way, color: colors[.key % (colors | length)],
    points: (.value | sort_by(.[$it.x]) |
	map({ x: (.[$it.x] | x), y: (.ms | y) })) } |
    . + { y: .points[-1].y })) as $lines |

"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(box.width)\" " +
"height=\"\(box.height)\" viewBox=\"0 0 \(box.width) \(box.height)\" " +
"font-family=\"sans-serif\" font-size=\"13\">",
"<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
("\($it.title)\(if $it.log then "" else
    ", \($all[0].n) migrations" end)" |
    text(box.left; 28; "start"; " font-size=\"17\"")),
(range($decades[0]; $decades[1] + 1) | pow(10; .) |
    line(box.left; y; box.right; y; "#dddddd"),
    (y as $y | duration | text(box.left - 8; $y + 4; "end"; ""))),
($xs[] | line(x; box.top; x; box.bottom; "#eeeeee"),
    (x as $x | tostring | text($x; box.bottom + 20; "middle"; ""))),
line(box.left; box.bottom; box.right; box.bottom; "black"),
line(box.left; box.top; box.left; box.bottom; "black"),
($it.label | text((box.left + box.right) / 2; box.bottom + 45; "middle"; "")),
("time" | text(20; (box.top + box.bottom) / 2; "middle";
    " transform=\"rotate(-90 20 \((box.top + box.bottom) / 2))\"")),
($lines[] | "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"\(.color)\" " +
    "points=\"\(.points | map("\(.x | short),\(.y | short)") | join(" "))\"/>",
    (.color as $color | .points[] |
	"<circle cx=\"\(.x | short)\" cy=\"\(.y | short)\" r=\"3\" " +
	"fill=\"\($color)\"/>")),
($lines | spread[] |
    (line(.points[-1].x + 4; .y; box.right + 22; .at; .color) |
	sub("/>"; " stroke-dasharray=\"2 3\"/>")),
    (. as $one | .way | text(box.right + 26; $one.at + 4; "start";
	" fill=\"\($one.color)\""))),
"</svg>"
