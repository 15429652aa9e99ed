#!/bin/sh
# The folders of objects and old versions must be siblings: versitygw refuses one inside the other.
set -eu
ROOT_ACCESS_KEY=$(cat /secrets/s3/access-key)
ROOT_SECRET_KEY=$(cat /secrets/s3/secret-key)
export ROOT_ACCESS_KEY ROOT_SECRET_KEY
mkdir -p /var/lib/s3/objects /var/lib/s3/versions
exec versitygw --port :7070 --health /health --quiet posix --versioning-dir /var/lib/s3/versions /var/lib/s3/objects
