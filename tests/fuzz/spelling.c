/* spelling - whatever the text, catalog_spelling comes to an end with it */
#include <stdint.h>
#include <stdlib.h>

#include "catalog_spelling.h"
#include "mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_copy_bytes((const char *)data, size);

	free(catalog_spelling(text));
	free(text);
	return 0;
}
