/* Evidence from the OVAL results of an ARF, inside of the XCCDF and ARF reader.
 * What:   a failed rule names an OVAL definition; its results come after the TestResult in the same
 *         file. Of those definitions that are asked for, the tests that made them fail are found,
 *         and of these tests some of the items they looked at: their fields become evidence of the
 *         rule's result. oval.c walks the elements, oval_cause.c finds and writes.
 * Owner:  what is asked lives until xccdf_oval_free, what is read of one report until its end,
 *         evidence in the arena of the file.
 * Units:  limits in ingest/limits.h.
 * Errors: none; what is left out is said in the evidence or becomes a warning.
 * See:    doc/formats/arf.md, "Evidence" */
#ifndef INGEST_READERS_XCCDF_OVAL_H
#define INGEST_READERS_XCCDF_OVAL_H

#include "base/buf.h"
#include "base/map.h"
#include "ingest/limits.h"
#include "ingest/xml.h"
#include "model/scan.h"

enum oval_word { OVAL_OTHER, OVAL_TRUE, OVAL_FALSE, OVAL_WORD__COUNT };

/* Something of the host that tests looked at. */
struct oval_item {
    struct str text; /* "file_item: path=/etc/x, …"; empty until it was seen */
};

struct oval_test {
    struct str comment;
    struct oval_item *items[OVAL_WORD__COUNT][LIMIT_OVAL_ITEMS];
    size_t n_items[OVAL_WORD__COUNT]; /* seen, also those that are not kept */
    bool is_needed, is_done;
};

/* What a definition is made of, in the order of the file. */
struct oval_node {
    enum { OVAL_CRITERIA, OVAL_CRITERION, OVAL_EXTEND } kind;
    enum oval_word result; /* after negation */
    bool negate;
    bool counts;      /* criteria that count what holds: ONE, XOR */
    uint32_t n_below; /* that many of the next nodes are inside */
    struct str ref;   /* test or definition */
};

struct oval_definition {
    size_t first, n; /* nodes */
    unsigned serial; /* of the search that went through it last */
};

/* A definition that a rule-result names. */
struct oval_ref {
    struct str href, name;
    bool negate; /* the check passes when the definition is false */
};

/* A test that made a rule fail. */
struct oval_cause {
    struct oval_test *test;
    struct str id;
    bool wanted; /* it should have been true */
};

/* A failed result that asks for evidence. */
struct oval_want {
    size_t scan, result; /* positions */
    struct oval_ref ref;
    struct oval_cause *causes; /* in the memory of the report that is open */
    size_t n_causes, n_more;
};

struct xccdf_oval {
    struct arena *a;    /* of the file */
    struct arena *kept; /* what is asked */
    struct arena *refs_arena;
    struct arena *now; /* what is read of the open report */
    struct diag *d;
    VEC(struct oval_ref) refs; /* of the open rule-result */
    VEC(struct oval_want) wants;
    VEC(size_t) active;      /* wants that the open report may answer */
    struct map *definitions; /* id -> oval_definition */
    struct map *tests;       /* id -> oval_test */
    struct map *items;       /* id -> oval_item */
    VEC(struct oval_node) nodes;
    size_t open[LIMIT_XML_DEPTH + 2]; /* criteria that are not ended */
    int n_open;
    struct oval_definition *definition; /* open one */
    struct oval_test *test;             /* open one */
    struct oval_item *item;             /* open one */
    struct buf text, value;             /* of the open item, of its open field */
    struct str field;
    bool text_cut, value_cut;
    bool has_path;  /* the open item told a whole path, whose parts need not be told */
    bool is_shadow; /* it is of a file of passwords */
    bool is_hidden; /* the open field is a record with a password in it */
    int areas[LIMIT_XML_DEPTH + 2];
    int depth; /* below <oval_results>, which is 0 */
    unsigned n_searches;
    size_t steps;          /* of all searches */
    size_t evidence_bytes; /* written */
    bool is_full;          /* something of the open report was not kept */
    bool came_early;       /* there was a report before anything was asked */
    bool has_answered;
};

/* A reader of nothing yet; the results are those of the scans that the caller names. */
struct xccdf_oval *xccdf_oval_new(struct arena *a, struct diag *d);
/* Frees what does not live in the arena of the file; NULL is allowed. */
void xccdf_oval_free(struct xccdf_oval *o);
/* A rule-result begins. */
void xccdf_oval_forget_refs(struct xccdf_oval *o);
/* <check-content-ref> of the rule-result; negate as in its <check>. */
void xccdf_oval_ref(struct xccdf_oval *o, struct xml_attrs attrs, bool negate);
/* The rule-result failed: its references are to be answered. */
void xccdf_oval_want(struct xccdf_oval *o, size_t scan, size_t result);
/* <oval_results> in the report of that id; false = nothing in it is wanted. */
bool xccdf_oval_begin(struct xccdf_oval *o, struct str report);
/* An element in it; false = pass over it. */
bool xccdf_oval_start(struct xccdf_oval *o, struct str name, struct xml_attrs attrs);
/* Text in it. */
void xccdf_oval_text(struct xccdf_oval *o, struct str text);
/* The innermost element ends; with <oval_results> itself, evidence is added to the results. */
void xccdf_oval_end(struct xccdf_oval *o, struct scan_file *file);
/* The file ends: warns of evidence that was there and could not be used. */
void xccdf_oval_finish(struct xccdf_oval *o);

/* ---- oval_cause.c ---- */

/* Counts n steps of work; false when the file has had its share. */
bool xccdf_oval_spend(struct xccdf_oval *o, size_t n);
/* All definitions are known: finds the tests behind what is wanted, and marks them. */
void xccdf_oval_search(struct xccdf_oval *o);
/* All items are known: writes the evidence. */
void xccdf_oval_write(struct xccdf_oval *o, struct scan_file *file);

#endif
