/* spelled - show what catalog_spelling makes of its argument */
#include <stdio.h>
#include <stdlib.h>

#include "catalog_spelling.h"

int
main(int argc, char *argv[])
{
	char *better;

	if (argc != 2) {
		fprintf(stderr, "usage: spelled TEXT\n");
		return 2;
	}
	better = catalog_spelling(argv[1]);
	puts(better == NULL ? argv[1] : better);
	free(better);
	return 0;
}
