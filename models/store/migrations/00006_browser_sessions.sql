-- +goose Up
-- A browser's session is proved by one secret instead of rotating tokens. Only its SHA-256 is here.
ALTER TABLE sessions ADD COLUMN secret_hash bytea;
CREATE UNIQUE INDEX sessions_secret_hash ON sessions (secret_hash) WHERE secret_hash IS NOT NULL;

-- The door of the cookie: the tenant is not known yet, as in the doors of sign-in.
-- +goose StatementBegin
CREATE FUNCTION session_owner(p_hash bytea) RETURNS TABLE (tenant_id uuid, session_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT s.tenant_id, s.id FROM sessions s WHERE s.secret_hash = p_hash $$;
-- +goose StatementEnd
ALTER FUNCTION session_owner(bytea) OWNER TO mainstay_system;
REVOKE ALL ON FUNCTION session_owner(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION session_owner(bytea) TO mainstay_app;
