#!/usr/bin/env bash
# A report's way to its recipients by a real mail server: what arrives, read back by other programs; an outage; who is refused;
# hostile names; two senders at once; an answer that is lost.
. "$(dirname "$0")/../lib/lib.sh"
need jq openssl exim4 python3 mariadb mariadbd mariadb-install-db
. "$SRC/tests/e2e/lib/mailserver.sh"
. "$SRC/tests/e2e/lib/server.sh"
read_back() { python3 "$SRC/tests/e2e/deliver/mail.py" "$@"; }
sent() { "$ASSAY" outbox list --all --json | jq "[.[] | select(.state == \"$1\")] | length"; }
of() { jq -r "$1" "$T/mail.json"; }

ln -sf "$(command -v openssl)" "$T/assay-openssl" # by that name its clock is moved, too
# The sender's own certificate, and that of an officer who reads alone.
at 2026-01-01T00:00:00Z "$T/assay-openssl" req -x509 -newkey rsa:3072 -nodes -days 9000 -keyout "$T/mail.key" -out "$T/mail.pem" -subj '/CN=Reports' \
    -addext 'subjectAltName=email:reports@example.test' -addext 'extendedKeyUsage=emailProtection' -addext 'keyUsage=digitalSignature' 2>/dev/null
at 2026-01-01T00:00:00Z "$T/assay-openssl" req -x509 -newkey rsa:2048 -nodes -days 9000 -keyout "$T/officer.key" -out "$T/officer.pem" -subj '/CN=Officer' \
    -addext 'subjectAltName=email:officer@officers.test' -addext 'keyUsage=keyEncipherment' 2>/dev/null
chmod 600 "$T/mail.key"
printf 'päss word\n' >"$T/password"; chmod 600 "$T/password"
mail_start
server_start
cat >>"$T/assay.conf" <<CONF
templates-dir = $T/site
mail-server = smtp://localhost:$MAIL_PORT
mail-from = Hardening, Reports <reports@example.test>
mail-user = reports
mail-password-file = $T/password
mail-ca = $MAIL_DIR/cert.pem
mail-cert = $T/mail.pem
mail-key = $T/mail.key
recipient = mail:anna@officers.test,bert@officers.test name=admins reports=hardening-month*
recipient = mail:officer@officers.test name=officer cert=$T/officer.pem
recipient = mail:refused@officers.test name=left reports=hardening-monthly
CONF

# A definition of the site whose title would like to be three headers, in Japanese.
mkdir -p "$T/site/reports"
jq -n '{title: "\u2028要塞化\r\nBcc: evil@example.test\r\n\r\nコンプライアンスレポート 第一部門 および 第二部門 の 月次報告", language: "ja",
    period: "month", scheduled: true, outputs: ["pdf"], recipients: ["officer"],
    sections: [{type: "dashboard"}, {type: "scope"}]}' >"$T/site/reports/月次.json"
check init status 0 at 2026-01-01T00:00:00Z assay init
bash "$SRC/scripts/make-fleet" --agents 8 --weeks 9 --groups 2 --out "$T/spool" --seed 9 --end 2026-11-28 >/dev/null
at 2026-12-01T05:58:00Z "$ASSAY" ingest "$T/spool" >/dev/null 2>&1
check "a dry run says what would go where" status 0 at 2026-12-01T06:00:00Z assay run -n -v --catch-up 1
check "to whom" says "hardening-monthly 2026-11: would be made below $T/scheduled and go to mail:anna@officers.test, mail:bert@officers.test, mail:refused@officers.test"
check "and queues nothing" equal "$(sent waiting)" 0

check "a night: one is refused, which is told" status 69 at 2026-12-01T06:00:00Z assay run -v --catch-up 1
check "by its name" says "mail:refused@officers.test: smtp://localhost:$MAIL_PORT: refused: 550 no such user here"
check "all others were sent" equal "$(sent sent) $(sent refused) $(sent waiting)" "3 1 0"
wait_for "three mails" 20 bash -c "[ \$(ls '$MAIL_DIR/box/new' | wc -l) -eq 3 ]"

