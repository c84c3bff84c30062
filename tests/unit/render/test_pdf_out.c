/* render/pdf_out: a thread writes the bytes that would be written without one. */
#include "check.h"

#include <string.h>

#include "render/pdf/out.h"

enum { OBJECTS = 500, LARGEST = 40000 };

/* Objects of all kinds and of many sizes, in an order that is not that of their numbers. */
static void
put_objects(struct pdf_out *o, const char *text)
{
    for (uint32_t i = 0; i < OBJECTS; i++) {
        enum pdf_out_kind kind = i % 3 == 0   ? PDF_OUT_PLAIN
                                 : i % 3 == 1 ? PDF_OUT_STREAM
                                              : PDF_OUT_DEFLATED;
        pdf_out_put(o, OBJECTS - i, kind, STR("/Type/Test"), str_n(text, i * 7919 % LARGEST));
    }
}

static struct pdf_out *
file_of(bool threaded, size_t max, const char *text)
{
    struct pdf_out *o = pdf_out_new("head\n", max, NULL);
    CHECK(o != NULL);
    if (!threaded)
        pdf_out_wait(o);
    put_objects(o, text);
    pdf_out_wait(o);
    return o;
}

static void
test_same_bytes(const char *text)
{
    struct pdf_out *one = file_of(true, 1 << 28, text), *two = file_of(false, 1 << 28, text);
    struct str bytes = buf_view(pdf_out_bytes(one));
    CHECK(bytes.len > 1000000 && str_eq(bytes, buf_view(pdf_out_bytes(two))));
    CHECK(!pdf_out_bad(one) && !pdf_out_bad(two));
    struct sha256_digest want = sha256_of(str_n(bytes.s + 5, bytes.len - 5));
    struct sha256_digest got = pdf_out_hash(one);
    CHECK(memcmp(want.b, got.b, sizeof want.b) == 0);
    size_t n = 0, wrong = 0;
    const struct pdf_out_place *places = pdf_out_places(one, &n);
    CHECK(n == OBJECTS);
    for (size_t i = 0; i < n; i++) {
        char head[32];
        snprintf(head, sizeof head, "%u 0 obj\n", (unsigned)(OBJECTS - i));
        wrong +=
            places[i].id != OBJECTS - i || strncmp(bytes.s + places[i].at, head, strlen(head)) != 0;
    }
    CHECK(wrong == 0);
    pdf_out_free(one);
    pdf_out_free(two);
}

static void
test_too_big(const char *text)
{
    for (int threaded = 0; threaded < 2; threaded++) {
        struct pdf_out *o = file_of(threaded, LARGEST, text);
        CHECK(pdf_out_bad(o));
        CHECK(pdf_out_bytes(o)->len <= LARGEST);
        pdf_out_free(o);
    }
}

/* A document that is given up: nothing waits for ever, nothing is lost. */
static void
test_given_up(const char *text)
{
    struct pdf_out *o = pdf_out_new("", 1 << 28, NULL);
    put_objects(o, text);
    pdf_out_free(o);
    pdf_out_free(pdf_out_new("", 1, NULL));
    pdf_out_free(NULL);
    CHECK(true);
}

int
main(void)
{
    static char text[LARGEST];
    uint32_t x = 1;
    for (size_t i = 0; i < sizeof text; i++) {
        x = x * 1103515245 + 12345;
        text[i] = (char)('a' + (x >> 16) % 9);
    }
    test_same_bytes(text);
    test_too_big(text);
    test_given_up(text);
    return CHECK_DONE();
}
