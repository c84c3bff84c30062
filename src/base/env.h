/* What the process takes from its surroundings: clock, host, user, randomness.
 * What:   one place to fix them in tests and for reproducible reports. env_now() is the clock of
 *         reports and can be set (`--at`); env_wall_us() is always the real one: audit records use
 *         it.
 * Owner:  returned strings live for ever.
 * Units:  seconds or microseconds since 1970 UTC.
 * Errors: none (no random source = exit). */
#ifndef BASE_ENV_H
#define BASE_ENV_H

#include <stddef.h>
#include <stdint.h>

/* The clock of reports, seconds. */
int64_t env_now(void);
/* Sets the clock of reports; 0 = follow the real one. */
void env_set_now(int64_t t);
/* The real clock, microseconds. */
int64_t env_wall_us(void);
/* A clock that only goes forward, milliseconds since some time: for what may take how long. */
int64_t env_mono_ms(void);
/* n bytes from the kernel's random source. */
void env_random(void *p, size_t n);
/* 63 random bits, never 0: ids and fencing tokens. */
uint64_t env_random_id(void);
/* Host name of this machine. */
const char *env_host(void);
/* Name of the account we run as ("uid 123" when it has none). */
const char *env_user(void);

#endif
