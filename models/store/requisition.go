package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// RequisitionView is a requisition with the names of what it points to. Its lines are read where one requisition is.
type RequisitionView struct {
	models.Requisition
	DepartmentCode      *string
	DepartmentName      *string
	RequesterName       string
	PurchaseOrderNumber *string
	SupplierName        *string
	LineCount           int
	Lines               []RequisitionLineView
}

// RequisitionLineView is a line with the names of what it points to.
type RequisitionLineView struct {
	models.RequisitionLine
	ItemCode        *string
	ItemName        *string
	ItemUnit        *string // and the others, as they are now
	PurchaseUnit    *string
	PurchaseFactor  *decimal.Decimal
	IssueUnit       *string
	IssueFactor     *decimal.Decimal
	SupplierID      *uuid.UUID // whom the item is bought from
	SupplierCode    *string
	SupplierName    *string
	CatalogPrice    *decimal.Decimal
	CatalogCurrency *string
	CatalogUnit     *string
	WorkOrderNumber *string
	WorkOrderTitle  *string
	CostCenterCode  *string
	CostCenterName  *string
}

// Ordered is how the line is ordered now.
func (l RequisitionLineView) Ordered() (quantity decimal.Decimal, unit string) {
	return l.InUnits(models.ItemUnits{
		Unit: textOf(l.ItemUnit), PurchaseUnit: l.PurchaseUnit, PurchaseFactor: l.PurchaseFactor, IssueUnit: l.IssueUnit, IssueFactor: l.IssueFactor,
	})
}

func requisitionView() string {
	return `SELECT ` + columns[models.Requisition]("r") + `, d.code AS department_code, d.name AS department_name,
		coalesce(u.name, '') AS requester_name, o.number AS purchase_order_number, s.name AS supplier_name,
		(SELECT count(*) FROM requisition_lines l WHERE l.tenant_id = r.tenant_id AND l.requisition_id = r.id) AS line_count
		FROM requisitions r
		LEFT JOIN departments d ON d.tenant_id = r.tenant_id AND d.id = r.department_id
		LEFT JOIN users u ON u.tenant_id = r.tenant_id AND u.id = r.requested_by
		LEFT JOIN purchase_orders o ON o.tenant_id = r.tenant_id AND o.id = r.purchase_order_id
		LEFT JOIN suppliers s ON s.tenant_id = o.tenant_id AND s.id = o.supplier_id
		WHERE r.tenant_id = $1`
}

// Requisition reads one requisition with its lines.
func (s *Store) Requisition(ctx context.Context, id uuid.UUID) (RequisitionView, error) {
	actor, _ := models.ActorFrom(ctx)
	v, err := readOne[RequisitionView](ctx, s, "requisition", requisitionView()+` AND r.id = $2`, actor.TenantID, id)
	if err != nil {
		return v, err
	}
	v.Lines, err = read[RequisitionLineView](ctx, s, `SELECT `+columns[models.RequisitionLine]("l")+`, i.code AS item_code, i.name AS item_name,
		i.unit AS item_unit, i.purchase_unit, i.purchase_factor, i.issue_unit, i.issue_factor,
		i.supplier_id, p.code AS supplier_code, p.name AS supplier_name, e.price AS catalog_price, e.currency AS catalog_currency,
		coalesce(e.price_unit, i.unit) AS catalog_unit,
		w.number AS work_order_number, w.title AS work_order_title, c.code AS cost_center_code, c.name AS cost_center_name
		FROM requisition_lines l
		LEFT JOIN items i ON i.tenant_id = l.tenant_id AND i.id = l.item_id
		LEFT JOIN suppliers p ON p.tenant_id = i.tenant_id AND p.id = i.supplier_id
		LEFT JOIN catalog_entries e ON e.tenant_id = i.tenant_id AND e.item_id = i.id AND e.supplier_id = i.supplier_id AND e.archived_at IS NULL
		LEFT JOIN work_orders w ON w.tenant_id = l.tenant_id AND w.id = l.work_order_id
		LEFT JOIN cost_centers c ON c.tenant_id = l.tenant_id AND c.id = l.cost_center_id
		WHERE l.tenant_id = $1 AND l.requisition_id = $2 ORDER BY l.line`, actor.TenantID, id)
	return v, err
}

