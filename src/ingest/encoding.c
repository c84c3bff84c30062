/* Bytes of a host to UTF-8: between unpack.c and detect.c. The first bytes say how to go on
 * (sniff); then chunks are converted, checked or passed through. Every conversion is iconv's; why
 * libxml2 is not left to do it stands in doc/decisions/0013-encodings.md. */
#include "ingest/encoding.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/charset.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "ingest/lookalike.h"

enum {
    MAX_HEAD = 1024, /* what may be an XML declaration, with blanks before it */
    MARK = 3,        /* bytes of a byte order mark before it */
    OUT = 1 << 16,
    MAX_CHARACTER = 16 /* bytes that wait for the rest of a character, with shifts */
};

#define MAX_HELD ((size_t)256 << 20) /* of one push, with what waits */

enum mode {
    SNIFF,
    PASS,   /* not ours to judge */
    CHECK8, /* XML that must be UTF-8 */
    CONVERT
};

struct encoding {
    encoding_sink *sink;
    void *self;
    struct diag *d;
    struct str forced;
    bool may_force; /* the caller has an encoding for JSON that is not UTF-8 */
    enum mode mode;
    char name[64]; /* as the file has it, for messages */
    iconv_t cd;    /* of CONVERT */
    bool is_1252, is_xml, is_json;
    bool has_c1;       /* ISO-8859-1 with bytes that only windows-1252 has */
    bool is_not_utf16; /* the declaration says so, the bytes do not */
    bool was_forced;   /* the file did not say its encoding */
    bool not_utf8;     /* the failure that a forced encoding may mend */
    bool head_done;    /* of the output: the declaration went by */
    struct buf in;     /* what waits: first the head, then the beginning of a character */
    struct buf head;   /* of the output, until the declaration is whole */
    uint64_t at;       /* offset of what waits */
    char *out;         /* OUT bytes, of CONVERT */
};

struct encoding *
encoding_new(struct str forced, bool may_force, encoding_sink *sink, void *self, struct diag *d)
{
    assert(sink && (!forced.len || charset_may_be_forced(forced)));
    struct encoding *e = mem_alloc(sizeof *e);
    e->forced = forced;
    e->may_force = may_force;
    e->sink = sink;
    e->self = self;
    e->d = d;
    e->in = buf_init(MAX_HELD);
    e->head = buf_init(MAX_HELD);
    return e;
}

void
encoding_free(struct encoding *e)
{
    if (!e)
        return;
    if (e->cd)
        iconv_close(e->cd);
    buf_done(&e->in);
    buf_done(&e->head);
    free(e->out);
    free(e);
}

bool
encoding_not_utf8(const struct encoding *e)
{
    return e->not_utf8;
}

bool
encoding_is_json(const struct encoding *e)
{
    return e->is_json;
}

/* What is judged at the beginning: the same bytes however they come in. */
static struct str
head_of(const struct buf *b)
{
    struct str s = buf_view(b);
    return s.len > MAX_HEAD ? str_n(s.s, MAX_HEAD) : s;
}

/* ---- out: without a declaration that is no longer true ---- */

static int
flush_head(struct encoding *e)
{
    struct str name = encoding_declared(head_of(&e->head));
    if (e->is_xml && name.len && !charset_is_utf8(name)) {
        /* Blanks instead of the words, so that columns stay what they were. */
        char *from = e->head.data + str_find(head_of(&e->head), "encoding");
        char *to = e->head.data + (name.s - e->head.data) + name.len + 1; /* behind the quote */
        assert(from < to && to <= e->head.data + e->head.len);
        memset(from, ' ', (size_t)(to - from));
    }
    e->head_done = true;
    int rc = e->head.len ? e->sink(e->self, buf_view(&e->head)) : 0;
    buf_done(&e->head);
    return rc;
}

static int
emit(struct encoding *e, struct str s)
{
    if (!s.len)
        return 0;
    if (e->head_done)
        return e->sink(e->self, s);
    buf_str(&e->head, s);
    struct str head = buf_view(&e->head);
    bool may_be = head.len < 5 ? strncmp("<?xml", head.s, head.len) == 0
                               : str_starts(head, "<?xml") && str_find(head, "?>") < 0;
    return may_be && head.len < MAX_HEAD ? 0 : flush_head(e);
}

