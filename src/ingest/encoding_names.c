/* Names of encodings and what reads them; beside encoding.c, which converts. */
#include <assert.h>
#include <iconv.h>
#include <string.h>

#include "base/buf.h"
#include "ingest/encoding.h"

/* What hosts write in: the encodings of agents in Europe and East Asia. The converter is the one of
 * what is written under the name, as browsers have it: it knows more characters, and gives the same
 * ones for the same text in another encoding (a wave dash, a backslash in a path). */
static const struct {
    const char *name, *converter;
} known[] = {
    {"UTF-16", "UTF-16LE"},
    {"UTF-16LE", "UTF-16LE"},
    {"UTF-16BE", "UTF-16BE"},
    {"ISO-8859-1", "WINDOWS-1252"},
    {"ISO-8859-15", "ISO-8859-15"},
    {"windows-1250", "WINDOWS-1250"},
    {"windows-1251", "WINDOWS-1251"},
    {"windows-1252", "WINDOWS-1252"},
    {"windows-1253", "WINDOWS-1253"},
    {"windows-1254", "WINDOWS-1254"},
    {"windows-1255", "WINDOWS-1255"},
    {"windows-1256", "WINDOWS-1256"},
    {"windows-1257", "WINDOWS-1257"},
    {"windows-1258", "WINDOWS-1258"},
    {"Shift_JIS", "CP932"},
    {"windows-31J", "CP932"},
    {"EUC-JP", "EUC-JP-MS"},
    {"ISO-2022-JP", "ISO-2022-JP"},
    {"GB18030", "GB18030"},
    {"Big5", "BIG5"},
    {"EUC-KR", "UHC"},
};

/* Of the process: converters are loaded; they cannot be loaded any more. */
static bool is_warm, stays_cold;

/* Other names, to names of the table. */
static const struct {
    const char *alias, *name;
} aliases[] = {
    {"UCS-2", "UTF-16"},
    {"ISO-10646-UCS-2", "UTF-16"},
    {"UTF16", "UTF-16"},
    {"UNICODE", "UTF-16"},
    {"ISO8859-1", "ISO-8859-1"},
    {"ISO_8859-1", "ISO-8859-1"},
    {"LATIN1", "ISO-8859-1"},
    {"LATIN-1", "ISO-8859-1"},
    {"ISO8859-15", "ISO-8859-15"},
    {"LATIN-9", "ISO-8859-15"},
    {"CP1250", "windows-1250"},
    {"CP1251", "windows-1251"},
    {"CP1252", "windows-1252"},
    {"CP1253", "windows-1253"},
    {"CP1254", "windows-1254"},
    {"CP1255", "windows-1255"},
    {"CP1256", "windows-1256"},
    {"CP1257", "windows-1257"},
    {"CP1258", "windows-1258"},
    {"SHIFT-JIS", "Shift_JIS"},
    {"SJIS", "Shift_JIS"},
    {"X-SJIS", "Shift_JIS"},
    {"CP932", "windows-31J"},
    {"MS932", "windows-31J"},
    {"MS_KANJI", "windows-31J"},
    {"EUCJP", "EUC-JP"},
    {"EUC_JP", "EUC-JP"},
    {"X-EUC-JP", "EUC-JP"},
    {"GBK", "GB18030"},
    {"GB2312", "GB18030"},
    {"CP936", "GB18030"},
    {"BIG-5", "Big5"},
    {"CP950", "Big5"},
    {"EUCKR", "EUC-KR"},
    {"KS_C_5601-1987", "EUC-KR"},
    {"CP949", "EUC-KR"},
};

enum { N_KNOWN = sizeof known / sizeof *known, N_ALIASES = sizeof aliases / sizeof *aliases };

static struct str
resolved(struct str name)
{
    for (size_t i = 0; i < N_ALIASES; i++)
        if (str_ieqc(name, aliases[i].alias))
            return str_c(aliases[i].name);
    return name;
}

const char *
encoding_converter(struct str name)
{
    name = resolved(name);
    for (size_t i = 0; i < N_KNOWN; i++)
        if (str_ieqc(name, known[i].name))
            return known[i].converter;
    return NULL;
}

bool
encoding_is_utf8(struct str name)
{
    return str_ieqc(name, "UTF-8") || str_ieqc(name, "UTF8") || str_ieqc(name, "US-ASCII") ||
           str_ieqc(name, "ASCII");
}

bool
encoding_is_utf16(struct str name)
{
    const char *c = encoding_converter(name);
    return c && strncmp(c, "UTF-16", 6) == 0;
}

bool
encoding_is_latin1(struct str name)
{
    return str_ieqc(resolved(name), "ISO-8859-1");
}

bool
encoding_may_be_forced(struct str name)
{
    return encoding_converter(name) && !encoding_is_utf16(name);
}

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

struct str
encoding_list(struct arena *a, bool may_be_forced)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_puts(&b, may_be_forced ? "" : "UTF-8");
    for (size_t i = 0; i < N_KNOWN; i++)
        if (!may_be_forced || encoding_may_be_forced(str_c(known[i].name)))
            buf_fmt(&b, "%s%s", b.len ? ", " : "", known[i].name);
    return arena_str(a, buf_view(&b));
}

void
encoding_warm(void)
{
    /* a converter that is never closed keeps its module and tables in the process */
    static iconv_t kept[N_KNOWN];
    for (size_t i = 0; i < N_KNOWN && !is_warm; i++) {
        assert(!kept[i]);
        kept[i] = iconv_open("UTF-8", known[i].converter);
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
