/* What the room's libraries load lazily, loaded at once; confine/parser.c calls it before it forks
 * parsers. */
#include "ingest/warm.h"

#include <iconv.h>
#include <jansson.h>
#include <libxml/encoding.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "base/sha256.h"

/* What hosts write in: the encodings of agents in Europe and East Asia, by the names of iconv. */
static const char *const encodings[] = {
    "UTF-16",       "UTF-16LE",     "UTF-16BE",     "ISO-8859-1",   "ISO-8859-15", "WINDOWS-1250",
    "WINDOWS-1251", "WINDOWS-1252", "WINDOWS-1253", "WINDOWS-1254", "SHIFT_JIS",   "CP932",
    "WINDOWS-31J",  "EUC-JP",       "ISO-2022-JP",  "GB18030",      "BIG5",        "EUC-KR",
};

/* Read by libxml2 itself, or other names of those above. */
static const char *const more_names[] = {
    "UTF-8",     "UTF8",   "US-ASCII", "ASCII",  "ISO8859-1",       "ISO_8859-1",
    "LATIN1",    "CP1250", "CP1251",   "CP1252", "CP1253",          "CP1254",
    "SHIFT-JIS", "SJIS",   "X-SJIS",   "MS932",  "EUCJP",           "EUC_JP",
    "GBK",       "GB2312", "BIG-5",    "EUCKR",  "ISO-10646-UCS-2", "ISO8859-15",
    "LATIN-9",   "UCS-2",
};

enum { N_ENCODINGS = sizeof encodings / sizeof *encodings };

/* A converter that is never closed keeps its module and tables in the process. */
static struct {
    iconv_t from, to;
    xmlCharEncodingHandlerPtr handler;
} kept[N_ENCODINGS];

static void
load_encodings(void)
{
    for (size_t i = 0; i < N_ENCODINGS; i++) {
        kept[i].from = iconv_open("UTF-8", encodings[i]);
        kept[i].to = iconv_open(encodings[i], "UTF-8");
        kept[i].handler = xmlFindCharEncodingHandler(encodings[i]);
    }
}

static int
by_byte(const void *a, const void *b)
{
    return *(const char *)a - *(const char *)b;
}

/* glibc asks once how much memory there is, when it first sorts more than a kilobyte. */
static void
sort_something(void)
{
    char bytes[4096] = {0};
    qsort(bytes, sizeof bytes, 1, by_byte);
}

void
ingest_warm(void)
{
    static bool is_warm;
    if (is_warm)
        return;
    is_warm = true;
    xmlInitParser();
    json_object_seed(0);
    sha256_drop(sha256_new());
    load_encodings();
    sort_something();
    tzset();
}

bool
ingest_knows_encoding(struct str name)
{
    for (size_t i = 0; i < N_ENCODINGS; i++)
        if (str_ieqc(name, encodings[i]))
            return true;
    for (size_t i = 0; i < sizeof more_names / sizeof *more_names; i++)
        if (str_ieqc(name, more_names[i]))
            return true;
    return false;
}

struct str
ingest_encodings(struct arena *a)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_puts(&b, "UTF-8");
    for (size_t i = 0; i < N_ENCODINGS; i++)
        buf_fmt(&b, ", %s", encodings[i]);
    return arena_str(a, buf_view(&b));
}
