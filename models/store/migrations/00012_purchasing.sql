-- +goose Up
-- How much a supplier may deliver over, and how far its invoices' prices may be off. Empty is nothing at all.
ALTER TABLE suppliers
    ADD COLUMN receipt_tolerance_pct numeric(6, 3) CHECK (receipt_tolerance_pct BETWEEN 0 AND 100),
    ADD COLUMN price_tolerance_pct   numeric(6, 3) CHECK (price_tolerance_pct BETWEEN 0 AND 100);

ALTER TABLE stock_movements DROP CONSTRAINT stock_movements_kind_check;
ALTER TABLE stock_movements ADD CONSTRAINT stock_movements_kind_check
    CHECK (kind IN ('receipt', 'issue', 'return', 'transfer', 'adjustment', 'scrap', 'reversal', 'return_to_vendor'));

CREATE TABLE catalog_entries (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    supplier_id   uuid NOT NULL,
    item_id       uuid NOT NULL,
    supplier_code text NOT NULL DEFAULT '',
    price         numeric(18, 4) NOT NULL CHECK (price >= 0),
    currency      text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    lead_days     integer CHECK (lead_days >= 0),
    min_quantity  numeric(20, 6) CHECK (min_quantity > 0),
    pack_quantity numeric(20, 6) CHECK (pack_quantity > 0),
    archived_at   timestamptz,
    version       integer NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT catalog_entries_supplier_id_fkey FOREIGN KEY (tenant_id, supplier_id) REFERENCES suppliers,
    CONSTRAINT catalog_entries_item_id_fkey FOREIGN KEY (tenant_id, item_id) REFERENCES items
);
CREATE UNIQUE INDEX catalog_entries_item_id_key ON catalog_entries (tenant_id, supplier_id, item_id) WHERE archived_at IS NULL;
CREATE INDEX catalog_entries_item ON catalog_entries (tenant_id, item_id);
SELECT raise_wall('catalog_entries');

