/*
 * metadata - what a baseline's folder says of the migrations it stands for
 *
 * It lies beside the script, in metadata.json or manifest.json, as an object
 * with the member "replaces": an array of names, or of objects with "name"
 * and, where they are known, "checksum" and "replaces" again.  In metadata.json
 * there may be "legacy", too: what another tool called this migration.
 */
#ifndef MG_METADATA_H
#define MG_METADATA_H

struct json_t;

/*
 * Set "replaces", "replaced" and "legacy" (mg-records(5)) in the record of the
 * script at path, if something beside it has them.  Returns -1 if that cannot
 * be read or understood, with the reason in *why, the caller's to free.
 */
int metadata_add(struct json_t *record, const char *path, char **why);

#endif