/* ---- XML that must be UTF-8, and JSON that may be in the encoding of the site ---- */

/* True when s, of less than four bytes, could begin a character: some continuation makes it one. */
static bool
may_go_on(struct str s)
{
    static const char *const tails[] = {"\x80\x80\x80", "\x90\x80\x80", "\xa0\x80\x80"};
    char whole[8];
    uint32_t cp;
    if (s.len > 3)
        return false;
    for (int k = 0; k < 3; k++)
        for (size_t n = 1; n <= 3; n++) {
            memcpy(whole, s.s, s.len);
            memcpy(whole + s.len, tails[k], n);
            if (utf8_next(whole, s.len + n, &cp) == (int)(s.len + n))
                return true;
        }
    return false;
}

/* Length of the well-formed beginning. Most of it is ASCII, taken eight bytes at a time. */
static size_t
valid_length(struct str s)
{
    static const uint64_t high_bits = 0x8080808080808080u;
    size_t i = 0;
    uint32_t cp;
    uint64_t eight;
    while (i < s.len) {
        if (s.len - i >= sizeof eight) {
            memcpy(&eight, s.s + i, sizeof eight);
            if (!(eight & high_bits)) {
                i += sizeof eight;
                continue;
            }
        }
        int n = utf8_next(s.s + i, s.len - i, &cp);
        if (n == 0)
            break;
        i += (size_t)n;
    }
    assert(i <= s.len);
    return i;
}

static int
fail_utf8(struct encoding *e, size_t ahead, char byte)
{
    e->not_utf8 = true;
    return diag_fail(e->d, DIAG_BAD_DATA,
                     "byte 0x%02x at offset %llu is not UTF-8, and the file names no other "
                     "encoding: the setting fallback-encoding can name one",
                     (unsigned char)byte, (unsigned long long)(e->at + ahead));
}

/* Moves on in what waits: n bytes are done. */
static void
done_with(struct encoding *e, size_t n)
{
    assert(n <= e->in.len);
    memmove(e->in.data, e->in.data + n, e->in.len - n);
    buf_cut(&e->in, e->in.len - n);
    e->at += n;
}

/* How many bytes at the end of s wait for the rest of their character; -1 = failure. */
static int
check(struct encoding *e, struct str s)
{
    size_t n = valid_length(s);
    if (emit(e, str_n(s.s, n)) != 0)
        return -1;
    if (n == s.len || may_go_on(str_n(s.s + n, s.len - n)))
        return (int)(s.len - n);
    return fail_utf8(e, n, s.s[n]);
}

/* Checks a chunk where it is: only the beginning of a character is copied. */
static int
push_checked(struct encoding *e, struct str chunk)
{
    while (e->in.len && chunk.len) {
        buf_putc(&e->in, *chunk.s);
        chunk = str_n(chunk.s + 1, chunk.len - 1);
        int left = check(e, buf_view(&e->in));
        if (left < 0)
            return -1;
        done_with(e, e->in.len - (size_t)left);
    }
    if (!chunk.len)
        return 0;
    int left = check(e, chunk);
    if (left < 0)
        return -1;
    buf_add(&e->in, chunk.s + chunk.len - left, (size_t)left);
    e->at += chunk.len - (size_t)left;
    assert(e->in.len < 4);
    return 0;
}

/* ---- conversion ---- */

static int
fail_conversion(struct encoding *e, size_t ahead, unsigned char byte)
{
    return diag_fail(e->d, DIAG_BAD_DATA, "byte 0x%02x at offset %llu is not %s, the encoding %s",
                     byte, (unsigned long long)(e->at + ahead), e->name,
                     e->was_forced ? "that fallback-encoding names" : "of the file");
}

/* One call of iconv; what is at *from afterwards waits, or failed. */
static int
convert_some(struct encoding *e, char **from, size_t *left)
{
    char *to = e->out;
    size_t room = OUT;
    size_t rc = iconv(e->cd, from, left, &to, &room);
    int why = rc == (size_t)-1 ? errno : 0;
    if (emit(e, str_n(e->out, OUT - room)) != 0)
        return -1;
    if (why != EILSEQ)
        return why;
    unsigned char byte = (unsigned char)**from;
    if (!e->is_1252 || byte < 0x80 || byte > 0x9f)
        return fail_conversion(e, (size_t)(*from - e->in.data), byte);
    ++*from;
    --*left;
    /* the five bytes that windows-1252 has not are what ISO-8859-1 makes of them: controls */
    char control[4];
    return emit(e, str_n(control, (size_t)utf8_put(control, byte))) == 0 ? E2BIG : -1;
}

