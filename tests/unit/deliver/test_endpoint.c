/* Addresses and tokens of targets over HTTP, and what goes into one request. */
#include "deliver/endpoint.h"

#include <stdlib.h>

#include "check.h"

static const struct {
    const char *peer;
    bool plain, legacy;
    const char *url; /* NULL = refused */
} peers[] = {
    {"siem.test", false, false, "https://siem.test:443"},
    {"siem.test/in", false, false, "https://siem.test:443/in"},
    {"siem.test:8443/a/b?c=d&e", false, false, "https://siem.test:8443/a/b?c=d&e"},
    {"[2001:db8::1]:8443/in", false, false, "https://[2001:db8::1]:8443/in"},
    {"[2001:db8::1]", false, false, "https://[2001:db8::1]:443"},
    {"127.0.0.1:80/x", true, false, "http://127.0.0.1:80/x"},
    {"localhost/x", true, false, "http://localhost:443/x"},
    {"[::1]:1", true, false, "http://[::1]:1"},
    {"siem.test/x", true, false, NULL},
    {"siem.test/x", true, true, "http://siem.test:443/x"},
    {"localhost.evil.test/x", true, false, NULL},
    {"127.evil.test/x", true, false, NULL},
    {"127.0.0.1.evil.test:80/x", true, false, NULL},
    {"", false, false, NULL},
    {":443", false, false, NULL},
    {"/in", false, false, NULL},
    {"siem.test:0", false, false, NULL},
    {"siem.test:65536", false, false, NULL},
    {"siem.test:http", false, false, NULL},
    {"me:secret@siem.test", false, false, NULL},
    {"me@siem.test/in", false, false, NULL},
    {"siem.test/a b", false, false, NULL},
    {"siem.test/a#b", false, false, NULL},
    {"siem.test/a\nb", false, false, NULL},
    {"siem\\test", false, false, NULL},
    {"siem.t\xc3\xa9st", false, false, NULL},
    {"siem.test?x", false, false, NULL},
};

static const struct {
    const char *token, *prefix, *auth; /* NULL = refused */
    const char *secret;
} tokens[] = {
    {"", "Bearer", "", ""},
    {" \n", "Bearer", "", ""},
    {"abc.def\n", "Bearer", "Authorization: Bearer abc.def", "abc.def"},
    {"B5A79AAD-D822", "Splunk", "Authorization: Splunk B5A79AAD-D822", "B5A79AAD-D822"},
    {"ApiKey abc==", "Bearer", "Authorization: ApiKey abc==", "abc=="},
    {"ApiKey id:key", "ApiKey", "Authorization: ApiKey aWQ6a2V5", "aWQ6a2V5"},
    {"id:key", "ApiKey", "Authorization: ApiKey aWQ6a2V5", "aWQ6a2V5"},
    {"Basic  me:secret", "ApiKey", "Authorization: Basic bWU6c2VjcmV0", "bWU6c2VjcmV0"},
    {"a:b", "Bearer", "Authorization: Bearer a:b", "a:b"},
    {"two\nlines", "Bearer", NULL, NULL},
    {"one two three", "Bearer", NULL, NULL},
    {"caf\xc3\xa9", "Bearer", NULL, NULL},
};

static void
check_peers(struct arena *a)
{
    for (size_t i = 0; i < sizeof peers / sizeof *peers; i++) {
        struct diag d = diag_init(a);
        struct endpoint *e;
        struct outlet_options o = {.token = STR(""), .legacy = peers[i].legacy};
        struct endpoint_kind kind = {
            .plain = peers[i].plain, .port = 443, .token_prefix = "Bearer"};
        int rc = endpoint_open(str_c(peers[i].peer), &kind, &o, &e, &d);
        CHECK((rc == 0) == (peers[i].url != NULL));
        CHECK(rc == 0 || d.first.code == DIAG_CONFIG);
        if ((rc == 0) != (peers[i].url != NULL))
            fprintf(stderr, "  %s: %.*s\n", peers[i].peer, STR_ARG(d.first.text));
        if (rc != 0)
            continue;
        CHECK_STR(e->url, peers[i].url);
        endpoint_close(e);
    }
}

static void
check_tokens(struct arena *a)
{
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        struct diag d = diag_init(a);
        struct endpoint *e;
        struct outlet_options o = {.token = str_c(tokens[i].token)};
        struct endpoint_kind kind = {.port = 443, .token_prefix = tokens[i].prefix};
        int rc = endpoint_open(STR("siem.test"), &kind, &o, &e, &d);
        CHECK((rc == 0) == (tokens[i].auth != NULL));
        if (rc != 0) {
            CHECK_STR(d.first.text, "the token has characters that none can have");
            continue;
        }
        CHECK_STR(e->auth, tokens[i].auth);
        CHECK_STR(e->secret, tokens[i].secret);
        endpoint_close(e);
    }
}

static void
check_sizes(void)
{
    char *big = calloc(1, OUTLET_SOME + 1);
    struct outlet_message m[4] = {{STR("{}"), STR("o:1"), 0, false, STR_INIT("")},
                                  {str_n(big, OUTLET_SOME), STR("o:2"), 0, false, STR_INIT("")},
                                  {STR("{}"), STR("o:3"), 0, false, STR_INIT("")},
                                  {STR("{}"), STR("o:4"), 0, false, STR_INIT("")}};
    CHECK(outlet_some(m, 4) == 1);
    CHECK(outlet_some(m + 1, 3) == 1);
    CHECK(outlet_some(m + 2, 2) == 2);
    CHECK(outlet_some(m + 3, 1) == 1);
    free(big);
}

int
main(void)
{
    struct arena *a = arena_new();
    check_peers(a);
    check_tokens(a);
    check_sizes();
    CHECK_STR(endpoint_header("X-A", STR("o\r\nX-B: c\xc3\xa9:1"), a), "X-A: o??X-B: c??:1");
    arena_free(a);
    return CHECK_DONE();
}
