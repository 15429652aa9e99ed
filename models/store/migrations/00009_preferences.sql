-- +goose Up
-- How a person likes to see the frontend, on every device.
CREATE TABLE user_preferences (
    tenant_id  uuid NOT NULL,
    user_id    uuid NOT NULL,
    value      jsonb NOT NULL,
    version    integer NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id),
    CONSTRAINT user_preferences_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES users
);
SELECT raise_wall('user_preferences');