CREATE TABLE exchange_rates (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    currency    text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    rate        numeric(20, 8) NOT NULL CHECK (rate > 0),
    valid_from  date NOT NULL,
    archived_at timestamptz,
    version     integer NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX exchange_rates_valid_from_key ON exchange_rates (tenant_id, currency, valid_from) WHERE archived_at IS NULL;
SELECT raise_wall('exchange_rates');

CREATE TABLE requisitions (
    tenant_id         uuid NOT NULL,
    id                uuid NOT NULL,
    number            text NOT NULL,
    status            text NOT NULL CHECK (status IN ('open', 'ordered', 'rejected', 'cancelled')),
    note              text NOT NULL DEFAULT '',
    needed_on         date,
    department_id     uuid,
    purchase_order_id uuid,
    decide_reason     text NOT NULL DEFAULT '',
    requested_by      uuid NOT NULL,
    decided_by        uuid,
    decided_at        timestamptz,
    version           integer NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT requisitions_number_key UNIQUE (tenant_id, number),
    CONSTRAINT requisitions_department_id_fkey FOREIGN KEY (tenant_id, department_id) REFERENCES departments,
    CHECK ((status = 'ordered') = (purchase_order_id IS NOT NULL))
);
CREATE INDEX requisitions_created_at ON requisitions (tenant_id, created_at, id);
SELECT raise_wall('requisitions');

CREATE TABLE requisition_lines (
    tenant_id      uuid NOT NULL,
    requisition_id uuid NOT NULL,
    line           integer NOT NULL,
    item_id        uuid,
    description    text NOT NULL DEFAULT '',
    unit           text NOT NULL DEFAULT '',
    quantity       numeric(20, 6) NOT NULL CHECK (quantity > 0),
    work_order_id  uuid,
    cost_center_id uuid,
    PRIMARY KEY (tenant_id, requisition_id, line),
    CONSTRAINT requisition_lines_requisition_id_fkey FOREIGN KEY (tenant_id, requisition_id) REFERENCES requisitions,
    CONSTRAINT requisition_lines_item_id_fkey FOREIGN KEY (tenant_id, item_id) REFERENCES items,
    CONSTRAINT requisition_lines_work_order_id_fkey FOREIGN KEY (tenant_id, work_order_id) REFERENCES work_orders,
    CONSTRAINT requisition_lines_cost_center_id_fkey FOREIGN KEY (tenant_id, cost_center_id) REFERENCES cost_centers,
    CHECK (item_id IS NOT NULL OR description <> ''),
    CHECK (work_order_id IS NULL OR cost_center_id IS NULL)
);
SELECT raise_wall('requisition_lines');

CREATE TABLE purchase_orders (
    tenant_id             uuid NOT NULL,
    id                    uuid NOT NULL,
    number                text NOT NULL,
    supplier_id           uuid NOT NULL,
    status                text NOT NULL CHECK (status IN ('draft', 'pending_approval', 'approved', 'sent', 'partially_received', 'received',
                                                          'closed', 'rejected', 'cancelled')),
    origin                text NOT NULL CHECK (origin IN ('person', 'requisition', 'replenishment')),
    currency              text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    base_currency         text NOT NULL,
    rate                  numeric(20, 8) NOT NULL CHECK (rate > 0 AND (currency <> base_currency OR rate = 1)),
    amount                numeric(18, 4) NOT NULL CHECK (amount >= 0),
    base_amount           numeric(18, 4) NOT NULL CHECK (base_amount >= 0),
    department_id         uuid,
    requisition_id        uuid,
    note                  text NOT NULL DEFAULT '',
    revision              integer NOT NULL DEFAULT 1 CHECK (revision > 0),
    receipt_tolerance_pct numeric(6, 3) NOT NULL DEFAULT 0 CHECK (receipt_tolerance_pct BETWEEN 0 AND 100),
    price_tolerance_pct   numeric(6, 3) NOT NULL DEFAULT 0 CHECK (price_tolerance_pct BETWEEN 0 AND 100),
    approval_case_id      uuid,
    promised_on           date,
    document_id           uuid,
    mail_error            text NOT NULL DEFAULT '',
    cancel_reason         text NOT NULL DEFAULT '',
    reject_reason         text NOT NULL DEFAULT '',
    requested_by          uuid,
    submitted_at          timestamptz,
    approved_at           timestamptz,
    sent_at               timestamptz,
    issued_at             timestamptz,
    mailed_to             text NOT NULL DEFAULT '',
    late_at               timestamptz,
    revoked_at            timestamptz,
    received_at           timestamptz,
    closed_at             timestamptz,
    cancelled_at          timestamptz,
    next_action_at        timestamptz,
    process_started_at    timestamptz,
    version               integer NOT NULL DEFAULT 1,
    created_at            timestamptz NOT NULL,
    updated_at            timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT purchase_orders_number_key UNIQUE (tenant_id, number),
    CONSTRAINT purchase_orders_supplier_id_fkey FOREIGN KEY (tenant_id, supplier_id) REFERENCES suppliers,
    CONSTRAINT purchase_orders_department_id_fkey FOREIGN KEY (tenant_id, department_id) REFERENCES departments,
    CONSTRAINT purchase_orders_requisition_id_fkey FOREIGN KEY (tenant_id, requisition_id) REFERENCES requisitions,
    CONSTRAINT purchase_orders_approval_case_id_fkey FOREIGN KEY (tenant_id, approval_case_id) REFERENCES approval_cases,
    CONSTRAINT purchase_orders_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES attachments,
    CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)),
    CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    CHECK (status NOT IN ('sent', 'partially_received', 'received') OR (approved_at IS NOT NULL AND sent_at IS NOT NULL))
);
-- A requisition is ordered once; what runs short at one supplier is collected in one draft.
CREATE UNIQUE INDEX purchase_orders_requisition_id_key ON purchase_orders (tenant_id, requisition_id) WHERE requisition_id IS NOT NULL;
CREATE UNIQUE INDEX purchase_orders_replenishment_key ON purchase_orders (tenant_id, supplier_id, currency)
    WHERE origin = 'replenishment' AND status = 'draft';
