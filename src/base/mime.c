/* Mail as bytes. render/mail writes the parts that all receivers share with it, job/letter.c the rest. */
#include "base/mime.h"

#include <ctype.h>
#include <time.h>

#include "base/base64.h"
#include "base/sha256.h"
#include "base/utf8.h"

enum {
    WORD_BYTES = 39, /* of text in one encoded word: behind "Subject: " the line stays below 76 bytes */
    LINE = 76,
    MAX_ADDRESS = 254, /* RFC 5321 §4.5.3.1.3, without < and > */
    MAX_LOCAL = 64,
    PARAMETER = 60
};

static bool
mime_is_plain(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.s[i] < 32 || (unsigned char)s.s[i] > 126)
            return false;
    return str_find(s, "=?") < 0;
}

/* What stands in a header is on one line, however it came. */
static struct str
mime_one_line(struct arena *a, struct str text)
{
    return str_trim(utf8_one_line(a, utf8_repair(a, text)));
}

/* Plain words, folded at blanks; a word that fits into no line makes the whole text no plain one. */
static bool
mime_put_words(struct buf *out, size_t column, struct str text)
{
    size_t before = out->len;
    struct str rest = text;
    while (rest.len) {
        struct str word = str_cut(&rest, ' ');
        if (word.len > LINE - 1) {
            buf_cut(out, before);
            return false;
        }
        if (column + 1 + word.len > LINE) {
            buf_puts(out, "\r\n");
            column = 0;
        }
        buf_putc(out, ' ');
        buf_str(out, word);
        column += 1 + word.len;
    }
    return true;
}

/* Encoded words, each with whole characters. */
static void
mime_put_encoded(struct buf *out, struct arena *a, struct str text)
{
    const char *gap = "";
    while (text.len) {
        struct str piece = utf8_cut(text, WORD_BYTES);
        assert(piece.len);
        buf_fmt(out, "%s =?UTF-8?B?%.*s?=", gap, STR_ARG(base64_encode(a, piece.s, piece.len)));
        text = str_n(text.s + piece.len, text.len - piece.len);
        gap = "\r\n";
    }
}

static void
mime_put_phrase(struct buf *out, size_t column, struct str text, struct arena *a)
{
    if (!mime_is_plain(text) || !mime_put_words(out, column, text))
        mime_put_encoded(out, a, text);
}

void
mime_put_text(struct buf *out, const char *name, struct str text)
{
    struct arena *a = arena_new();
    buf_fmt(out, "%s:", name);
    mime_put_phrase(out, strlen(name) + 1, mime_one_line(a, text), a);
    buf_puts(out, "\r\n");
    arena_free(a);
}

/* A name with signs that mean something in a list of mailboxes is encoded, not quoted. */
void
mime_put_mailbox(struct buf *out, const char *header, struct str name, struct str address)
{
    struct arena *a = arena_new();
    struct str one = mime_one_line(a, name);
    bool is_phrase = mime_is_plain(one);
    for (size_t i = 0; i < one.len; i++)
        is_phrase = is_phrase && (isalnum((unsigned char)one.s[i]) || one.s[i] == ' ');
    buf_fmt(out, "%s:", header);
    if (one.len && is_phrase)
        mime_put_phrase(out, strlen(header) + 1, one, a);
    else
        mime_put_encoded(out, a, one);
    buf_fmt(out, one.len ? "\r\n <%.*s>\r\n" : " %.*s\r\n", STR_ARG(address));
    arena_free(a);
}

