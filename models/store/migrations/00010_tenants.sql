-- +goose Up
-- What the platform operator lists: every tenant of the installation.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION all_tenants() RETURNS SETOF tenants
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT * FROM tenants $$;
-- +goose StatementEnd
ALTER FUNCTION all_tenants() OWNER TO mainstay_system;
REVOKE ALL ON FUNCTION all_tenants() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION all_tenants() TO mainstay_app;