CREATE INDEX purchase_orders_created_at ON purchase_orders (tenant_id, created_at, id);
CREATE INDEX purchase_orders_supplier ON purchase_orders (tenant_id, supplier_id, created_at, id);
CREATE INDEX purchase_orders_status ON purchase_orders (tenant_id, status, created_at, id);
CREATE INDEX purchase_orders_promised_on ON purchase_orders (tenant_id, coalesce(promised_on, 'infinity'::date), id);
CREATE INDEX purchase_orders_late ON purchase_orders (next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX purchase_orders_case ON purchase_orders (tenant_id, approval_case_id) WHERE approval_case_id IS NOT NULL;
SELECT raise_wall('purchase_orders');
CREATE POLICY system_door ON purchase_orders FOR SELECT TO mainstay_system USING (true);
GRANT SELECT ON purchase_orders TO mainstay_system;

ALTER TABLE requisitions ADD CONSTRAINT requisitions_purchase_order_id_fkey FOREIGN KEY (tenant_id, purchase_order_id) REFERENCES purchase_orders;

CREATE TABLE purchase_order_lines (
    tenant_id         uuid NOT NULL,
    id                uuid NOT NULL,
    purchase_order_id uuid NOT NULL,
    line              integer NOT NULL CHECK (line > 0),
    item_id           uuid,
    description       text NOT NULL,
    unit              text NOT NULL,
    quantity          numeric(20, 6) NOT NULL CHECK (quantity > 0),
    unit_price        numeric(18, 4) NOT NULL CHECK (unit_price >= 0),
    amount            numeric(18, 4) NOT NULL CHECK (amount >= 0),
    promised_on       date,
    work_order_id     uuid,
    cost_center_id    uuid,
    asset_template_id uuid,
    received          numeric(20, 6) NOT NULL DEFAULT 0 CHECK (received >= 0),
    invoiced          numeric(20, 6) NOT NULL DEFAULT 0 CHECK (invoiced >= 0),
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT purchase_order_lines_line_key UNIQUE (tenant_id, purchase_order_id, line) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT purchase_order_lines_purchase_order_id_fkey FOREIGN KEY (tenant_id, purchase_order_id) REFERENCES purchase_orders,
    CONSTRAINT purchase_order_lines_item_id_fkey FOREIGN KEY (tenant_id, item_id) REFERENCES items,
    CONSTRAINT purchase_order_lines_work_order_id_fkey FOREIGN KEY (tenant_id, work_order_id) REFERENCES work_orders,
    CONSTRAINT purchase_order_lines_cost_center_id_fkey FOREIGN KEY (tenant_id, cost_center_id) REFERENCES cost_centers,
    CONSTRAINT purchase_order_lines_asset_template_id_fkey FOREIGN KEY (tenant_id, asset_template_id) REFERENCES asset_templates,
    CHECK (work_order_id IS NULL OR cost_center_id IS NULL),
    CHECK (asset_template_id IS NULL OR (item_id IS NULL AND work_order_id IS NULL))
);
CREATE INDEX purchase_order_lines_order ON purchase_order_lines (tenant_id, purchase_order_id, line);
CREATE INDEX purchase_order_lines_item ON purchase_order_lines (tenant_id, item_id) WHERE item_id IS NOT NULL;
SELECT raise_wall('purchase_order_lines');

-- What each revision asked for, kept when the next one replaces it.
CREATE TABLE purchase_order_revisions (
    tenant_id         uuid NOT NULL,
    purchase_order_id uuid NOT NULL,
    revision          integer NOT NULL,
    content           jsonb NOT NULL,
    actor_id          uuid NOT NULL,
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, purchase_order_id, revision),
    CONSTRAINT purchase_order_revisions_purchase_order_id_fkey FOREIGN KEY (tenant_id, purchase_order_id) REFERENCES purchase_orders
);
SELECT raise_wall('purchase_order_revisions');

CREATE TABLE goods_receipts (
    tenant_id         uuid NOT NULL,
    id                uuid NOT NULL,
    number            text NOT NULL,
    purchase_order_id uuid NOT NULL,
    kind              text NOT NULL CHECK (kind IN ('receipt', 'return')),
    delivery_note     text NOT NULL DEFAULT '',
    reason            text NOT NULL DEFAULT '',
    actor_id          uuid NOT NULL,
    posted_at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT goods_receipts_number_key UNIQUE (tenant_id, number),
    CONSTRAINT goods_receipts_purchase_order_id_fkey FOREIGN KEY (tenant_id, purchase_order_id) REFERENCES purchase_orders
);
-- The supplier's number of a delivery: two people who receive the same one receive it once.
CREATE UNIQUE INDEX goods_receipts_delivery_note_key ON goods_receipts (tenant_id, purchase_order_id, delivery_note)
    WHERE kind = 'receipt' AND delivery_note <> '';