static int
convert(struct encoding *e)
{
    char *from = e->in.data;
    size_t left = e->in.len;
    int rc = E2BIG;
    for (size_t i = 0; e->is_1252 && i < left && !e->has_c1; i++)
        e->has_c1 = (unsigned char)from[i] >= 0x80 && (unsigned char)from[i] <= 0x9f;
    while (left && rc == E2BIG)
        if ((rc = convert_some(e, &from, &left)) < 0)
            return -1;
    assert(rc == 0 || rc == EINVAL || !left);
    if (left > MAX_CHARACTER)
        return fail_conversion(e, (size_t)(from - e->in.data), (unsigned char)*from);
    done_with(e, e->in.len - left);
    return 0;
}

/* ---- the first bytes ---- */

static bool
begins(struct str s, const char *magic, size_t n)
{
    return s.len >= n && memcmp(s.s, magic, n) == 0;
}

/* UTF-16 without a mark: one of the characters that XML and JSON begin with. */
static const char *
bare_utf16(struct str s)
{
    static const char firsts[] = "<{[";
    for (int i = 0; firsts[i] && s.len >= 4; i++) {
        if (s.s[0] == firsts[i] && !s.s[1] && s.s[2] && !s.s[3])
            return "UTF-16LE";
        if (!s.s[0] && s.s[1] == firsts[i] && !s.s[2] && s.s[3])
            return "UTF-16BE";
    }
    return NULL;
}

/* A tag, a comment or a declaration; "<13>" of a log is none. */
static bool
begins_like_xml(struct str s)
{
    struct str t = str_trim(s);
    if (t.len < 2 || t.s[0] != '<' || lookalike_is_html(t))
        return false;
    return isalpha((unsigned char)t.s[1]) || strchr("?!_", t.s[1]) || (t.s[1] & 0x80);
}

static bool
begins_like_json(struct str s)
{
    struct str t = str_trim(s);
    return begins(t, "{", 1) || begins(t, "[", 1);
}

static int
begin_conversion(struct encoding *e, struct str name, const char *converter)
{
    size_t n = name.len < sizeof e->name ? name.len : sizeof e->name - 1;
    assert(converter && !e->cd);
    memcpy(e->name, name.s, n);
    if (encoding_is_cold())
        return diag_fail(e->d, DIAG_RETRY, "the converter of %s was not loaded", e->name);
    iconv_t cd = iconv_open("UTF-8", converter);
    if (cd == (iconv_t)-1)
        return diag_fail(e->d, DIAG_BAD_DATA,
                         "this system cannot convert %s: its C library lacks the module %s",
                         e->name, converter);
    e->cd = cd;
    e->out = mem_alloc(OUT);
    e->is_1252 = strcmp(converter, "WINDOWS-1252") == 0;
    e->mode = CONVERT;
    return 0;
}

/* XML in bytes: what it declares, or what must be taken for it. */
static int
choose_for_xml(struct encoding *e)
{
    struct str name = encoding_declared(head_of(&e->in));
    e->is_xml = true;
    e->is_not_utf16 = charset_is_utf16(name);
    if (name.len && !charset_is_utf8(name) && !e->is_not_utf16) {
        const char *converter = charset_converter(name);
        e->mode = PASS; /* detection says which ones are known */
        return converter ? begin_conversion(e, name, converter) : 0;
    }
    e->mode = CHECK8;
    if (!e->forced.len)
        return 0;
    e->was_forced = true;
    return begin_conversion(e, e->forced, charset_converter(e->forced));
}

