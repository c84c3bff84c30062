#!/usr/bin/env bash
# Reports as files in other places: a folder with "latest" and retention, SFTP to sshd, PUT to nginx over TLS, PUT signed for
# S3, whose verifier is our own: Debian has no server of S3. And secrets: sealed, and seen by nobody.
. "$(dirname "$0")/../lib/lib.sh"
need jq openssl python3 ssh-keygen nginx mariadb mariadbd mariadb-install-db
[ -x /usr/sbin/sshd ] || skip "no sshd"
. "$SRC/tests/e2e/lib/server.sh"
. "$SRC/tests/e2e/lib/receivers.sh"
free_ports 3; ssh_port=$port web_port=$((port + 1)) s3_port=$((port + 2))
user=$(id -un)
sent() { "$ASSAY" outbox list --all --json | jq "[.[] | select(.state == \"$1\")] | length"; }
same() { diff -r "$1" "$2"; }
listens() { bash -c "exec 3<>/dev/tcp/127.0.0.1/$1" 2>/dev/null; }

# sshd, as the account that runs the test, with keys of its own.
mkdir -p "$T/ssh" "$T/far"
ssh-keygen -q -t ed25519 -N '' -f "$T/ssh/host"; ssh-keygen -q -t ed25519 -N 'Paß wort' -f "$T/ssh/client"
cp "$T/ssh/client.pub" "$T/ssh/authorized"
cat >"$T/ssh/config" <<CONF
Port $ssh_port
ListenAddress 127.0.0.1
HostKey $T/ssh/host
AuthorizedKeysFile $T/ssh/authorized
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
Subsystem sftp internal-sftp
CONF
[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
/usr/sbin/sshd -D -e -f "$T/ssh/config" >"$T/sshd.log" 2>&1 &
# nginx with WebDAV, TLS and a password.
ln -s "$(command -v openssl)" "$T/assay-openssl" # by that name its clock is moved, too
at 2026-01-01T00:00:00Z "$T/assay-openssl" req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9000 -keyout "$T/web.key" -out "$T/web.pem" \
    -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
mkdir -p "$T/web" "$T/nginx"
printf 'reports:%s\n' "$(openssl passwd -apr1 'web word')" >"$T/nginx/users"
cat >"$T/nginx/conf" <<CONF
$([ "$(id -u)" -ne 0 ] || echo "user $user;")
daemon off; pid $T/nginx/pid; error_log $T/nginx/error.log; worker_processes 1;
events { worker_connections 64; }
http { access_log $T/nginx/access.log; client_body_temp_path $T/nginx/body; proxy_temp_path $T/nginx/p; fastcgi_temp_path $T/nginx/f;
  uwsgi_temp_path $T/nginx/u; scgi_temp_path $T/nginx/s; client_max_body_size 50m;
  server { listen 127.0.0.1:$web_port ssl; ssl_certificate $T/web.pem; ssl_certificate_key $T/web.key; root $T/web;
    auth_basic reports; auth_basic_user_file $T/nginx/users; dav_methods PUT; create_full_put_path on; } }
CONF
nginx -c "$T/nginx/conf" -e "$T/nginx/error.log" >"$T/nginx.log" 2>&1 &
mkdir -p "$T/s3"
python3 "$SRC/tests/e2e/deliver/s3.py" "$s3_port" "$T/web.pem" "$T/web.key" "$T/s3" AKIDEXAMPLE 'se/cr+et' 2>"$T/s3.log" &
for port in "$ssh_port" "$web_port" "$s3_port"; do wait_for "port $port" 20 listens "$port"; done
server_start

fingerprint=$(ssh-keygen -lf "$T/ssh/host.pub" | cut -d' ' -f2)
printf 'web word\n' >"$T/web.password"; chmod 600 "$T/web.password"
cat >>"$T/assay.conf" <<CONF
recipient = folder:$T/share name=share reports=hardening-* keep=2
recipient = sftp://localhost:$ssh_port$T/far name=far reports=hardening-monthly user=$user key-file=$T/ssh/client host-key=$fingerprint password-file=secret:ssh
recipient = put:https://localhost:$web_port/reports name=web reports=hardening-monthly user=reports password-file=$T/web.password tls-ca=$T/web.pem
recipient = put:https://localhost:$s3_port/bucket name=s3 reports=hardening-monthly user=AKIDEXAMPLE password-file=credential:s3 sigv4=aws:amz:eu-west-1:s3 tls-ca=$T/web.pem
CONF
check init status 0 at 2026-01-01T00:00:00Z assay init

# Secrets.
mkdir "$T/credentials"; printf 'se/cr+et\n' >"$T/credentials/s3"; export CREDENTIALS_DIRECTORY=$T/credentials
check "a secret is sealed" status 0 assay secret set ssh <<<'Paß wort'
check "by name alone" equal "$("$ASSAY" secret list)" ssh
check "not in clear" fails grep -rq 'Paß wort' "$T/state"
check "for this account alone" equal "$(stat -c %a "$T/state/secret.key" "$T/state/secrets/ssh" "$T/state/secrets" | tr '\n' ' ')" "600 600 700 "
check "no secret without a word" status 64 assay secret set empty </dev/null
check "no name of another folder" status 78 assay secret set ../x <<<x

bash "$SRC/scripts/make-fleet" --agents 5 --weeks 14 --groups 2 --out "$T/spool" --seed 9 --end 2026-11-28 >/dev/null
check "a night" status 0 at 2026-12-01T06:00:00Z assay run -v --catch-up 1
cat "$T/err" >"$T/first"
check "four places have it" equal "$(sent sent) $(sent waiting)" "4 0"
here=$T/scheduled/hardening-monthly-2026-11/v1 item=hardening-monthly/hardening-monthly-2026-11-v1
check "the folder" same "$here" "$T/share/$item"
check "latest leads to it" equal "$(readlink "$T/share/hardening-monthly/latest")" hardening-monthly-2026-11-v1
check "SFTP" same "$here" "$T/far/$item"
check "nothing half there" equal "$(find "$T/far" -name '*.part' | wc -l)" 0
check "PUT" same "$here" "$T/web/reports/$item"
check "PUT signed for S3" same "$here" "$T/s3/bucket/$item"
check "what arrived verifies" status 0 assay verify --trust "$T/state/sign.crt" "$T/far/$item"

# Only so many stay, and the newest is the latest, whatever is made when.
for month in 09 10; do
    check "2026-$month by hand" status 0 at 2026-12-02T06:00:00Z assay report hardening-monthly --period "2026-$month" --deliver
done
check "sent" status 0 at 2026-12-02T06:00:00Z assay outbox send
check "two stay" equal "$(cd "$T/share/hardening-monthly" && echo *)" "hardening-monthly-2026-10-v1 hardening-monthly-2026-11-v1 latest"
check "the newest period is the latest" equal "$(readlink "$T/share/hardening-monthly/latest")" hardening-monthly-2026-11-v1
check "elsewhere all are there" equal "$(ls "$T/far/hardening-monthly" | wc -l)" 3

# The same again after a kill in the middle: whole, and once.
check "another version" status 0 at 2026-12-03T06:00:00Z assay report hardening-monthly --period 2026-11 --reason again --deliver
grep -v '^recipient = \(folder\|put\)' "$T/assay.conf" >"$T/far.conf" # for the others there is no recipient there: the kill is behind SFTP
at 2026-12-03T06:00:00Z env ASSAY_FAULT=before_outgoing "$ASSAY" outbox send --config "$T/far.conf" >/dev/null 2>&1
check "killed" test "$(sent waiting)" -ge 3
far=$T/far/hardening-monthly/hardening-monthly-2026-11-v2
check "all of it was there" same "$T/scheduled/hardening-monthly-2026-11/v2" "$far"
printf x | dd of="$far/hardening-monthly-2026-11.pdf" bs=1 seek=1000 conv=notrunc 2>/dev/null
truncate -s -1 "$far/manifest.json"
stat -c '%i %n' "$far"/* >"$T/before"
for i in 1 2 3 4; do at 2026-12-03T06:05:00Z "$ASSAY" outbox send --quiet >/dev/null 2>&1; done
check "all is there" equal "$(sent waiting)" 0
stat -c '%i %n' "$far"/* >"$T/behind"
check "over SFTP only what was another is replaced" equal "$(comm -13 <(sort "$T/before") <(sort "$T/behind") | sed 's|.*/||' | sort | tr '\n' ' ')" \
    "hardening-monthly-2026-11.pdf manifest.json "
check "nothing half there" equal "$(find "$T/far" -name '*.part' | wc -l)" 0
check "as it was made" same "$T/scheduled/hardening-monthly-2026-11/v2" "$T/far/hardening-monthly/hardening-monthly-2026-11-v2"

# A host with another key, a wrong signature, a wrong password: nothing goes there, the others go on.
ssh-keygen -q -t ed25519 -N '' -f "$T/ssh/other"
sed -i "s|host-key=[^ ]*|host-key=$(ssh-keygen -lf "$T/ssh/other.pub" | cut -d' ' -f2)|" "$T/assay.conf"
echo wrong >"$T/credentials/s3"; echo wrong >"$T/web.password"
check "a third version" status 0 at 2026-12-04T06:00:00Z assay report hardening-monthly --period 2026-11 --reason third --deliver
at 2026-12-04T06:00:00Z "$ASSAY" outbox send >"$T/out" 2>"$T/err"
check "the host's key is another" says "sftp://localhost:$ssh_port: we do not trust the server"
check "a signature that does not hold" grep -q 'the signature does not hold' "$T/s3.log"
check "is told" says "403: "
check "a wrong password" says "401: "
check "the folder has it" test -d "$T/share/hardening-monthly/hardening-monthly-2026-11-v3"
check "nobody else" equal "$(find "$T/far" "$T/web" "$T/s3" -name '*-v3' | wc -l)" 0
chmod 644 "$T/web.password"
"$ASSAY" outbox list --json >"$T/list"
id=$(jq -r '[.[] | select(.recipient == "web")][0].id' "$T/list")
check "due again" status 0 assay outbox retry "$id"
at 2026-12-04T06:00:01Z "$ASSAY" outbox send >"$T/out" 2>"$T/err"
check "a password that others can read is refused" says "password-file: others may read it"

# Seen by nobody: records, settings in the log, backups, processes.
assay audit export --format json -o "$T/log.json" --from 0
check "no secret in the log" fails grep -qE 'Pa. wort|se/cr.et|web word' "$T/log.json"
check "none in what was said" fails grep -qE 'Pa. wort|se/cr.et|web word' "$T/first" "$T/err" "$T/out"
check "a secret has its record" grep -q '"secret.set"' "$T/log.json"
check "it can be taken away" status 0 assay secret rm ssh
check "and is gone" equal "$("$ASSAY" secret list)" ""
check "the log holds" status 0 assay audit verify
done_tests
