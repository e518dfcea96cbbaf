/*
 * mg-concat - join migrations into one script that does what they did
 *
 * All of them are read and understood before the first byte is written.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "mem.h"
#include "part.h"
#include "record.h"
#include "script.h"
#include "utf8.h"

enum { NO_CONCURRENTLY = CLI_OWN };

static const struct cli cli = {
	.name = "mg-concat",
	.synopsis = "[-C DIR] [--no-concurrently]",
	.summary = "Join migrations into one script that does what they did.",
	.options =
	    (const struct cli_option[]){
		{ .key = 'C' },
		{ NO_CONCURRENTLY, "no-concurrently", NULL,
		    "leave CONCURRENTLY out: for databases without users" },
		{ 0 },
	    },
};

int
main(int argc, char *argv[])
{
	struct migrations migrations;
	struct script script = { 0 };
	char *text;
	size_t i, len;
	FILE *out;
	int option;

	while ((option = cli_next(&cli, argc, argv)) != -1)
		switch (option) {
		case NO_CONCURRENTLY:
			script.plain = true;
			break;
		}
	cli_no_operands(&cli, argc, argv);

	if (migrations_read_some(&migrations, stdin, "<stdin>") == -1)
		errx(CLI_INPUT, "%s", migrations.error);
	out = mem_stream(&text, &len);
	fputs("-- Joined by mg-concat.  Run it with mg-apply, or with\n"
	      "-- psql -v ON_ERROR_STOP=1 -f; never with psql -1, whose\n"
	      "-- transaction the first COMMIT would end.\n",
	    out);
	for (i = 0; i < migrations.count; i++) {
		if (record_is_script(migrations.list[i].object))
			errx(CLI_INPUT,
			    "%s: a script, which is no SQL to join; leave it "
			    "to mg-apply, or join what is before and behind it",
			    utf8_visible(migrations.list[i].name));
		if (script_read(&script, &migrations.list[i]) == -1)
			errx(CLI_INPUT, "%s", script.error);
		part_write(&script, migrations.list[i].name, out);
	}
	fclose(out);
	fwrite(text, 1, len, stdout);

	free(text);
	script_free(&script);
	migrations_free(&migrations);
	return cli_finish(CLI_OK);
}
