/* Any bytes as a stored record (a database can be tampered with): what is read as a record becomes
 * one line of valid UTF-8 in every encoding, below the maximum where there is one. */
#include <assert.h>
#include <string.h>

#include "audit/encode.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_line(struct str line)
{
    assert(line.len && utf8_valid(line));
    for (size_t i = 0; i < line.len; i++)
        assert((unsigned char)line.s[i] >= 32);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct audit_record r;
    struct audit_encode_options o = {.facility = 13, .sd_id = STR("assay@32473")};
    if (audit_record_parse(arena_str(a, str_n((const char *)data, size)), a, &r, &d) != 0) {
        assert(d.first.code == DIAG_BAD_DATA && d.first.text.len);
        arena_free(a);
        return 0;
    }
    for (const struct audit_encoder *const *e = audit_encoders; *e; e++) {
        AUTO_BUF out = buf_init((size_t)1 << 26);
        (*e)->encode(&r, &o, a, &out);
        assert(!buf_bad(&out));
        check_line(buf_view(&out));
        assert((*e)->is_json || out.len <= 8192);
    }
    arena_free(a);
    return 0;
}
