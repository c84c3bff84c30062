/* Section "verify": the commands that check a report without trusting the program that made it. */
#include "compose/sections.h"

#include "compose/words.h"

static void
add_command(struct part *p, const char *text_key, const char *commands)
{
    part_add(p, BLOCK_TEXT, text_key);
    part_add_str(p, BLOCK_CODE, str_c(commands));
}

/* The note itself is inside the file: in the PDF as an attachment, in the others as text. */
static void
add_checkpoint(struct part *p)
{
    const struct report_checkpoint *c = &p->in->checkpoint;
    if (!c->note.len)
        return;
    part_add(p, BLOCK_TEXT, "verify.checkpoint");
    struct report_block *b = report_add(p->arena, p->section, BLOCK_PAIRS);
    part_pair(p, b, "verify.origin", words_name(p->arena, c->origin), true);
    part_pair(p, b, "verify.records", arena_fmt(p->arena, "%lld", (long long)c->size), true);
    part_pair(p, b, "verify.root", c->root, true);
    part_pair(p, b, "verify.vkey", c->vkey, true);
    part_add_str(p, BLOCK_CODE,
                 STR("assay audit verify --expect FILE\n"
                     "pdfdetach -save 1 -o audit.checkpoint FILE.pdf\n"
                     "assay verify audit.checkpoint --log-key audit.vkey"));
}

void
verify_build(struct part *p)
{
    part_add(p, BLOCK_TEXT, "verify.text");
    if (!p->in->signer.len) {
        part_add(p, BLOCK_TEXT, "verify.unsigned");
    } else { /* the fingerprint is there to be compared with one that came by another way */
        struct report_block *b = report_add(p->arena, p->section, BLOCK_PAIRS);
        part_pair(p, b, "control.signer", p->in->signer, false);
        part_pair(p, b, "control.fingerprint", p->in->signer_fingerprint, true);
        part_add(p, BLOCK_NOTE, "verify.fingerprint");
    }
    add_command(p, "verify.assay", "assay verify FILE\nassay verify manifest.json");
    if (p->in->signer.len) {
        add_command(p, "verify.pdfsig", "pdfsig FILE");
        add_command(p, "verify.openssl",
                    "openssl cms -verify -binary -inform DER -in manifest.json.p7s \\\n"
                    "    -content manifest.json -certfile SIGNER.pem \\\n"
                    "    -CAfile SIGNER.pem -partial_chain -purpose any -out /dev/null\n"
                    "openssl x509 -in SIGNER.pem -noout -fingerprint -sha256");
    }
    add_checkpoint(p);
    add_command(p, "verify.hashes", "sha256sum FILE\ncat manifest.json");
    part_add(p, BLOCK_NOTE, "verify.dataset");
}
