/*
 * session - another session, in words
 *
 * An SQL expression over a row "a" of pg_stat_activity.  What only its owner
 * and pg_read_all_stats may see is null for others; a statement that may hold
 * a password is not repeated.
 */
#ifndef MG_SESSION_H
#define MG_SESSION_H

#define SESSION_WORDS                                                        \
	"format('process %s%s%s, connected %s UTC, %s', a.pid,"              \
	" ' of ' || nullif(a.application_name, ''),"                         \
	" ' from ' || a.client_addr,"                                        \
	" to_char(a.backend_start AT TIME ZONE 'UTC',"                       \
	"  'YYYY-MM-DD HH24:MI:SS'),"                                        \
	" CASE WHEN a.state IS NULL THEN 'its statement is not ours to see'" \
	" WHEN a.state <> 'active' THEN a.state"                             \
	" WHEN a.query ~* 'password|secret' THEN"                            \
	"  'is running a secret statement'"                                  \
	" ELSE 'is running: ' ||"                                            \
	"  left(regexp_replace(a.query, '\\s+', ' ', 'g'), 60) END)"

#endif
