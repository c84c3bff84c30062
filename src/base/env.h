/* What the process takes from its surroundings: clock, host, user, randomness.
 * What:   one place to fix them in tests. env_now() and env_wall_us() are the real clock: seals,
 *         records and whatever says when something was made take it, and no option of the command
 *         line sets it. env_today() is the time that data are looked at from (`--at`).
 * Owner:  returned strings live for ever.
 * Units:  seconds or microseconds since 1970 UTC.
 * Errors: none (no random source = exit). */
#ifndef BASE_ENV_H
#define BASE_ENV_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* The clock, seconds. */
int64_t env_now(void);
/* Fixes env_now() in tests of one process; 0 = follow the real one. */
void env_set_now(int64_t t);
/* Data are wanted as they were known then; 0 = as they are now. */
void env_set_as_of(int64_t t);
/* What was set; 0 = nothing. */
int64_t env_as_of(void);
/* The time that data are wanted of: which period is closed, which report is due. */
int64_t env_today(void);
/* The real clock, microseconds. */
int64_t env_wall_us(void);
/* A clock that only goes forward, milliseconds since some time: for what may take how long. */
int64_t env_mono_ms(void);
/* n bytes from the kernel's random source. */
void env_random(void *p, size_t n);
/* 63 random bits, never 0: ids and fencing tokens. */
uint64_t env_random_id(void);
/* The folder that this process is in; "." when it is gone. */
struct str env_folder(struct arena *a);
/* Host name of this machine. */
const char *env_host(void);
/* Name of the account we run as ("uid 123" when it has none). */
const char *env_user(void);

#endif
