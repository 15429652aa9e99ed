#!/bin/sh
# Brings Temporal's two schemas to the version of this image. Doing it again changes nothing.
set -eu
SQL_PASSWORD=$(cat /secrets/temporal/database-password)
export SQL_PASSWORD

for database in temporal temporal_visibility; do
    case $database in
    temporal) schema=postgresql/v12/temporal ;;
    *) schema=postgresql/v12/visibility ;;
    esac
    temporal-sql-tool --db "$database" setup-schema -v 0.0
    temporal-sql-tool --db "$database" update-schema --schema-name "$schema"
done
