/* Notes taken out of reports: claims.c compares them with the log. */
#include "ledger/carried.h"

#include <assert.h>

#include "base/buf.h"
#include "model/report.h"
#include "sign/pdf_attachment.h"

#define OPENING "<pre id=\"" REPORT_CHECKPOINT_ID "\""

enum { MAX_NOTE = 1 << 16 };

bool
carried_is_report(struct str bytes)
{
    return str_starts(bytes, "%PDF-") || str_starts(bytes, "<!doctype html>");
}

static int
no_checkpoint(struct diag *d)
{
    return diag_fail(d, DIAG_BAD_DATA, "the report carries no checkpoint of the audit log");
}

/* What render/escape.c writes; anything else stays as it is. */
static struct str
unescape(struct str s, struct arena *a)
{
    static const char *const refs[][2] = {
        {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}};
    AUTO_BUF b = buf_init(MAX_NOTE);
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

static int
from_html(struct str page, struct arena *a, struct str *ret, struct diag *d)
{
    long at = str_find(page, OPENING);
    if (at < 0)
        return no_checkpoint(d);
    page = str_n(page.s + at, page.len - (size_t)at);
    long from = str_find(page, ">"), to = str_find(page, "</pre>");
    assert(from != 0); /* the page begins with the opening here */
    if (from < 0 || to < from || to - from > MAX_NOTE)
        return no_checkpoint(d);
    *ret = unescape(str_n(page.s + from + 1, (size_t)(to - from - 1)), a);
    return 0;
}

int
carried_checkpoint(struct str bytes, struct arena *a, struct str *ret, struct diag *d)
{
    if (str_starts(bytes, "%PDF-"))
        return sign_pdf_attachment(bytes, REPORT_CHECKPOINT_FILE, a, ret, d);
    return from_html(bytes, a, ret, d);
}
