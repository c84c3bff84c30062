/* Every kind of failure and of finding, once: DIAG(name, exit status, word).
 * The word is what scripts may match in messages and JSON; the exit status is that of the program
 * (doc/man/assay.1, EXIT STATUS). Warnings have status 0. */
DIAG(OK, 0, "ok")
DIAG(IO, 1, "io")                      /* the file system said no */
DIAG(INTERNAL, 1, "internal")          /* a library refused what it must accept */
DIAG(VERIFY, 2, "verify")              /* a signature, hash or chain does not hold */
DIAG(GATE, 2, "gate")                  /* a threshold was not met */
DIAG(PARTIAL, 3, "partial")            /* some inputs were rejected, the rest is done */
DIAG(USAGE, 64, "usage")               /* wrong command line */
DIAG(BAD_DATA, 65, "bad-data")         /* an input breaks a rule of its format */
DIAG(FORMAT_UNKNOWN, 65, "format")     /* no reader knows this input */
DIAG(TRUNCATED, 65, "truncated")       /* the input ends too early */
DIAG(TOO_BIG, 65, "too-big")           /* a limit of ingest/limits.h */
DIAG(REFUSED, 65, "refused")           /* not from somebody who may report */
DIAG(UNAVAILABLE, 69, "unavailable")   /* database or mail cannot be reached */
DIAG(CANNOT_WRITE, 73, "cannot-write") /* an output cannot be made */
DIAG(LOST, 69, "connection-lost")      /* the database went away in mid-work; once more may succeed */
DIAG(BUSY, 75, "try-later")            /* another run holds the lock */
DIAG(RETRY, 75, "retry")               /* a transaction was rolled back, once more may succeed */
DIAG(CONFIG, 78, "config")             /* configuration, keys, definitions */
DIAG(SCHEMA, 78, "schema")             /* schema missing, older or newer than the program */
DIAG(WARN_DATA, 0, "data")             /* odd but usable input; printed on the data-quality page */
DIAG(WARN_TEXT, 0, "text")             /* text was repaired or visibly cut */
DIAG(WARN_TIME, 0, "time")             /* time missing, odd, or zone assumed */
DIAG(WARN_PARTIAL, 0, "incomplete")    /* the scan does not cover all it should */
DIAG(WARN_ABSENT, 0, "absent")         /* somebody who was asked did not answer; the rest is done */
