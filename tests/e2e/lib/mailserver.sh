# A real mail server: exim of Debian, on loopback, with TLS and logins, as an account without rights. Sourced behind lib.sh.
# Gives:     mail_start and mail_stop; $MAIL_PORT (STARTTLS), $MAIL_TLS_PORT (TLS from the beginning); mails USER: the files of
#            his messages; mail_log. It takes mail for USER@officers.test from who has logged in as reports (password:
#            "päss word"), over TLS alone; refused@officers.test for good and later@officers.test for now it does not.
# Needs:     exim4, openssl, setpriv when root; T.
# Cleans up: mail_stop at the end.
# shellcheck shell=bash

MAIL_DIR=$T/mailserver MAIL_PORT='' MAIL_TLS_PORT=''
mail_account=() mail_uid=$(id -u) mail_gid=$(id -g)
if [ "$mail_uid" -eq 0 ]; then
    mail_uid=65534 mail_gid=65534
    mail_account=(setpriv --reuid=$mail_uid --regid=$mail_gid --groups=$mail_gid)
fi

. "$SRC/tests/e2e/lib/receivers.sh"

# The key is the server's: only its account reads it.
mail_prepare() {
    mkdir -p "$MAIL_DIR/spool" "$MAIL_DIR/log" "$MAIL_DIR/box"
    ln -sf "$(command -v openssl)" "$T/assay-openssl" # by that name its clock is moved, too
    at 2026-01-01T00:00:00Z "$T/assay-openssl" req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9000 -keyout "$MAIL_DIR/key.pem" \
        -out "$MAIL_DIR/cert.pem" -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
    cat >"$MAIL_DIR/exim.conf" <<CONF
primary_hostname = mx.officers.test
admin_groups = $mail_gid
exim_user = $mail_uid
exim_group = $mail_gid
spool_directory = $MAIL_DIR/spool
log_file_path = $MAIL_DIR/log/%s
pid_file_path = $MAIL_DIR/exim.pid
deliver_drop_privilege
keep_environment =
tls_advertise_hosts = *
tls_certificate = $MAIL_DIR/cert.pem
tls_privatekey = $MAIL_DIR/key.pem
auth_advertise_hosts = \${if eq{\$tls_in_cipher}{}{}{*}}
acl_smtp_rcpt = rcpt
acl_smtp_data = data
message_size_limit = 50M
tls_on_connect_ports = $MAIL_TLS_PORT
log_selector = +smtp_syntax_error +tls_cipher +incoming_interface
begin acl
rcpt:
  deny message = authentication required
       !authenticated = *
  deny !encrypted = *
  deny message = no such user here
       local_parts = refused
  defer message = the mailbox is full
       local_parts = later
  accept domains = officers.test
  deny message = relay not permitted
data:
  accept
begin routers
local:
  driver = accept
  domains = officers.test
  transport = box
begin transports
box:
  driver = appendfile
  directory = $MAIL_DIR/box
  maildir_format
  envelope_to_add
begin retry
* * F,2h,15m
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{\$auth2}{reports}}{eq{\$auth3}{päss word}}}}
  server_set_id = \$auth2
CONF
    [ ${#mail_account[@]} -eq 0 ] || { chmod 755 "$T"; chown -R $mail_uid:$mail_gid "$MAIL_DIR"; }
    chmod 600 "$MAIL_DIR/key.pem"
}
mail_start() {
    [ -n "$MAIL_PORT" ] || { free_ports 2; MAIL_PORT=$port MAIL_TLS_PORT=$((port + 1)); }
    [ -e "$MAIL_DIR/exim.conf" ] || mail_prepare
    HOME=$MAIL_DIR "${mail_account[@]}" exim4 -C "$MAIL_DIR/exim.conf" -bdf -oX "127.0.0.1.$MAIL_PORT : 127.0.0.1.$MAIL_TLS_PORT" \
        >>"$MAIL_DIR.out" 2>&1 &
    MAIL_PID=$!
    wait_for "the mail server" 30 bash -c "exec 3<>/dev/tcp/127.0.0.1/$MAIL_PORT"
}
mail_stop() {
    [ -n "${MAIL_PID-}" ] || return 0
    kill "$MAIL_PID" 2>/dev/null; wait "$MAIL_PID" 2>/dev/null; MAIL_PID=''
}
at_end mail_stop
mails() { grep -rl "^Envelope-to: $1@officers.test" "$MAIL_DIR/box/new" 2>/dev/null | sort; }
mail_log() { cat "$MAIL_DIR"/log/* 2>/dev/null; }
