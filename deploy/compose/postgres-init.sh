#!/bin/bash
# Runs once, when the database is empty: the roles and databases beside the owner's own. Migrations do the rest.
set -euo pipefail

psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    -v application_password="$(cat /secrets/postgres/application-password)" \
    -v temporal_password="$(cat /secrets/postgres/temporal-password)" <<'SQL'
CREATE ROLE mainstay_app NOLOGIN;
CREATE ROLE mainstay_login LOGIN PASSWORD :'application_password' IN ROLE mainstay_app;
CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
REVOKE ALL ON DATABASE mainstay, temporal, temporal_visibility FROM PUBLIC;
GRANT CONNECT ON DATABASE mainstay TO mainstay_login;
SQL