static int
choose(struct encoding *e)
{
    struct str s = head_of(&e->in);
    /* The mark of UTF-32, which detection refuses by name, begins as that of UTF-16 does. */
    const char *utf16 = begins(s, "\xff\xfe\0\0", 4) ? NULL
                        : begins(s, "\xff\xfe", 2)   ? "UTF-16LE"
                        : begins(s, "\xfe\xff", 2)   ? "UTF-16BE"
                                                     : NULL;
    e->mode = PASS;
    if (utf16)
        done_with(e, 2);
    else
        utf16 = bare_utf16(s);
    if (utf16) {
        e->is_xml = true;
        return begin_conversion(e, str_c(utf16), utf16);
    }
    if (begins(s, "\xef\xbb\xbf", 3) && begins_like_xml(str_n(s.s + 3, s.len - 3))) {
        done_with(e, 3);
        e->is_xml = true;
        e->mode = CHECK8;
        return 0;
    }
    if (begins_like_xml(s))
        return choose_for_xml(e);
    e->is_json = begins_like_json(s);
    if (!e->is_json || !e->may_force)
        return 0; /* the readers replace what is not UTF-8 */
    e->mode = CHECK8;
    if (!e->forced.len)
        return 0;
    e->was_forced = true;
    return begin_conversion(e, e->forced, charset_converter(e->forced));
}

/* What may be XML is judged by all of its head: an XML declaration, a page of HTML. */
static bool
is_enough(struct str s)
{
    if (begins(s, "\xef\xbb\xbf", 3))
        s = str_n(s.s + 3, s.len - 3);
    struct str t = str_trim(s);
    return s.len >= MAX_HEAD || (t.len >= 6 && t.s[0] != '<');
}

static int go_on(struct encoding *e, struct str chunk);

/* Takes of the chunk what it needs to choose by; the rest goes on where it lies. */
static int
sniff(struct encoding *e, struct str chunk, bool ending)
{
    size_t room = MAX_HEAD + MARK - e->in.len;
    size_t n = chunk.len < room ? chunk.len : room;
    buf_add(&e->in, chunk.s, n);
    if (!ending && !is_enough(buf_view(&e->in))) {
        assert(n == chunk.len);
        return 0;
    }
    if (choose(e) != 0)
        return -1;
    assert(e->mode != SNIFF);
    struct buf taken = e->in;
    e->in = buf_init(MAX_HELD);
    int rc = go_on(e, buf_view(&taken));
    buf_done(&taken);
    return rc == 0 && n < chunk.len ? go_on(e, str_n(chunk.s + n, chunk.len - n)) : rc;
}

static int
go_on(struct encoding *e, struct str chunk)
{
    assert(e->mode != SNIFF);
    if (e->mode == PASS)
        return chunk.len ? e->sink(e->self, chunk) : 0;
    if (e->mode == CHECK8)
        return push_checked(e, chunk);
    buf_str(&e->in, chunk);
    assert(!buf_bad(&e->in));
    return convert(e);
}

int
encoding_push(struct encoding *e, struct str chunk)
{
    return e->mode == SNIFF ? sniff(e, chunk, false) : go_on(e, chunk);
}

/* ---- the end ---- */

static void
warn(struct encoding *e)
{
    struct str place = STR("encoding");
    if (e->was_forced)
        diag_warn(e->d, DIAG_WARN_TEXT, place,
                  "not UTF-8, and the file names no other: read as %s, the fallback-encoding",
                  e->name);
    if (e->has_c1 && !e->was_forced && charset_is_latin1(str_c(e->name)))
        diag_warn(e->d, DIAG_WARN_TEXT, place,
                  "the file says %s but holds bytes 0x80 to 0x9f: read as windows-1252", e->name);
    if (e->is_not_utf16)
        diag_warn(e->d, DIAG_WARN_TEXT, place, "the file says UTF-16 but is not: read as %s",
                  e->was_forced ? e->name : "UTF-8");
}

/* Some converters keep a character back that the next one could have changed. */
static int
end_conversion(struct encoding *e)
{
    char *to = e->out;
    size_t room = OUT;
    if (e->in.len)
        return diag_fail(e->d, DIAG_TRUNCATED, "the file ends inside a character of %s", e->name);
    iconv(e->cd, NULL, NULL, &to, &room);
    return emit(e, str_n(e->out, OUT - room));
}

int
encoding_end(struct encoding *e)
{
    if (e->mode == SNIFF && sniff(e, STR(""), true) != 0)
        return -1;
    if (e->mode == CHECK8 && e->in.len)
        return fail_utf8(e, 0, e->in.data[0]);
    if (e->mode == CONVERT && end_conversion(e) != 0)
        return -1;
    if (!e->head_done && flush_head(e) != 0)
        return -1;
    warn(e);
    return 0;
}
