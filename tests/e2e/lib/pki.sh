# Keys for TLS. Sourced.
# Gives:     $T/NAME.key and $T/NAME.pem of an authority, a server, and clients of this and of another authority, of
#            another name, expired; ca and leaf make more of them.
# Needs:     openssl; T.
# Cleans up: with $T. They are good for two days.
# shellcheck shell=bash
umask 022
ca() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout "$T/$1.key" -out "$T/$1.pem" -subj "/CN=$1" 2>/dev/null; }
leaf() { # NAME CA SAN USAGE [DAYS]; OpenSSL 3.5 makes none of less than 0, which has ended at once
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$T/$1.key" -out "$T/$1.csr" -subj "/CN=$1" 2>/dev/null
    printf 'subjectAltName=%s\nextendedKeyUsage=%s\nbasicConstraints=CA:FALSE\n' "$3" "$4" >"$T/$1.ext"
    openssl x509 -req -in "$T/$1.csr" -CA "$T/$2.pem" -CAkey "$T/$2.key" -CAcreateserial -days "${5:-2}" -extfile "$T/$1.ext" -out "$T/$1.pem" 2>/dev/null
}
ca authority; ca stranger
leaf server authority "IP:127.0.0.1,DNS:siem.test" serverAuth
leaf exporter.test authority DNS:exporter.test clientAuth
leaf other.test stranger DNS:exporter.test clientAuth
leaf intruder.test authority DNS:intruder.test clientAuth # of another name
leaf expired.test authority DNS:exporter.test clientAuth 0