var requisitionOrders = map[string]order[RequisitionView]{
	"created_at": byTime("r.created_at", func(v RequisitionView) time.Time { return v.CreatedAt }),
	"number":     {"r.number", "text", func(v RequisitionView) string { return v.Number }},
}

// RequisitionFilter narrows the list of requisitions.
type RequisitionFilter struct {
	Text         string // in number, note or the text of a line
	Status       []string
	RequesterIDs []uuid.UUID
	ItemIDs      []uuid.UUID
}

// Requisitions lists requisitions without their lines by created_at or number.
func (s *Store) Requisitions(ctx context.Context, f RequisitionFilter, p Page) (Rows[RequisitionView], error) {
	l := newListing(ctx, requisitionView(), "r.id", func(v RequisitionView) string { return v.ID.String() }, requisitionOrders)
	in(l, "r.status", "text[]", f.Status)
	in(l, "r.requested_by", "uuid[]", f.RequesterIDs)
	const line = `EXISTS (SELECT FROM requisition_lines x WHERE x.tenant_id = r.tenant_id AND x.requisition_id = r.id AND `
	if len(f.ItemIDs) > 0 {
		l.and(line+`x.item_id = ANY ($%d::uuid[]))`, f.ItemIDs)
	}
	if f.Text != "" {
		l.and(`((r.number || ' ' || r.note) ILIKE $%[1]d OR `+line+`x.description ILIKE $%[1]d))`, likeText(f.Text))
	}
	return l.run(ctx, s, p)
}

// CreateRequisition writes a requisition with id. Repeated with the same key it writes none.
func (s *Store) CreateRequisition(ctx context.Context, id uuid.UUID, n models.NewRequisition) error {
	if err := n.Validate(); err != nil {
		return err
	}
	if err := s.mustSeeLines(ctx, n.Lines); err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *Tx) error {
		if done, err := tx.once("requisition.create", "requisition", id); done || err != nil {
			return err
		}
		if err := live[models.Department](tx, "/department_id", n.DepartmentID); err != nil {
			return err
		}
		if err := tx.wantable(n.Lines); err != nil {
			return err
		}
		r := models.Requisition{
			TenantID: tx.Actor.TenantID, ID: id, Status: models.RequisitionOpen, Note: n.Note, NeededOn: n.NeededOn, DepartmentID: n.DepartmentID,
			RequestedBy: tx.Actor.UserID, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
		}
		lines := make([]models.RequisitionLine, len(n.Lines))
		for i, l := range n.Lines {
			lines[i] = models.RequisitionLine{
				TenantID: r.TenantID, RequisitionID: id, Line: i + 1, ItemID: l.ItemID, Description: l.Description, Unit: l.Unit,
				Quantity: l.Quantity, WorkOrderID: l.WorkOrderID, CostCenterID: l.CostCenterID,
			}
			if l.ItemID != nil {
				lines[i].UnitFactor = &l.UnitFactor
			}
		}
		var err error
		if r.Number, err = tx.nextNumber("RQ"); err != nil {
			return err
		}
		if err := queueCreate(tx, &r); err != nil {
			return err
		}
		if err := queueCreate(tx, &lines); err != nil {
			return err
		}
		return tx.Audit(Change{Action: "requisition.create", SubjectType: "requisition", SubjectID: id, After: &r})
	})
}

// wantable judges what the lines refer to and gives them text and unit; where and for how much it is bought is still open.
func (tx *Tx) wantable(lines []models.NewPurchaseOrderLine) error {
	n := models.NewPurchaseOrder{Lines: lines}
	refs, err := tx.purchaseRefs(n)
	if err != nil {
		return err
	}
	var f models.Faults
	for i := range lines {
		at := fmt.Sprintf("/lines/%d", i)
		for _, fault := range refs.complete(&lines[i], n, purchaseParty{}, at) {
			f.Add(fault.Pointer != at+"/unit_price", fault.Pointer, fault.Code, "%s", fault.Detail)
		}
	}
	return f.Err()
}

