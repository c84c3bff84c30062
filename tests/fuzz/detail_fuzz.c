/* Any bytes as the vector and the set of details of a scan, in both forms: rows of a database are hostile, too. What the
 * rules let through can be read to its end, and what they refuse is refused with a text. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "model/fleet.h"
#include "store/detail.h"
#include "store/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_details(struct str records, struct str words)
{
    size_t least = 0;
    for (size_t i = 0; i < detail_count(records); i++) {
        struct detail v = detail_at(records, i), found;
        assert(v.pos >= least && v.severity < SEVERITY__COUNT && v.n > 0);
        assert(detail_find(records, v.pos, &found) && found.pos == v.pos);
        struct str native = detail_word(words, v.native), waiver = detail_word(words, v.waiver);
        assert(native.len == 0 || native.s + native.len <= words.s + words.len);
        assert(waiver.len == 0 || waiver.s + waiver.len <= words.s + words.len);
        least = v.pos + 1;
    }
    for (size_t at = 0; at < words.len; at += 64) /* also where no word begins */
        detail_word(words, at);
}

static void
read_vector(struct str vec, size_t n_vec, struct diag *d)
{
    struct fleet_scan s = {.vec = (const unsigned char *)vec.s, .n_vec = n_vec};
    if (rules_vector(vec, n_vec, n_vec, d) != 0)
        return;
    for (size_t i = 0; i <= n_vec; i++)
        assert(fleet_status(&s, i) != STATUS_NOTSELECTED);
}

/* The first part as a base, the second as a set that leans on it; and both as what is compressed. What can be read can be
 * written again, and says the same. */
static void
read_small(struct str first, struct str second, size_t n_vec, struct arena *a, struct diag *d)
{
    struct detail_form base, set, again;
    struct str body;
    bool has_base = detail_form_unpack(first, NULL, a, &base, d) == 0;
    diag_clear(d);
    if (detail_form_inflate(second, a, &body, d) != 0)
        body = second;
    diag_clear(d);
    if (detail_form_unpack(body, has_base ? &base : NULL, a, &set, d) != 0) {
        assert(d->first.code == DIAG_BAD_DATA && d->first.text.len);
        return;
    }
    struct details v, w;
    detail_pack_form(&set, a, &v);
    assert(rules_details(v.records, v.words, d) == 0);
    assert((rules_details_of(&set, n_vec, d) == 0) == (set.n_pos <= n_vec));
    struct str packed = detail_form_pack(&set, NULL, DETAIL_MOST_BASE, a);
    diag_clear(d);
    if (!packed.len)
        return;
    assert(detail_form_unpack(packed, NULL, a, &again, d) == 0);
    detail_pack_form(&again, a, &w);
    assert(str_eq(v.records, w.records) && str_eq(v.words, w.words));
}

/* Three bytes say where the parts end: number of checks, and bytes of the records. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3)
        return 0;
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct str rest = str_n((const char *)data + 3, size - 3);
    size_t n_vec = data[0], n = ((size_t)data[1] << 8 | data[2]) % (rest.len + 1);
    struct str records = str_n(rest.s, n), words = str_n(rest.s + n, rest.len - n);
    if (rules_details(records, words, &d) == 0)
        read_details(records, words);
    else
        assert(d.first.code == DIAG_BAD_DATA && d.first.text.len);
    diag_clear(&d);
    read_small(records, words, n_vec, a, &d);
    diag_clear(&d);
    read_vector(rest, n_vec, &d);
    struct hash16 h = {{0}};
    detail_is_named(records, words, &h);
    arena_free(a);
    return 0;
}
