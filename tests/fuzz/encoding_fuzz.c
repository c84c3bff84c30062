/* Any bytes through the decoder, whole and in pieces: no crash, the same text and the same verdict
 * whatever the pieces, and UTF-8 for what it takes for XML. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/charset.h"
#include "base/utf8.h"
#include "ingest/encoding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome {
    struct buf text;
    int rc;
    bool not_utf8;
};

static int
collect(void *self, struct str chunk)
{
    assert(chunk.len);
    buf_str(self, chunk);
    return 0;
}

static struct outcome
decode(struct arena *a, struct str bytes, size_t step, struct str forced)
{
    struct outcome o = {.text = buf_init(BUF_MAX_DEFAULT)};
    struct diag d = diag_init(a);
    struct encoding *e = encoding_new(forced, forced.len > 0, collect, &o.text, &d);
    for (size_t i = 0; o.rc == 0 && i < bytes.len; i += step)
        o.rc = encoding_push(e, str_n(bytes.s + i, bytes.len - i < step ? bytes.len - i : step));
    if (o.rc == 0)
        o.rc = encoding_end(e);
    o.not_utf8 = encoding_not_utf8(e);
    assert((o.rc == 0) == !diag_failed(&d) && (o.rc || !o.not_utf8));
    encoding_free(e);
    return o;
}

static bool
is_converted(struct str bytes)
{
    struct str name = encoding_declared(bytes);
    return name.len && (charset_converter(name) || charset_is_utf8(name));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"", "windows-1252", "Shift_JIS", "EUC-JP", "ISO-2022-JP"};
    struct arena *a = arena_new();
    struct str bytes = str_n((const char *)data, size);
    struct str forced = str_c(names[size % (sizeof names / sizeof *names)]);
    struct outcome one = decode(a, bytes, size + 1, forced);
    struct outcome many = decode(a, bytes, 1 + size % 7, forced);
    assert(one.rc == many.rc && one.not_utf8 == many.not_utf8);
    /* before a failure the pieces decide how much went out */
    assert(one.rc != 0 || str_eq(buf_view(&one.text), buf_view(&many.text)));
    assert(one.rc != 0 || !is_converted(bytes) || utf8_valid(buf_view(&one.text)));
    buf_done(&one.text);
    buf_done(&many.text);
    arena_free(a);
    return 0;
}
