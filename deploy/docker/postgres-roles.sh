#!/bin/bash
# Runs once in an empty PostgreSQL container: the roles and the database that the registry expects
# (what dev.atrium.migrations.DatabaseRoles does for the standalone start).
set -euo pipefail
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
     -v owner_pw="$ATRIUM_DB_OWNER_PASSWORD" -v app_pw="$ATRIUM_DB_APP_PASSWORD" -v platform_pw="$ATRIUM_DB_PLATFORM_PASSWORD" <<'SQL'
CREATE ROLE atrium_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'owner_pw';
CREATE ROLE atrium_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'app_pw';
CREATE ROLE atrium_platform LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'platform_pw';
CREATE DATABASE atrium OWNER atrium_owner ENCODING 'UTF8';
REVOKE ALL ON DATABASE atrium FROM PUBLIC;
GRANT CONNECT ON DATABASE atrium TO atrium_app, atrium_platform;
SQL
