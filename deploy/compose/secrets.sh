#!/bin/sh
# Makes every secret of the compose stack once, into one folder per reader, and leaves those that exist alone.
set -eu
umask 077

# letters and digits only: they stand in URLs
word() { head -c 48 /dev/urandom | base64 | tr -dc 'A-Za-z0-9' | head -c 40; }
key() { head -c 32 /dev/urandom | base64; }

# keep FILE VALUE: writes the file unless it is there, whole or not at all
keep() {
    [ -s "/secrets/$1" ] && return
    printf '%s\n' "$2" >"/secrets/$1.new"
    mv "/secrets/$1.new" "/secrets/$1"
    echo "made $1"
}
copy() { keep "$2" "$(cat "/secrets/$1")"; }

mkdir -p /secrets/postgres /secrets/temporal /secrets/s3 /secrets/mainstay /secrets/grafana

keep postgres/password "$(word)"
keep postgres/temporal-password "$(word)"
keep postgres/application-password "$(word)"
copy postgres/temporal-password temporal/database-password
keep s3/access-key "$(word)"
keep s3/secret-key "$(word)"

host=postgres:5432/mainstay?sslmode=disable
keep mainstay/database-url "postgres://mainstay_login:$(cat /secrets/postgres/application-password)@$host"
keep mainstay/migrate-database-url "postgres://mainstay:$(cat /secrets/postgres/password)@$host"
copy s3/access-key mainstay/s3-access-key
copy s3/secret-key mainstay/s3-secret-key
keep mainstay/auth-key "$(key)"
keep mainstay/payload-key "$(key)"
keep mainstay/audit-key "$(key)"
keep mainstay/admin-password "$(word)"
keep grafana/admin-password "$(word)"

# The users the images run as: postgres, temporal, mainstay, grafana. The storage server runs as root.
chmod 711 /secrets
chown -R 999:999 /secrets/postgres
chown -R 1000:1000 /secrets/temporal
chown -R 65532:65532 /secrets/mainstay
chown -R 472:472 /secrets/grafana
