-- +goose Up
-- Nobody asks for it: how long the oldest delivery waits is one of the installation's figures.
DROP FUNCTION outbox_state(text);
