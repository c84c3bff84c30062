/* Writing JSON (RFC 8259) into a buf, in order of the calls.
 * What:   a writer that places commas and escapes; strings are repaired to UTF-8 first. Escapes are
 *         the shortest ones, so that sorted keys and integers give RFC 8785 canonical text.
 * Owner:  the buf and the arena are the caller's.
 * Units:  depth at most JSON_PUT_DEPTH.   Errors: the buf's sticky failure. */
#ifndef BASE_JSON_PUT_H
#define BASE_JSON_PUT_H

#include "base/buf.h"

enum { JSON_PUT_DEPTH = 32 };

struct json_put {
    struct buf *out;
    int depth;
    bool has_item[JSON_PUT_DEPTH]; /* a comma is due before the next item */
};

/* A writer at the top level of out. */
struct json_put json_put_init(struct buf *out);
/* Writes the name of the next member (inside an object). */
void json_put_key(struct json_put *j, const char *key);
/* The same with a str. */
void json_put_key_str(struct json_put *j, struct str key);
/* Opens and closes objects and arrays. */
void json_put_open(struct json_put *j, char bracket);
/* Closes with '}' or ']'. */
void json_put_close(struct json_put *j, char bracket);
/* One value each. */
void json_put_str(struct json_put *j, struct str s);
/* An integer. */
void json_put_int(struct json_put *j, int64_t v);
/* A number with at most the given decimals, trailing zeros dropped; NaN becomes null. */
void json_put_num(struct json_put *j, double v, int decimals);
/* The same, but one zero stays behind the point: receivers that learn the type of a member from the first
 * value they see (Elasticsearch) must never see an integer there. */
void json_put_decimal(struct json_put *j, double v, int decimals);
/* true or false. */
void json_put_bool(struct json_put *j, bool v);
/* null. */
void json_put_null(struct json_put *j);
/* Member shorthands: key and value. */
void json_put_member(struct json_put *j, const char *key, struct str s);
/* Member with a C string. */
void json_put_member_c(struct json_put *j, const char *key, const char *s);
/* Member with an integer. */
void json_put_member_int(struct json_put *j, const char *key, int64_t v);
/* Member with a boolean. */
void json_put_member_bool(struct json_put *j, const char *key, bool v);
/* Member with a time as clock_iso() spells it in the given arena, null for CLOCK_NONE. */
void json_put_member_time(struct json_put *j, const char *key, int64_t t, struct arena *a);
/* Appends s as a quoted JSON string, nothing else. */
void json_put_quoted(struct buf *out, struct str s);

#endif