/* RFC 2231 §3 and §4: numbered pieces, each percent-encoded. */
void
mime_put_parameter(struct buf *out, const char *name, struct str value)
{
    static const char hex[] = "0123456789ABCDEF";
    bool is_plain = mime_is_plain(value) && value.len <= PARAMETER &&
                    !memchr(value.s, '"', value.len) && !memchr(value.s, '\\', value.len);
    if (is_plain) {
        buf_fmt(out, ";\r\n %s=\"%.*s\"", name, STR_ARG(value));
        return;
    }
    for (size_t i = 0, n = 0; i < value.len; n++) {
        size_t used = 0;
        buf_fmt(out, ";\r\n %s*%zu*=%s", name, n, n ? "" : "UTF-8''");
        for (; i < value.len && used + 3 <= PARAMETER - 12; i++) {
            unsigned char c = (unsigned char)value.s[i];
            if (isalnum(c) || c == '.' || c == '-' || c == '_') {
                buf_putc(out, (char)c);
                used++;
            } else {
                buf_putc(out, '%');
                buf_putc(out, hex[c >> 4]);
                buf_putc(out, hex[c & 15]);
                used += 3;
            }
        }
    }
}

/* ---- bodies ---- */

/* RFC 2045 §6.7; a point at the beginning of a line is hidden from relays, too. */
static void
mime_put_quoted_line(struct buf *out, struct str line)
{
    size_t column = 0;
    for (size_t i = 0; i < line.len; i++) {
        unsigned char c = (unsigned char)line.s[i];
        bool is_last = i + 1 == line.len;
        bool is_plain = c > 32 ? c < 127 && c != '=' && !(c == '.' && column == 0)
                               : c == ' ' && !is_last;
        size_t size = is_plain ? 1 : 3;
        if (column + size > LINE - 1) {
            buf_puts(out, "=\r\n");
            column = 0;
            is_plain = is_plain && c != '.';
            size = is_plain ? 1 : 3;
        }
        if (is_plain)
            buf_putc(out, (char)c);
        else
            buf_fmt(out, "=%02X", c);
        column += size;
    }
    buf_puts(out, "\r\n");
}

void
mime_put_quoted(struct buf *out, struct str text)
{
    while (text.len) {
        struct str line = str_cut(&text, '\n');
        if (line.len && line.s[line.len - 1] == '\r')
            line.len--;
        mime_put_quoted_line(out, line);
    }
}

void
mime_put_base64(struct buf *out, struct str bytes)
{
    struct arena *a = arena_new();
    struct str all = base64_encode(a, bytes.s, bytes.len);
    for (size_t i = 0; i < all.len; i += LINE) {
        size_t n = all.len - i < LINE ? all.len - i : LINE;
        buf_add(out, all.s + i, n);
        buf_puts(out, "\r\n");
    }
    arena_free(a);
}

struct str
mime_date(struct arena *a, int64_t t)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm tm;
    time_t at = (time_t)t;
    struct tm *is_known = gmtime_r(&at, &tm);
    assert(is_known);
    (void)is_known;
    return arena_fmt(a, "%s, %02d %s %04d %02d:%02d:%02d +0000", days[tm.tm_wday], tm.tm_mday,
                     months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* "_" stands in no base64, and quoted-printable never begins a line with "=_". */
struct str
mime_boundary(struct arena *a, const char *role, struct str seed)
{
    struct sha256_digest h = sha256_of(seed);
    return arena_fmt(a, "=_%s_%.32s", role, sha256_hex(a, &h).s);
}

/* ---- addresses ---- */

static bool
mime_is_atoms(struct str s, const char *others)
{
    if (!s.len || s.s[0] == '.' || s.s[s.len - 1] == '.' || str_find(s, "..") >= 0)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!isalnum((unsigned char)s.s[i]) && (s.s[i] == 0 || !strchr(others, s.s[i])))
            return false;
    return true;
}

bool
mime_is_address(struct str text)
{
    struct str domain = text, local = str_cut(&domain, '@');
    return text.len <= MAX_ADDRESS && local.len < text.len && local.len <= MAX_LOCAL &&
           mime_is_plain(text) && mime_is_atoms(local, ".!#$%&'*+/=?^_`{|}~-") &&
           mime_is_atoms(domain, ".-") && domain.s[0] != '-';
}
