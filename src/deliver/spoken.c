/* Words of peers. Below stream.c and relp.c. */
#include "deliver/spoken.h"

#include <ctype.h>

#include "base/buf.h"

/* Who is known by how it begins. */
static const struct {
    const char *begins, *who;
} strangers[] = {
    {"HTTP/", "a server of HTTP"},         {"<!DOCTYPE", "a server of HTTP"},
    {"<html", "a server of HTTP"},         {"SSH-", "a server of SSH"},
    {"220", "a server of mail or of FTP"}, {"0 serverclose", "a receiver of RELP"},
};

bool
spoken_is_tls(struct str said)
{
    return said.len >= 3 && said.s[0] >= 0x14 && said.s[0] <= 0x17 && said.s[1] == 3 &&
           said.s[2] >= 0 && said.s[2] <= 4;
}

/* "1 rsp 6 200 OK" */
static bool
spoken_is_relp(struct str said)
{
    size_t i = 0;
    while (i < said.len && isdigit((unsigned char)said.s[i]))
        i++;
    return i > 0 && str_starts(str_n(said.s + i, said.len - i), " rsp ");
}

static const char *
spoken_who(struct str said)
{
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++)
        if (str_starts(said, strangers[i].begins))
            return strangers[i].who;
    return spoken_is_tls(said)    ? "a port with TLS"
           : spoken_is_relp(said) ? "a receiver of RELP"
                                  : NULL;
}

struct str
spoken_quote(struct str said, struct arena *a)
{
    AUTO_BUF out = buf_init(SPOKEN_SHOWN * 4 + 128);
    size_t shown = said.len < SPOKEN_SHOWN ? said.len : SPOKEN_SHOWN;
    const char *who = spoken_who(said);
    buf_putc(&out, '"');
    for (size_t i = 0; i < shown; i++) {
        unsigned char c = (unsigned char)said.s[i];
        if (c == '\r' || c == '\n')
            buf_puts(&out, c == '\r' ? "\\r" : "\\n");
        else if (c < 32 || c >= 127)
            buf_fmt(&out, "\\x%02x", c);
        else if (c == '"' || c == '\\')
            buf_fmt(&out, "\\%c", c);
        else
            buf_putc(&out, (char)c);
    }
    buf_puts(&out, shown < said.len ? "…\"" : "\"");
    if (who)
        buf_fmt(&out, ", as %s does", who);
    return arena_str(a, buf_view(&out));
}