# Anna's: signed, readable without pictures, the PDF byte for byte.
anna=$(mails anna)
read_back "$anna" "$T/anna" >"$T/mail.json"
check "the signature holds" openssl cms -verify -in "$anna" -CAfile "$T/mail.pem" -purpose smimesign -out "$T/signed"
check "of the sender's certificate" grep -q 'Verification successful' <(openssl cms -verify -in "$anna" -CAfile "$T/mail.pem" -certsout "$T/signer.pem" -out /dev/null 2>&1)
sed 's/Hardening compliance report$/Hardening complaint report/' "$anna" >"$T/changed.eml"
check "a changed word breaks it" fails openssl cms -verify -in "$T/changed.eml" -CAfile "$T/mail.pem" -purpose smimesign -out /dev/null
check "the attachment is the sealed PDF" cmp "$T/anna/hardening-monthly-2026-11.pdf" "$T/scheduled/hardening-monthly-2026-11/latest/hardening-monthly-2026-11.pdf"
check "which verifies" status 0 assay verify --trust "$T/state/sign.crt" "$T/anna/hardening-monthly-2026-11.pdf"
check "subject" equal "$(of .subject)" "Hardening compliance report: All groups · November 2026"
check "from" equal "$(of .from)" '"Hardening, Reports" <reports@example.test>'
check "to one address" equal "$(of .to)" anna@officers.test
check "the text names the seal and the hash" grep -q "SHA-256 $(sha256sum <"$T/anna/hardening-monthly-2026-11.pdf" | cut -d' ' -f1)" "$T/mail.json"
check "what got worse" equal "$(of '.text | contains("What got worse")')" true
check "and who is missing" equal "$(of '.text | contains("Not covered")')" true
check "the picture that is shown is there" equal "$(of .pictures_shown)" "$(of .pictures)"
check "nothing is fetched" equal "$(of '.fetched | length')" 0
check "no defects" equal "$(of '.defects | length')" 0
check "ASCII on the way" equal "$(of .ascii)" true
check "no long lines" test "$(of .longest)" -lt 200
check "TLS and a login" grep -q "A=plain:reports" <(mail_log | grep 'X=TLS1.[23]')

# The officer's: encrypted, and what is inside is signed.
officer=$(mails officer)
check "nothing in clear" fails grep -q 'Content-Type: text/plain' "$officer"
check "it is for the officer" openssl cms -decrypt -in "$officer" -inkey "$T/officer.key" -recip "$T/officer.pem" -out "$T/inside"
check "for nobody else" fails openssl cms -decrypt -in "$officer" -inkey "$T/mail.key" -recip "$T/mail.pem" -out "$T/nothing"
check "signed inside" openssl cms -verify -in "$T/inside" -CAfile "$T/mail.pem" -purpose smimesign -out /dev/null
read_back "$officer" >"$T/mail.json"
check "a subject outside that tells nothing, in the report's language" equal "$(of .subject)" "assay：暗号化されたレポート"
check "no header was added" equal "$(of .bcc)" null
check "nor one that is ours alone" fails grep -qi '^X-Assay' "$officer"
of '.outer[]' | sed '/^Return-path\|^Envelope-to\|^Delivery-date\|^Received/Id' | sort >"$T/outer"
read_back "$T/inside" "$T/officer" >"$T/mail.json"
check "what is meant is inside, as RFC 9788 says, and once" equal "$(of '[.meant[] | "\(.hp) \(.v1)"] | join(",")')" "cipher v1"
check "the subject in Japanese, on one line" equal "$(of '.meant[0].subject' | tr -d '\n' | grep -c '要塞化.*Bcc: evil@example.test.*コンプライアンスレポート 第一部門 および 第二部門 の 月次報告')" 1
check "no header was added there" equal "$(of '.meant[0].bcc')" null
check "the others are those outside" equal "$(of '.meant[0] | "\(.from) \(.to)"')" '"Hardening, Reports" <reports@example.test> officer@officers.test'
check "and which went out, in which form" equal "$(of '.meant[0].outer[]' | sort)" "$(cat "$T/outer")"
check "with the subject" grep -q '^Subject: ' "$T/outer"
check "no defects inside" equal "$(of '.defects | length')" 0
pdf=$(of '.files[0]')
check "byte for byte" cmp "$T/officer/$pdf" "$T/scheduled/${pdf%.pdf}/latest/$pdf"
check "Japanese text" equal "$(of '.text | contains("悪化した項目")')" true

