# html.jq - parts of a page
#
#	"a < b" | part("p"; "soft")
#
# What goes into a part is text, unless it is for inside().

include "words";

# inside(NAME; CLASS): of HTML
def inside($name; $class):
	"<\($name)" + if $class == "" then "" else
		@html " class=\"\($class)\"" end + ">" + . + "</\($name)>";

# part(NAME; CLASS): of text, in which control characters do nothing
def part($name; $class): plain | @html | inside($name; $class);

def concat(parts): [parts] | add // "";

#
# Drawings, which stretch: words stand beside them
#

def svg($class; $says; $box; shapes):
	@html "<svg class=\"\($class)\"" + (if $says == "" then
	    " aria-hidden=\"true\"" else
	    @html " role=\"img\" aria-label=\"\($says | plain)\"" end) +
	@html " viewBox=\"\($box)\" preserveAspectRatio=\"none\">" +
	concat(shapes) + "</svg>";

def rect($class; $x; $y; $width; $height; $says):
	@html "<rect class=\"\($class)\" x=\"\($x)\" y=\"\($y)\"" +
	@html " width=\"\($width)\" height=\"\($height)\">" +
	(if $says == "" then "" else $says | plain | @html |
	    inside("title"; "") end) + "</rect>";

# bar(CLASS; TEXT; SHAPES): which lie between 0 and 1000
def bar($class; $says; shapes): svg($class; $says; "0 0 1000 10"; shapes);

def stretch($class; $from; $width; $says):
	rect($class; $from | short; 0; $width | short; 10; $says);

def tick:
	short | @html "<line class=\"tick\" x1=\"\(.)\" x2=\"\(.)\" y1=\"0\"" +
	" y2=\"10\"/>";

# key(CLASS): what a colour stands for, of text
def key($class):
	(svg("key"; ""; "0 0 1 1"; rect($class; 0; 0; 1; 1; "")) +
	    (plain | @html)) | inside("li"; "");
