/* What the two ends of a helper's socket share; for the room only.
 * What:   a request is one packet: the limits, then the bytes of wire_put_request(), and with it
 *         two descriptors: the file, and the pipe for the answer. When the parser has ended the
 *         helper sends one struct parser_end.
 * Owner:  none.   Units: as in confine.h.   Errors: none. */
#ifndef CONFINE_INNER_H
#define CONFINE_INNER_H

#include <stdint.h>

enum { REQUEST_MAX = 64 * 1024, REQUEST_FDS = 2 };

struct parser_limits {
    int64_t memory;
    int32_t seconds;
    int32_t is_free;    /* parse outside the sandbox */
    int32_t is_encoded; /* it may be in an encoding that needs a converter: load them first */
};

/* First byte of an answer, sent before any byte of the file is read: the walls stand. What comes
 * behind it, and how the parser ends, may be the file's doing. */
#define PARSER_BEGAN '+'

/* Exit statuses of a parser; out of memory is base/mem.c's own. */
enum { PARSER_ANSWERED = 0, PARSER_NO_ANSWER = 1, PARSER_NO_SANDBOX = 2, PARSER_COLD = 3 };

/* A parser that uses no time hangs; one that gets none because others do is only slow. */
#define PARSER_CLOCK_S(cpu_s) (10 * (cpu_s) + 30)

enum parser_fate { PARSER_EXITED, PARSER_KILLED, PARSER_TIMED_OUT, PARSER_NOT_STARTED };

struct parser_end {
    int32_t fate;   /* enum parser_fate */
    int32_t number; /* exit status, signal or errno */
};

#endif