# Records: who, what, what was answered.
assay audit export --format json -o "$T/log.json" --from 0
event() { jq -s "[.[].rec | select(.event == \"$1\")]" "$T/log.json"; }
check "queued in the log" equal "$(event outbox.queue | jq length)" 4
check "each attempt" equal "$(event outbox.send | jq length)" 4
check "under the hash of its manifest" grep -q "$(sha256sum <"$T/scheduled/hardening-monthly-2026-11/v1/manifest.json" | cut -d' ' -f1)" <(event outbox.queue)
check "with the answer" grep -q '250 OK id=' <(event outbox.send)
check "without the password" fails grep -qi 'päss' "$T/log.json"
check "the log holds" status 0 assay audit verify

# A month later the server is away for two hours: each is sent once, when it is back.
mail_stop
bash "$SRC/scripts/make-fleet" --agents 8 --weeks 2 --groups 2 --out "$T/spool" --seed 9 --end 2026-12-28 >/dev/null
check "nobody answers" status 69 at 2027-01-01T06:00:00Z assay run --catch-up 1
for minute in 05 10 15 30; do at 2027-01-01T06:$minute:00Z "$ASSAY" outbox send --quiet >/dev/null 2>&1; done
check "an hour later" status 69 at 2027-01-01T07:10:00Z assay outbox send
check "the pauses grow" test "$("$ASSAY" outbox list --json | jq '[.[] | select(.state == "waiting") | .attempts] | max')" -le 7
check "all wait" equal "$(sent waiting) $(sent sent)" "4 3"
mail_start
check "back: what is due goes out" status 73 at 2027-01-01T08:30:00Z assay outbox send
check "each once" equal "$(sent sent) $(sent waiting) $(sent refused)" "6 0 2"
assay check >"$T/plugin" 2>&1
check "a monitoring system is told" grep -qF "outbox-refused 2 (want 0)" "$T/plugin"
check "and that nothing waits" grep -qF "'outbox-age'=0s;7200" "$T/plugin"
check "nothing is left to send" status 0 at 2027-01-01T10:00:00Z assay outbox send
wait_for "six mails" 20 bash -c "[ \$(ls '$MAIL_DIR/box/new' | wc -l) -eq 6 ]"
check "never doubled" equal "$(cat "$MAIL_DIR"/box/new/* | grep -c '^Message-ID:') $(cat "$MAIL_DIR"/box/new/* | grep '^Message-ID:' | sort -u | wc -l)" "6 6"

# What was refused comes again only when somebody says so; what was sent, never.
id() { "$ASSAY" outbox list --all --json | jq -r "[.[] | select(.state == \"$1\")][0].id"; }
check "retry" status 0 assay outbox retry "$(id refused)" --reason 'the box is there again'
check "it is due" equal "$(sent waiting)" 1
check "drop" status 0 assay outbox drop "$(id waiting)" --reason 'he has left'
check "it is not sent" status 0 at 2027-01-01T10:00:00Z assay outbox send
check "dropped" equal "$(sent dropped) $(sent waiting)" "1 0"
check "what was sent is not sent again" status 64 assay outbox retry "$(id sent)"
check "an id that nobody has" status 64 assay outbox show zz
check "shown" status 0 assay outbox show "$(id sent)"
check "with its answer" says "250 OK id="

