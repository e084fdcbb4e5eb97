#!/bin/bash
# The two roles of config/runtime/postgres_roles.py, for a PostgreSQL that we did not start.
set -euo pipefail

psql -v ON_ERROR_STOP=1 -v owner_password="$OWNER_PASSWORD" -v app_password="$APP_PASSWORD" \
    -U postgres -d template1 <<'SQL'
CREATE ROLE countersign_owner LOGIN NOINHERIT PASSWORD :'owner_password';
CREATE ROLE countersign_app LOGIN NOINHERIT PASSWORD :'app_password';
ALTER SCHEMA public OWNER TO countersign_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO countersign_app;
ALTER DEFAULT PRIVILEGES FOR ROLE countersign_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO countersign_app;
ALTER DEFAULT PRIVILEGES FOR ROLE countersign_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO countersign_app;
CREATE DATABASE countersign OWNER countersign_owner TEMPLATE template1;
REVOKE ALL ON DATABASE countersign FROM PUBLIC;
GRANT CONNECT ON DATABASE countersign TO countersign_app;
SQL
