#!/usr/bin/env bash
# Both configurations of packaging/examples/nginx in a real nginx of an account without rights, on loopback: whom they let in, to what, and
# what they do not believe.
. "${SRC:?name the project root}/tests/e2e/lib/lib.sh"
need nginx curl openssl jq python3
[ "$(id -u)" -ne 0 ] || need runuser
[ -f /etc/nginx/mime.types ] || skip "no types of nginx"
. "$SRC/tests/e2e/lib/receivers.sh"
free_ports 2
portal=$T/portal n=$T/n
chmod 755 "$T"
mkdir -m 755 "$n" "$portal" # as doc/portal.md makes it: readable by the account of the web server

printf 'portal-dir = %s\nspool-settle = 0\ngroup = Servers:srv*\ngroup = Network:sw*\n' "$portal" >>"$T/assay.conf"
bash "$SRC/scripts/make-fleet" --agents 8 --weeks 3 --groups 2 --seed 5 --out "$T/spool" >/dev/null
assay init --quiet
check "a night" assay run --quiet --catch-up 1
servers=groups/$(basename "$(dirname "$(grep -l '"group":"Servers","newest_scan"' "$portal"/groups/*/fleet.json)")")
srv=$(jq -r '[.agents[] | select(.group == "Servers") | .path][0]' "$portal/fleet/fleet.json").html
other=$(jq -r '[.agents[] | select(.group != "Servers") | .path][0]' "$portal/fleet/fleet.json").html

# ---- certificates: of the site, of people, of a stranger's authority ----
make_ca() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -days 30 -keyout "$n/$1.key" -out "$n/$1.crt" 2>/dev/null; }
issue() { # issue CA FILE SUBJECT
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "$3" -addext "subjectAltName=IP:127.0.0.1" -keyout "$n/$2.key" -out "$n/$2.csr" 2>/dev/null
    openssl x509 -req -in "$n/$2.csr" -CA "$n/$1.crt" -CAkey "$n/$1.key" -days 30 -copy_extensions copy -out "$n/$2.crt" 2>/dev/null
}
make_ca clients-ca; make_ca strangers-ca; make_ca site-ca
issue site-ca portal "/CN=127.0.0.1"
issue clients-ca alice "/O=Example Ltd/CN=Alice Example"
issue clients-ca bob "/O=Example Ltd/CN=Bob Example"
issue clients-ca mallory "/O=Example Ltd/CN=Mallory"
issue strangers-ca impostor "/O=Example Ltd/CN=Alice Example"
cat >"$n/assay-portal.map" <<MAP
"CN=Alice Example,O=Example Ltd" fleet;
"CN=Bob Example,O=Example Ltd" $servers;
"alice@example.net" fleet;
"bob@example.net" $servers;
MAP

# serve FILE: nginx with one of the configurations, of which only places are others.
serve() {
    sed -e "s#/etc/nginx/#$n/#g" -e "s#/var/lib/assay-portal#$portal#g" -e "s#/run/assay-portal.sock#$n/portal.sock#g" \
        -e "s#127.0.0.1:4180#127.0.0.1:$((port + 1))#g" -e "s#listen 443 ssl#listen 127.0.0.1:$port ssl#" \
        "$SRC/packaging/examples/nginx/$1" >"$n/site.conf"
    cat >"$n/nginx.conf" <<CONF
daemon off; worker_processes 1; pid $n/nginx.pid; error_log $n/error.log;
events { worker_connections 64; }
http {
    include /etc/nginx/mime.types; access_log off;
    client_body_temp_path $n/t1; proxy_temp_path $n/t2; fastcgi_temp_path $n/t3; uwsgi_temp_path $n/t4; scgi_temp_path $n/t5;
    include $n/site.conf;
}
CONF
    local as=()
    if [ "$(id -u)" -eq 0 ]; then
        chown -R nobody "$n"
        as=(runuser -u nobody --)
    fi
    rm -f "$n/portal.sock"
    "${as[@]}" nginx -p "$n" -c "$n/nginx.conf" 2>"$n/stderr" &
    wait_for "nginx" 30 test -s "$n/nginx.pid"
    wait_for "its port" 30 bash -c "true >/dev/tcp/127.0.0.1/$port"
}
stop_nginx() { kill "$(cat "$n/nginx.pid")"; wait_for "the end of nginx" 30 test ! -e "$n/nginx.pid"; }
get() { curl -s --path-as-is --cacert "$n/site-ca.crt" -o "$T/body" -w '%{http_code}' "$@" || true; }
as() { local who=$1 path=$2; shift 2; get --cert "$n/$who.crt" --key "$n/$who.key" "$@" "https://127.0.0.1:$port/$path"; }

# ---- client certificates ----
serve portal-certificates.conf
check "who sees all" equal "$(as alice '')" 200
check "sees all" equal "$(grep -c '<tr role="row"' "$T/body")" $(($(jq .agents_n "$portal/fleet/fleet.json") + 1))
check "who sees a group" equal "$(as bob '')" 200
check "sees the group" equal "$(jq -r '[.agents[].group] | unique | join(",")' < <(as bob fleet.json >/dev/null; cat "$T/body"))" Servers
check "its agents" equal "$(as bob "$srv")" 200
check "no other" equal "$(as bob "$other")" 404
for way in "../fleet/index.html" "..%2ffleet%2findex.html" "%2e%2e/fleet/fleet.json" "../../fleet/$other" "fleet/index.html" "groups/" "/../fleet/fleet.json"; do
    check "no way out: $way" bash -c "case $(as bob "$way") in 400 | 403 | 404) ;; *) exit 1 ;; esac"
done
check "who stands in no line" equal "$(as mallory '')" 403
check "nor data" equal "$(as mallory fleet.json)" 403
check "no certificate" equal "$(get "https://127.0.0.1:$port/")" 400
check "that of another authority" equal "$(as impostor '')" 400
check "a header from outside is not believed" equal "$(as mallory '' -H 'X-Assay-User: alice@example.net' -H 'X-Ssl-Client-S-Dn: CN=Alice Example,O=Example Ltd')" 403
check "the policy" grep -qi "content-security-policy: default-src 'none'" <(curl -s -I --cacert "$n/site-ca.crt" --cert "$n/bob.crt" --key "$n/bob.key" "https://127.0.0.1:$port/")
curl -s -I --cacert "$n/site-ca.crt" --cert "$n/alice.crt" --key "$n/alice.key" \
    "https://127.0.0.1:$port/$(jq -r '.reports[0] | .path + "/manifest.json"' "$portal/fleet/reports.json")" >"$T/heads"
check "a report is there" grep -q '^HTTP/[0-9.]* 200' "$T/heads"
check "and keeps its own policy" fails grep -qi 'default-src' "$T/heads"
stop_nginx

# ---- single sign-on ----
python3 "$SRC/tests/e2e/report/portal-gateway.py" $((port + 1)) &
gateway=$!
wait_for "the gateway" 30 bash -c "true >/dev/tcp/127.0.0.1/$((port + 1))"
serve portal-sign-on.conf
signed() { local who=$1 path=$2; shift 2; get -b "session=$who" "$@" "https://127.0.0.1:$port/$path"; }
check "who signed in and sees all" equal "$(signed alice '')" 200
check "who sees a group" equal "$(signed bob "$srv")" 200
check "no other" equal "$(signed bob "$other")" 404
check "no way out" bash -c "case $(signed bob "%2e%2e/fleet/fleet.json") in 400 | 403 | 404) ;; *) exit 1 ;; esac"
check "who stands in no line" equal "$(signed mallory '')" 403
check "who did not sign in is sent to" equal "$(get "https://127.0.0.1:$port/")" 302
for header in "X-Assay-User: alice@example.net" "X-Auth-Request-User: alice@example.net" "Remote-User: alice@example.net"; do
    check "not believed of who did not: $header" equal "$(get -H "$header" "https://127.0.0.1:$port/fleet.json")" 302
    check "nor of another: $header" equal "$(signed bob "$other" -H "$header")" 404
    check "nor of who stands in no line: $header" equal "$(signed mallory fleet.json -H "$header")" 403
done
check "the way to the gateway is no door" equal "$(get "https://127.0.0.1:$port/assay-sign-on")" 404
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -n "$browser" ] && command -v node >/dev/null; then
    check "in a browser" node "$SRC/tests/e2e/report/portal-page.js" "$browser" "$T/profile" - "$portal/$servers" "https://127.0.0.1:$port/" bob
else
    echo "no browser: that check is left out"
fi
kill $gateway
wait $gateway 2>/dev/null
check "a gateway that is away lets nobody in" equal "$(signed alice fleet.json)" 500
stop_nginx
done_tests