# Two hosts at once, and a kill between the answer and the record: the second message is the first one again.
due() { "$ASSAY" outbox list --json | jq '[.[] | select(.state == "waiting")] | length'; }
check "by hand nothing is queued" status 0 at 2027-01-02T00:00:00Z assay report hardening-monthly --period 2026-10 --reason again
check "nothing waits" equal "$(due)" 0
check "unless it is asked for" status 0 at 2027-01-02T00:00:00Z assay report hardening-monthly --period 2026-10 --reason again --deliver
check "three wait" equal "$(due)" 3
at 2027-01-02T00:00:00Z "$ASSAY" outbox send >/dev/null 2>&1 & one=$!
at 2027-01-02T00:00:00Z "$ASSAY" outbox send >/dev/null 2>&1 & two=$!
wait $one; wait $two
wait_for "eight mails" 20 bash -c "[ \$(ls '$MAIL_DIR/box/new' | wc -l) -eq 8 ]"
check "two senders, each mail once" equal "$(cat "$MAIL_DIR"/box/new/* | grep '^Message-ID:' | sort -u | wc -l)" 8
check "and no ninth" equal "$(ls "$MAIL_DIR/box/new" | wc -l)" 8
at 2027-01-02T01:00:00Z "$ASSAY" report hardening-monthly --period 2026-10 --reason 'once more' --deliver >/dev/null 2>&1
refused=$(sent refused) # the one that is refused may come before the one that is killed, or behind it
at 2027-01-02T01:00:00Z env ASSAY_FAULT=after_outgoing "$ASSAY" outbox send >/dev/null 2>&1
check "killed behind the answer: nobody knows" equal "$(($(due) + $(sent refused) - refused))" 3
at 2027-01-02T01:00:01Z "$ASSAY" outbox send >/dev/null 2>&1
check "it went out again" equal "$(due)" 0
wait_for "eleven mails" 20 bash -c "[ \$(ls '$MAIL_DIR/box/new' | wc -l) -eq 11 ]"
check "under its old name" equal "$(cat "$MAIL_DIR"/box/new/* | grep '^Message-ID:' | sort -u | wc -l)" 10

# Changed files are sent to nobody; nor is anything to a server that proves nothing.
at 2027-01-03T00:00:00Z "$ASSAY" report hardening-monthly --period 2026-10 --reason 'third' --deliver >/dev/null 2>&1
echo >>"$T/scheduled/hardening-monthly-2026-10/latest/hardening-monthly-2026-10.pdf"
check "a changed file" status 2 at 2027-01-03T00:00:00Z assay outbox send
check "is named" says "hardening-monthly-2026-10.pdf is not what was recorded: it is sent to nobody"
sed -i '/mail-ca/d' "$T/assay.conf"
at 2027-01-03T02:00:00Z "$ASSAY" report hardening-monthly --period 2026-10 --reason 'fourth' --deliver >/dev/null 2>&1
at 2027-01-03T02:00:00Z "$ASSAY" outbox send >"$T/out" 2>"$T/err"
check "a server that is not trusted" says "we do not trust the server"
check "got nothing" equal "$(ls "$MAIL_DIR/box/new" | wc -l)" 11

# TLS from the beginning, at a port of its own; and at one that begins in clear.
came_by() { mail_log | grep '<= reports@example.test' | grep -c "I=\[127.0.0.1\]:$1 .*X=TLS1.*A=plain:reports"; }
echo "mail-ca = $MAIL_DIR/cert.pem" >>"$T/assay.conf"
by_starttls=$(came_by "$MAIL_PORT")
sed -i "s|^mail-server = .*|mail-server = smtps://localhost:$MAIL_PORT|" "$T/assay.conf"
at 2027-01-04T00:00:00Z "$ASSAY" outbox send >"$T/out" 2>"$T/err"
check "the other port speaks no TLS at first" says "smtps://localhost:$MAIL_PORT: "
check "nothing goes there" equal "$(ls "$MAIL_DIR/box/new" | wc -l)" 11
sed -i "s|^mail-server = .*|mail-server = smtps://localhost:$MAIL_TLS_PORT|" "$T/assay.conf"
at 2027-01-05T00:00:00Z "$ASSAY" outbox send >"$T/out" 2>"$T/err"
wait_for "thirteen mails" 20 bash -c "[ \$(ls '$MAIL_DIR/box/new' | wc -l) -eq 13 ]"
check "both came by smtps, behind a login" equal "$(came_by "$MAIL_TLS_PORT")" 2
check "and none otherwise" equal "$(came_by "$MAIL_PORT")" "$by_starttls"
check "by whom they were taken" equal "$("$ASSAY" outbox list --all --json | jq -r '[.[] | select(.state == "sent") | .answer | select(contains("250 OK id="))] | length')" "$(sent sent)"
check "the log holds" status 0 assay audit verify
done_tests