CREATE INDEX goods_receipts_posted_at ON goods_receipts (tenant_id, posted_at, id);
SELECT raise_wall('goods_receipts');
REVOKE UPDATE, DELETE ON goods_receipts FROM mainstay_app;
CREATE TRIGGER goods_receipts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON goods_receipts
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TABLE goods_receipt_lines (
    tenant_id              uuid NOT NULL,
    goods_receipt_id       uuid NOT NULL,
    line                   integer NOT NULL,
    purchase_order_line_id uuid NOT NULL,
    quantity               numeric(20, 6) NOT NULL CHECK (quantity <> 0),
    value                  numeric(18, 4) NOT NULL,
    location_id            uuid,
    lot                    text NOT NULL DEFAULT '',
    serial                 text NOT NULL DEFAULT '',
    movement_id            uuid,
    work_order_cost_id     uuid,
    cost_center_id         uuid,
    asset_id               uuid,
    PRIMARY KEY (tenant_id, goods_receipt_id, line),
    CONSTRAINT goods_receipt_lines_goods_receipt_id_fkey FOREIGN KEY (tenant_id, goods_receipt_id) REFERENCES goods_receipts,
    CONSTRAINT goods_receipt_lines_purchase_order_line_id_fkey FOREIGN KEY (tenant_id, purchase_order_line_id) REFERENCES purchase_order_lines,
    CONSTRAINT goods_receipt_lines_location_id_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES locations,
    CONSTRAINT goods_receipt_lines_cost_center_id_fkey FOREIGN KEY (tenant_id, cost_center_id) REFERENCES cost_centers,
    CONSTRAINT goods_receipt_lines_asset_id_fkey FOREIGN KEY (tenant_id, asset_id) REFERENCES assets
);
CREATE INDEX goods_receipt_lines_order_line ON goods_receipt_lines (tenant_id, purchase_order_line_id);
CREATE INDEX goods_receipt_lines_cost_center ON goods_receipt_lines (tenant_id, cost_center_id) WHERE cost_center_id IS NOT NULL;
SELECT raise_wall('goods_receipt_lines');
REVOKE UPDATE, DELETE ON goods_receipt_lines FROM mainstay_app;
CREATE TRIGGER goods_receipt_lines_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON goods_receipt_lines
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TABLE supplier_invoices (
    tenant_id         uuid NOT NULL,
    id                uuid NOT NULL,
    purchase_order_id uuid NOT NULL,
    supplier_id       uuid NOT NULL,
    number            text NOT NULL CHECK (number <> ''),
    invoiced_on       date,
    currency          text NOT NULL,
    amount            numeric(18, 4) NOT NULL,
    tax               numeric(18, 4) NOT NULL DEFAULT 0 CHECK (tax >= 0),
    base_amount       numeric(18, 4) NOT NULL,
    voided_at         timestamptz,
    void_reason       text NOT NULL DEFAULT '',
    actor_id          uuid NOT NULL,
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT supplier_invoices_purchase_order_id_fkey FOREIGN KEY (tenant_id, purchase_order_id) REFERENCES purchase_orders,
    CONSTRAINT supplier_invoices_supplier_id_fkey FOREIGN KEY (tenant_id, supplier_id) REFERENCES suppliers,
    CHECK ((voided_at IS NULL) = (void_reason = ''))
);
CREATE UNIQUE INDEX supplier_invoices_number_key ON supplier_invoices (tenant_id, supplier_id, number) WHERE voided_at IS NULL;
CREATE INDEX supplier_invoices_order ON supplier_invoices (tenant_id, purchase_order_id, created_at, id);
CREATE INDEX supplier_invoices_created_at ON supplier_invoices (tenant_id, created_at, id);
SELECT raise_wall('supplier_invoices');

