/* Notes taken out of reports, for expected.c; statements.c compares them with the log. */
#include "ledger/report_checkpoint.h"

#include <assert.h>

#include "base/buf.h"
#include "model/report.h"
#include "sign/pdf_attachment.h"

#define OPENING "<pre id=\"" REPORT_CHECKPOINT_ID "\""

enum { MAX_NOTE = 1 << 16 };

bool
report_checkpoint_is_report(struct str bytes)
{
    return str_starts(bytes, "%PDF-") || str_starts(bytes, "<!doctype html>");
}

/* The references that the escapes of HTML write (render/escape.h) become characters again; anything
 * else stays as it is. */
static struct str
unescape(struct str s, struct arena *a)
{
    static const char *const refs[][2] = {
        {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}};
    AUTO_BUF b = buf_init(MAX_NOTE);
    assert(s.len <= MAX_NOTE);
    while (s.len) {
        size_t n = 1;
        const char *is = NULL;
        for (size_t i = 0; !is && i < sizeof refs / sizeof *refs; i++)
            if (str_starts(s, refs[i][0])) {
                is = refs[i][1];
                n = str_c(refs[i][0]).len;
            }
        buf_add(&b, is ? is : s.s, 1);
        s = str_n(s.s + n, s.len - n);
    }
    return arena_str(a, buf_view(&b));
}

/* The text of the element that has the id of the checkpoint. */
static int
read_html(struct str page, struct arena *a, struct str *ret, struct diag *d)
{
    long at = str_find(page, OPENING);
    if (at >= 0) {
        page = str_n(page.s + at, page.len - (size_t)at);
        long from = str_find(page, ">"), to = str_find(page, "</pre>");
        assert(from != 0); /* the page begins with the opening here */
        if (from > 0 && to > from && to - from <= MAX_NOTE) {
            *ret = unescape(str_n(page.s + from + 1, (size_t)(to - from - 1)), a);
            return 0;
        }
    }
    return diag_fail(d, DIAG_BAD_DATA, "the report carries no checkpoint of the audit log");
}

int
report_checkpoint_read(struct str bytes, struct arena *a, struct str *ret, struct diag *d)
{
    assert(report_checkpoint_is_report(bytes));
    if (str_starts(bytes, "%PDF-"))
        return sign_pdf_attachment(bytes, REPORT_CHECKPOINT_FILE, a, ret, d);
    return read_html(bytes, a, ret, d);
}
