/* Every cap of reading, in one place, with its reason.
 * What:   exceeding one rejects the file (DIAG_TOO_BIG), except text lengths: those cut the text at
 *         a character boundary, with a visible mark and a warning.
 * Owner:  none.   Units: bytes unless said.   Errors: DIAG_TOO_BIG.
 * See:    doc/formats/limits.md */
#ifndef INGEST_LIMITS_H
#define INGEST_LIMITS_H

#define LIMIT_FILE       ((int64_t)4 << 30)  /* bytes as received: largest real ARF is ~2.3 GB */
#define LIMIT_UNPACKED   ((int64_t)8 << 30)  /* after decompression */
#define LIMIT_RATIO      200                 /* unpacked : packed; honest ARF packs 15:1 */
#define LIMIT_RATIO_FREE ((int64_t)16 << 20) /* below this size the ratio does not matter */
#define LIMIT_DETECT     ((size_t)64 * 1024) /* bytes looked at first to tell the format; */
#define LIMIT_DETECT_MOST                                                                          \
    ((size_t)64 << 20) /* then twice as many, and so on, of JSON and XML that nobody knows yet */
#define LIMIT_DOCUMENT   ((size_t)64 << 20)  /* one JSON document or line-based file in memory */
#define LIMIT_ELEMENT    ((size_t)16 << 20)  /* one element of a JSON document's list */
#define LIMIT_XML_DEPTH  256                 /* nesting of elements */
#define LIMIT_XML_ATTRS  256                 /* attributes of one element */
#define LIMIT_XML_NS     1024                /* namespace declarations in force at a place */
#define LIMIT_XML_TAG                                                                              \
    (256 *                                                                                         \
     1024) /* bytes of one tag or comment: checking the attributes                           \
                    of a tag takes the square of their number */
#define LIMIT_KEPT        ((size_t)1 << 30) /* bytes of memory that what is kept of a file takes */
#define LIMIT_MEMBERS     100000            /* packed streams joined in one file */
#define LIMIT_CHECKS      100000            /* rules of one benchmark */
#define LIMIT_RESULTS     1000000           /* results of one scan */
#define LIMIT_SCANS       10000             /* scans of one file */
#define LIMIT_FILE_CHECKS 2000000           /* rules of all scans of one file */
#define LIMIT_SCORES      64                /* scores of one scan */
#define LIMIT_ADDRESSES   256               /* addresses of one asset */
#define LIMIT_ID          255               /* ids; longer = beginning and hash */
#define LIMIT_AGENT_NAME  191               /* bytes of an asset's name */
#define LIMIT_TITLE       512
#define LIMIT_TEXT        (64 * 1024) /* description, rationale, remediation, evidence */
#define LIMIT_CONTROL     191
#define LIMIT_FIRST_TIME  ((int64_t)631152000) /* 1990: a host without a clock begins in 1970 */
#define LIMIT_LAST_TIME   ((int64_t)253402300799) /* 9999-12-31T23:59:59Z */
#define LIMIT_OVAL_WANTS  100000             /* definitions that failed rules of a file name */
#define LIMIT_OVAL_TESTS  8                  /* tests told of a failed rule */
#define LIMIT_OVAL_ITEMS  5                  /* items told of a test */
#define LIMIT_OVAL_ITEM   512                /* bytes of an item */
#define LIMIT_OVAL_TEXT   ((size_t)8 * 1024) /* of the evidence of a rule, before its last test */
#define LIMIT_OVAL_KEPT   ((size_t)32 << 20) /* memory for the OVAL results of a report */
#define LIMIT_OVAL_STEPS  20000000           /* criteria looked at for all rules of a file */
#define LIMIT_OVAL_EVIDENCE                                                                        \
    ((size_t)64 << 20) /* of all rules of a file: many may name one definition */

#endif
