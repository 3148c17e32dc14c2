#!/usr/bin/env bash
# Prints every secret that docker-compose.yml asks for, freshly made, as lines of an env file.
set -euo pipefail
secret() { head -c "$1" /dev/urandom | base64 | tr -d '\n=' | tr '+/' '-_'; }
for name in POSTGRES_PASSWORD ATRIUM_DB_OWNER_PASSWORD ATRIUM_DB_APP_PASSWORD ATRIUM_DB_PLATFORM_PASSWORD \
            ATRIUM_ADMIN_PASSWORD ATRIUM_PORTAL_CLIENT_SECRET ATRIUM_GATEWAY_JOIN_TOKEN ATRIUM_NODE_1_JOIN_TOKEN ATRIUM_NODE_2_JOIN_TOKEN; do
    echo "$name=$(secret 24)"
done
echo "ATRIUM_MASTER_KEY=$(head -c 32 /dev/urandom | base64 | tr -d '\n')"
