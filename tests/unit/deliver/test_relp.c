/* A session of RELP with a receiver that answers as a test says: which messages are known to have
 * arrived, and whether that is worth another attempt. */
#include "deliver/outlet.h"

#include <signal.h>

#include "peer.h"

enum { MANY = 300 };

static struct arena *a;
static struct peer peer;

/* What the receiver says to the nth message, from 0; "" = it ends the connection. */
struct play {
    int at;
    const char *answer; /* without its number */
    bool answers_open;
    size_t n; /* that arrive of MANY */
    enum diag_code code;
};

/* One frame; its number, the beginning of its command. -1 = the connection ended. */
static long
read_frame(FILE *in, char command[16])
{
    long txnr, len;
    if (fscanf(in, "%ld %15s %ld", &txnr, command, &len) != 3)
        return -1;
    for (int c = fgetc(in); len > 0 && c == ' ';)
        for (c = 0; len > 0; len--)
            fgetc(in);
    return txnr;
}

static void
receive(const struct play *p)
{
    int fd = accept(peer.listener, NULL, NULL);
    signal(SIGPIPE, SIG_IGN); /* it may be gone before our last answer */
    FILE *io = fdopen(fd, "r");
    char command[16];
    int at = 0;
    for (long txnr; (txnr = read_frame(io, command)) >= 0;) {
        bool is_message = strcmp(command, "syslog") == 0;
        const char *answer = is_message && at == p->at ? p->answer : "rsp 6 200 OK";
        at += is_message;
        if (strcmp(command, "open") == 0 && !p->answers_open)
            answer = "rsp 8 500 no\n!";
        if (!answer[0])
            _exit(0);
        if (dprintf(fd, "%ld %s\n", txnr, answer) < 0)
            break;
    }
    fclose(io);
    _exit(0);
}

static void
run(const struct play *p)
{
    struct outlet_message m[MANY];
    struct outlet_options none = {.token = STR("")};
    struct diag d = diag_init(a);
    int64_t wait;
    int status;
    size_t n;
    for (size_t i = 0; i < MANY; i++)
        m[i] = (struct outlet_message){arena_fmt(a, "<104>1 - %zu\nx", i), STR("o:1"), 0, false,
                                       STR_INIT("")};
    peer.pid = fork();
    if (peer.pid == 0)
        receive(p);
    peer_send(&relp_outlet, peer.at, &none, m, MANY, &n, &wait, &d);
    CHECK(waitpid(peer.pid, &status, 0) == peer.pid && status == 0);
    if (n != p->n || d.first.code != p->code)
        fprintf(stderr, "  \"%s\": %zu, %.*s\n", p->answer, n, STR_ARG(diag_text(&d)));
    CHECK(n == p->n && d.first.code == p->code && wait == 0);
}

int
main(void)
{
    a = arena_new();
    peer = peer_new(a);
    static const struct play plays[] = {
        {-1, "", true, MANY, DIAG_OK},
        {-1, "", false, 0, DIAG_CANNOT_WRITE},
        {0, "", true, 0, DIAG_UNAVAILABLE},
        {5, "", true, 5, DIAG_UNAVAILABLE},
        {5, "rsp 9 500 never", true, 5, DIAG_CANNOT_WRITE},
        {200, "rsp 9 500 never", true, 200, DIAG_CANNOT_WRITE}, /* in the second window */
        {5, "rsp 4 2000", true, 5, DIAG_CANNOT_WRITE},
        {5, "rsp 6 200 OK\n7 rsp 6 200 OK", true, 6, DIAG_UNAVAILABLE}, /* one of them twice */
        {5, "serverclose 0", true, 5, DIAG_UNAVAILABLE},
        {5, "HTTP/1.1 400", true, 5, DIAG_UNAVAILABLE}, /* the connection fails, no message */
    };
    for (size_t i = 0; i < sizeof plays / sizeof *plays; i++)
        run(&plays[i]);
    close(peer.listener);
    arena_free(a);
    return CHECK_DONE();
}
