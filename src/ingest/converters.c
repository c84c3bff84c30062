/* The converters of encodings in this process, and the name in an XML declaration; beside
 * encoding.c, which converts. */
#include <assert.h>
#include <iconv.h>

#include "base/charset.h"
#include "ingest/encoding.h"

enum { MAX_CONVERTERS = 64 };

/* Of the process: converters are loaded; they cannot be loaded any more. */
static bool is_warm, stays_cold;

struct str
encoding_declared(struct str bytes)
{
    long end = str_starts(bytes, "<?xml") ? str_find(bytes, "?>") : -1;
    struct str head = str_n(bytes.s, end < 0 ? 0 : (size_t)end);
    long at = str_find(head, "encoding");
    if (at < 0)
        return STR("");
    struct str rest = str_trim(str_n(head.s + at + 8, head.len - (size_t)at - 8));
    if (!str_starts(rest, "="))
        return STR("");
    rest = str_trim(str_n(rest.s + 1, rest.len - 1));
    if (!rest.len || (rest.s[0] != '"' && rest.s[0] != '\''))
        return STR("");
    char quote = rest.s[0];
    rest = str_n(rest.s + 1, rest.len - 1);
    return str_cut(&rest, quote);
}

void
encoding_warm(void)
{
    /* a converter that is never closed keeps its module and tables in the process */
    static iconv_t kept[MAX_CONVERTERS];
    for (size_t i = 0; !is_warm && charset_converter_at(i); i++) {
        assert(i < MAX_CONVERTERS && !kept[i]);
        kept[i] = iconv_open("UTF-8", charset_converter_at(i));
    }
    is_warm = true;
}

void
encoding_stay_cold(void)
{
    stays_cold = true;
}

bool
encoding_is_cold(void)
{
    return stays_cold && !is_warm;
}