// RejectRequisition decides that nothing is bought; version is nil or the one that the client has seen.
func (s *Store) RejectRequisition(ctx context.Context, id uuid.UUID, version *int, reason string) error {
	return s.decideRequisition(ctx, id, version, "reject", reason, func(tx *Tx, r *models.Requisition) error {
		return r.Reject(reason, tx.Actor.UserID, tx.Now)
	})
}

// CancelRequisition takes back what is wanted no more; only who asked for it can.
func (s *Store) CancelRequisition(ctx context.Context, id uuid.UUID, version *int, reason string) error {
	return s.decideRequisition(ctx, id, version, "cancel", reason, func(tx *Tx, r *models.Requisition) error {
		return r.Cancel(reason, tx.Actor.UserID, tx.Now)
	})
}

func (s *Store) decideRequisition(
	ctx context.Context, id uuid.UUID, version *int, command, reason string, decide func(*Tx, *models.Requisition) error,
) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if done, err := tx.once("requisition."+command, "requisition", id); done || err != nil {
			return err
		}
		r, err := tx.lockRequisition(id)
		if err != nil {
			return err
		}
		if version != nil && *version != r.Version {
			return versionMismatch(r.Version)
		}
		before := r
		if err := decide(tx, &r); err != nil {
			return err
		}
		return tx.saveRequisition(command, reason, before, r)
	})
}

// orderRequisition notes that the order of this transaction buys what the requisition asks for.
func (tx *Tx) orderRequisition(id, order uuid.UUID) error {
	r, err := tx.lockRequisition(id)
	if isNotFound(err) {
		return models.InvalidField("/requisition_id", "not_found", "There is no such requisition.")
	}
	if err != nil {
		return err
	}
	before := r
	if err := r.Order(order, tx.Actor.UserID, tx.Now); err != nil {
		return err
	}
	return tx.saveRequisition("order", "", before, r)
}

// reopenRequisition gives back what an order was to buy that is over and brought nothing.
func (tx *Tx) reopenRequisition(o models.PurchaseOrder, reason string) error {
	r, err := tx.lockRequisition(*o.RequisitionID)
	if err != nil || r.PurchaseOrderID == nil || *r.PurchaseOrderID != o.ID {
		return err
	}
	before := r
	r.Reopen(tx.Now)
	return tx.saveRequisition("reopen", reason, before, r)
}

func (tx *Tx) lockRequisition(id uuid.UUID) (models.Requisition, error) {
	return txReadOne[models.Requisition](tx, "requisition", `SELECT `+columns[models.Requisition]("r")+` FROM requisitions r
		WHERE r.tenant_id = $1 AND r.id = $2 FOR NO KEY UPDATE`, tx.Actor.TenantID, id)
}

func (tx *Tx) saveRequisition(command, reason string, before, r models.Requisition) error {
	tx.queue(`UPDATE requisitions SET status = $3, purchase_order_id = $4, decide_reason = $5, decided_by = $6, decided_at = $7, version = $8,
		updated_at = $9 WHERE tenant_id = $1 AND id = $2`, r.TenantID, r.ID, string(r.Status), r.PurchaseOrderID, r.DecideReason, r.DecidedBy,
		r.DecidedAt, r.Version, r.UpdatedAt)
	if err := tx.notifyWanting(r, reason); err != nil {
		return err
	}
	return tx.Audit(Change{
		Action: "requisition." + command, SubjectType: "requisition", SubjectID: r.ID, Before: &before, After: &r, Reason: reason,
	})
}

// notifyWanting tells who asked what became of it, unless he did that himself.
func (tx *Tx) notifyWanting(r models.Requisition, reason string) error {
	if r.RequestedBy == tx.Actor.UserID {
		return nil
	}
	kind := "requisition." + string(r.Status)
	if r.Status == models.RequisitionOpen {
		kind = models.NotifyRequisitionReopened
	}
	cause := fmt.Sprintf("%s %d", kind, r.Version) // it may be ordered, and open again, more than once
	return tx.notify(models.Notification{
		ID: models.NotificationID(cause, r.ID, r.RequestedBy), UserID: r.RequestedBy, Kind: kind, SubjectType: "requisition", SubjectID: r.ID,
		Title: r.Number, Details: models.NotificationDetails{Number: r.Number, Reason: reason},
	})
}
