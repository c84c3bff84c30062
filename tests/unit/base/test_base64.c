/* Base64: both ways, and everything that is none. */
#include "base/base64.h"

#include <string.h>

#include "check.h"

/* RFC 4648 §10. */
static const char *const vectors[][2] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
};

static const char *const wrong[] = {
    "Z",      "Zg",           "Zg=",   "Zg===",  "Zh==",  "Zm9=",     "====",
    "Zm9v\n", " Zm9v",        "Zm9v ", "Zm-v",   "Zm9v=", "=Zm9",     "Zm=v",
    "Zm9vZ",  "Zm9vZg==Zm9v", "Zm 9v", "Zg==\n", "Z\0g=", "Zm9v====",
};

int
main(void)
{
    struct arena *a = arena_new();
    struct str got;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        CHECK_STR(base64_encode(a, vectors[i][0], strlen(vectors[i][0])), vectors[i][1]);
        CHECK(base64_decode(a, str_c(vectors[i][1]), &got) && str_eqc(got, vectors[i][0]));
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK(!base64_decode(a, str_c(wrong[i]), &got));
    unsigned char all[256];
    for (int i = 0; i < 256; i++)
        all[i] = (unsigned char)i;
    for (size_t n = 0; n <= 256; n++)
        CHECK(base64_decode(a, base64_encode(a, all, n), &got) && got.len == n &&
              memcmp(got.s, all, n) == 0);
    arena_free(a);
    return CHECK_DONE();
}