CREATE TABLE supplier_invoice_lines (
    tenant_id              uuid NOT NULL,
    supplier_invoice_id    uuid NOT NULL,
    line                   integer NOT NULL,
    purchase_order_line_id uuid NOT NULL,
    quantity               numeric(20, 6) NOT NULL CHECK (quantity > 0),
    unit_price             numeric(18, 4) NOT NULL CHECK (unit_price >= 0),
    amount                 numeric(18, 4) NOT NULL,
    status                 text NOT NULL CHECK (status IN ('matched', 'blocked', 'released')),
    blocks                 jsonb NOT NULL DEFAULT '[]',
    released_keys          text[] NOT NULL DEFAULT '{}',
    released_by            uuid,
    released_at            timestamptz,
    release_reason         text NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, supplier_invoice_id, line),
    CONSTRAINT supplier_invoice_lines_supplier_invoice_id_fkey FOREIGN KEY (tenant_id, supplier_invoice_id) REFERENCES supplier_invoices,
    CONSTRAINT supplier_invoice_lines_purchase_order_line_id_fkey FOREIGN KEY (tenant_id, purchase_order_line_id) REFERENCES purchase_order_lines,
    CHECK ((status = 'matched') = (blocks = '[]')),
    CHECK (status <> 'released' OR released_by IS NOT NULL),
    CHECK ((released_by IS NULL) = (released_at IS NULL))
);
CREATE INDEX supplier_invoice_lines_order_line ON supplier_invoice_lines (tenant_id, purchase_order_line_id);
SELECT raise_wall('supplier_invoice_lines');

-- The process that writes draft orders for what runs short, one for each tenant.
CREATE TABLE stock_replenishments (
    tenant_id          uuid NOT NULL REFERENCES tenants,
    ran_at             timestamptz,
    next_action_at     timestamptz,
    process_started_at timestamptz,
    version            integer NOT NULL DEFAULT 1,
    updated_at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id)
);
CREATE INDEX stock_replenishments_late ON stock_replenishments (next_action_at) WHERE next_action_at IS NOT NULL;
SELECT raise_wall('stock_replenishments');
CREATE POLICY system_door ON stock_replenishments FOR SELECT TO mainstay_system USING (true);
GRANT SELECT ON stock_replenishments TO mainstay_system;

-- The sweeper and the reconciliation see these processes beside those that earlier migrations list.
ALTER FUNCTION late_processes(timestamptz, integer) RENAME TO late_processes_before_purchasing;
ALTER FUNCTION open_processes(text, uuid, integer) RENAME TO open_processes_before_purchasing;

-- +goose StatementBegin
CREATE FUNCTION late_processes(p_before timestamptz, p_cap integer)
RETURNS TABLE (process text, tenant_id uuid, subject_id uuid, next_action_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT * FROM (
        (SELECT * FROM late_processes_before_purchasing(p_before, p_cap))
        UNION ALL
        (SELECT 'PurchaseOrder', o.tenant_id, o.id, o.next_action_at FROM purchase_orders o
            WHERE o.next_action_at < p_before ORDER BY o.next_action_at LIMIT p_cap)
        UNION ALL
        (SELECT 'StockReplenishment', r.tenant_id, r.tenant_id, r.next_action_at FROM stock_replenishments r
            WHERE r.next_action_at < p_before ORDER BY r.next_action_at LIMIT p_cap)
    ) late ORDER BY 4 LIMIT p_cap
$$;
-- +goose StatementEnd
ALTER FUNCTION late_processes(timestamptz, integer) OWNER TO mainstay_system;
REVOKE ALL ON FUNCTION late_processes(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION late_processes(timestamptz, integer) TO mainstay_app;

-- +goose StatementBegin
CREATE FUNCTION open_processes(p_after_process text, p_after_id uuid, p_cap integer)
RETURNS TABLE (process text, tenant_id uuid, subject_id uuid, next_action_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT * FROM (
        (SELECT * FROM open_processes_before_purchasing(p_after_process, p_after_id, p_cap))
        UNION ALL
        (SELECT 'PurchaseOrder' AS process, o.tenant_id, o.id AS subject_id, o.next_action_at FROM purchase_orders o
            WHERE o.next_action_at IS NOT NULL AND ('PurchaseOrder', o.id) > (p_after_process, p_after_id) ORDER BY o.id LIMIT p_cap)
        UNION ALL
        (SELECT 'StockReplenishment', r.tenant_id, r.tenant_id, r.next_action_at FROM stock_replenishments r
            WHERE r.next_action_at IS NOT NULL AND ('StockReplenishment', r.tenant_id) > (p_after_process, p_after_id)
            ORDER BY r.tenant_id LIMIT p_cap)
    ) open ORDER BY process, subject_id LIMIT p_cap
$$;
-- +goose StatementEnd
ALTER FUNCTION open_processes(text, uuid, integer) OWNER TO mainstay_system;
REVOKE ALL ON FUNCTION open_processes(text, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_processes(text, uuid, integer) TO mainstay_app;
