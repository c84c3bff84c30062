/* Names of encodings, the table: what each is called, and what converts it. */
#include "base/charset.h"

#include <string.h>

#include "base/buf.h"

/* What hosts write in: the encodings of agents in Europe and East Asia. The converter is the one of
 * what is written under the name, as browsers have it: it knows more characters, and gives the same
 * ones for the same text in another encoding (a wave dash, a backslash in a path). */
static const struct {
    const char *name, *converter;
} encodings[] = {
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

enum {
    N_ENCODINGS = sizeof encodings / sizeof *encodings,
    N_ALIASES = sizeof aliases / sizeof *aliases
};

static struct str
resolved(struct str name)
{
    for (size_t i = 0; i < N_ALIASES; i++)
        if (str_ieqc(name, aliases[i].alias))
            return str_c(aliases[i].name);
    return name;
}

const char *
charset_converter(struct str name)
{
    name = resolved(name);
    for (size_t i = 0; i < N_ENCODINGS; i++)
        if (str_ieqc(name, encodings[i].name))
            return encodings[i].converter;
    return NULL;
}

bool
charset_is_utf8(struct str name)
{
    return str_ieqc(name, "UTF-8") || str_ieqc(name, "UTF8") || str_ieqc(name, "US-ASCII") ||
           str_ieqc(name, "ASCII");
}

bool
charset_is_utf16(struct str name)
{
    const char *c = charset_converter(name);
    return c && strncmp(c, "UTF-16", 6) == 0;
}

bool
charset_is_latin1(struct str name)
{
    return str_ieqc(resolved(name), "ISO-8859-1");
}

bool
charset_may_be_forced(struct str name)
{
    return charset_converter(name) && !charset_is_utf16(name);
}

const char *
charset_converter_at(size_t i)
{
    return i < N_ENCODINGS ? encodings[i].converter : NULL;
}

struct str
charset_list(struct arena *a, bool may_be_forced)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_puts(&b, may_be_forced ? "" : "UTF-8");
    for (size_t i = 0; i < N_ENCODINGS; i++)
        if (!may_be_forced || charset_may_be_forced(str_c(encodings[i].name)))
            buf_fmt(&b, "%s%s", b.len ? ", " : "", encodings[i].name);
    return arena_str(a, buf_view(&b));
}
