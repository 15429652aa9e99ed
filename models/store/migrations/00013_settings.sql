-- +goose Up
-- How often somebody should read a meter; null: nobody has said.
ALTER TABLE meters ADD COLUMN reading_interval_days integer CHECK (reading_interval_days BETWEEN 1 AND 3660);
CREATE INDEX meters_by_name ON meters (tenant_id, name, id);

-- The hours that a person works on each day of the week, Monday first.
ALTER TABLE users ADD COLUMN working_hours numeric(4, 2)[] NOT NULL DEFAULT '{8,8,8,8,8,0,0}'
    CHECK (cardinality(working_hours) = 7 AND array_ndims(working_hours) = 1 AND array_position(working_hours, NULL) IS NULL
        AND 0 <= ALL (working_hours) AND 24 >= ALL (working_hours));

-- What a person without a language of his own reads, and with which day the tenant's weeks begin.
ALTER TABLE tenants
    ADD COLUMN locale text NOT NULL DEFAULT 'en' CHECK (locale <> ''),
    ADD COLUMN week_start text NOT NULL DEFAULT 'monday' CHECK (week_start IN ('monday', 'saturday', 'sunday'));

-- What a notification's words are made of, in the language of whoever reads it.
ALTER TABLE notifications ADD COLUMN details jsonb NOT NULL DEFAULT '{}';

-- Work planned for a day, and work closed on one.
CREATE INDEX work_orders_start ON work_orders (tenant_id, start_on) WHERE start_on IS NOT NULL;
CREATE INDEX work_orders_closed ON work_orders (tenant_id, closed_at) WHERE closed_at IS NOT NULL;

-- Searches bound to places. p_scope and p_places are locations with all below them, and an empty array binds to none: bound before the
-- cap, or a broad text would fill it elsewhere.
CREATE POLICY search_door ON location_paths FOR SELECT TO mainstay_search USING (true);
GRANT SELECT ON location_paths TO mainstay_search;
-- +goose StatementBegin
CREATE FUNCTION search_assets(p_text text, p_cap integer, p_scope uuid[], p_places uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT a.id FROM assets a
    WHERE a.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
      AND (a.code || ' ' || a.name || ' ' || coalesce(a.serial_number, '')) ILIKE
          '%' || replace(replace(replace(p_text, '\', '\\'), '%', '\%'), '_', '\_') || '%'
      AND (cardinality(p_scope) = 0 OR EXISTS (SELECT FROM location_paths p
          WHERE p.tenant_id = a.tenant_id AND p.descendant_id = a.location_id AND p.ancestor_id = ANY (p_scope)))
      AND (cardinality(p_places) = 0 OR EXISTS (SELECT FROM location_paths p
          WHERE p.tenant_id = a.tenant_id AND p.descendant_id = a.location_id AND p.ancestor_id = ANY (p_places)))
    LIMIT p_cap
$$;
CREATE FUNCTION search_work_orders(p_text text, p_cap integer, p_scope uuid[], p_places uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT w.id FROM work_orders w
    WHERE w.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
      AND (w.number || ' ' || w.title) ILIKE '%' || replace(replace(replace(p_text, '\', '\\'), '%', '\%'), '_', '\_') || '%'
      AND (cardinality(p_scope) = 0 OR EXISTS (SELECT FROM location_paths p
          WHERE p.tenant_id = w.tenant_id AND p.descendant_id = w.location_id AND p.ancestor_id = ANY (p_scope)))
      AND (cardinality(p_places) = 0 OR EXISTS (SELECT FROM location_paths p
          WHERE p.tenant_id = w.tenant_id AND p.descendant_id = w.location_id AND p.ancestor_id = ANY (p_places)))
    LIMIT p_cap
$$;
-- +goose StatementEnd
ALTER FUNCTION search_assets(text, integer, uuid[], uuid[]) OWNER TO mainstay_search;
ALTER FUNCTION search_work_orders(text, integer, uuid[], uuid[]) OWNER TO mainstay_search;
REVOKE ALL ON FUNCTION search_assets(text, integer, uuid[], uuid[]), search_work_orders(text, integer, uuid[], uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_assets(text, integer, uuid[], uuid[]), search_work_orders(text, integer, uuid[], uuid[]) TO mainstay_app;

-- Where the meter of a schedule with two triggers stood before the work of an occurrence was done: reopened work goes back to it.
ALTER TABLE occurrences ADD COLUMN meter_before numeric(18, 4);
