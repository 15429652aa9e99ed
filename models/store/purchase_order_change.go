package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// PurchaseOrderEdit is what a person changes of an order; nil leaves it as it is. Lines replace those that are there: a line with
// an id is that line, one without is new, and one that is missing is taken out.
type PurchaseOrderEdit struct {
	Note         *string
	DepartmentID **uuid.UUID
	Rate         *decimal.Decimal
	Lines        []models.NewPurchaseOrderLine
}

// ChangePurchaseOrder edits an order of which nothing was received; version is the one that the client has seen. What was submitted
// becomes the next revision, and the approval of the one before no longer counts unless its tolerance allows it: what it was is
// kept, and the process looks again.
func (s *Store) ChangePurchaseOrder(ctx context.Context, id uuid.UUID, version int, edit PurchaseOrderEdit) error {
	if err := s.mustSeeLines(ctx, edit.Lines); err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *Tx) error {
		o, lines, err := tx.lockPurchaseOrder(id)
		if err != nil {
			return err
		}
		if o.Version != version {
			return versionMismatch(o.Version)
		}
		before, linesBefore := o, lines
		if lines, err = tx.revise(&o, lines, edit); err != nil {
			return err
		}
		if before.Revision != o.Revision {
			if err := tx.keepRevision(before, linesBefore); err != nil {
				return err
			}
		}
		if err := tx.replaceLines(o, lines); err != nil {
			return err
		}
		if err := tx.resubmit(before, &o, lines); err != nil {
			return err
		}
		if err := tx.savePurchaseOrder(&before, &o, "", ""); err != nil {
			return err
		}
		if err := tx.wakePurchaseOrder(id); err != nil {
			return err
		}
		return tx.Audit(Change{ // the lines are part of what changed
			Action: "purchase_order.change", SubjectType: "purchase_order", SubjectID: id,
			Before: auditedOrder(before, linesBefore), After: auditedOrder(o, lines),
		})
	})
}

// revise makes the edit's order and lines of those that are there.
func (tx *Tx) revise(o *models.PurchaseOrder, lines []models.PurchaseOrderLine, edit PurchaseOrderEdit) ([]models.PurchaseOrderLine, error) {
	n, err := tx.editedOrder(*o, lines, edit)
	if err != nil {
		return nil, err
	}
	terms, err := tx.purchaseTerms(&n)
	if err != nil {
		return nil, err
	}
	o.Note, o.DepartmentID, o.Rate = n.Note, n.DepartmentID, terms.Rate
	lines = o.Lines(n.Lines)
	kept, err := tx.stillApproved(*o, lines)
	if err != nil {
		return nil, err
	}
	return lines, o.Revise(lines, kept, tx.Now)
}

// editedOrder is the order as the edit wants it, judged like a new one.
func (tx *Tx) editedOrder(o models.PurchaseOrder, lines []models.PurchaseOrderLine, edit PurchaseOrderEdit) (models.NewPurchaseOrder, error) {
	n := models.NewPurchaseOrder{SupplierID: o.SupplierID, Currency: o.Currency, Rate: &o.Rate, DepartmentID: o.DepartmentID, Note: o.Note}
	if edit.Note != nil {
		n.Note = *edit.Note
	}
	if edit.DepartmentID != nil {
		n.DepartmentID = *edit.DepartmentID
	}
	if edit.Rate != nil {
		n.Rate = edit.Rate
	}
	known := make(map[uuid.UUID]models.PurchaseOrderLine, len(lines))
	for _, l := range lines {
		known[l.ID] = l
		if edit.Lines == nil {
			n.Lines = append(n.Lines, models.NewPurchaseOrderLine{
				ID: &l.ID, ItemID: l.ItemID, Description: l.Description, Unit: l.Unit, UnitFactor: l.UnitFactor, Quantity: l.Quantity, UnitPrice: &l.UnitPrice,
				PromisedOn: l.PromisedOn, WorkOrderID: l.WorkOrderID, CostCenterID: l.CostCenterID, AssetTemplateID: l.AssetTemplateID,
			})
		}
	}
	var f models.Faults
	for i, line := range edit.Lines {
		if line.ID != nil {
			was, there := known[*line.ID]
			f.Add(!there, fmt.Sprintf("/lines/%d/id", i), "not_found", "The order has no such line.")
			if there && line.Unit == was.Unit && sameID(line.ItemID, was.ItemID) {
				line.UnitFactor = was.UnitFactor
			}
		}
		n.Lines = append(n.Lines, line)
	}
	if err := f.Err(); err != nil {
		return n, err
	}
	return n, n.Validate()
}

// replaceLines makes the order's lines these.
func (tx *Tx) replaceLines(o models.PurchaseOrder, lines []models.PurchaseOrderLine) error {
	ids := make([]uuid.UUID, len(lines))
	for i, l := range lines {
		ids[i] = l.ID
	}
	if _, err := tx.exec(`DELETE FROM purchase_order_lines WHERE tenant_id = $1 AND purchase_order_id = $2 AND id <> ALL ($3)`,
		o.TenantID, o.ID, ids); err != nil {
		return err
	}
	for _, l := range lines {
		tx.queue(`INSERT INTO purchase_order_lines (tenant_id, id, purchase_order_id, line, item_id, description, unit, quantity, unit_price,
				amount, promised_on, work_order_id, cost_center_id, asset_template_id, unit_factor)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
			ON CONFLICT (tenant_id, id) DO UPDATE SET line = excluded.line, item_id = excluded.item_id, description = excluded.description,
				unit = excluded.unit, quantity = excluded.quantity, unit_price = excluded.unit_price, amount = excluded.amount,
				promised_on = excluded.promised_on, work_order_id = excluded.work_order_id, cost_center_id = excluded.cost_center_id,
				asset_template_id = excluded.asset_template_id, unit_factor = excluded.unit_factor`,
			l.TenantID, l.ID, l.PurchaseOrderID, l.Line, l.ItemID, l.Description, l.Unit, l.Quantity, l.UnitPrice, l.Amount, l.PromisedOn,
			l.WorkOrderID, l.CostCenterID, l.AssetTemplateID, l.UnitFactor)
	}
	return nil
}

// RevisionLine is a line as a revision asked for it.
type RevisionLine struct {
	Line        int             `json:"line"`
	ItemID      *uuid.UUID      `json:"item_id,omitempty"`
	Description string          `json:"description"`
	Unit        string          `json:"unit"`
	Quantity    decimal.Decimal `json:"quantity"`
	UnitPrice   decimal.Decimal `json:"unit_price"`
	Amount      decimal.Decimal `json:"amount"`
	PromisedOn  *models.Date    `json:"promised_on,omitempty"`
}

// RevisionContent is what a revision asked for.
type RevisionContent struct {
	Note   string          `json:"note"`
	Amount decimal.Decimal `json:"amount"`
	Rate   decimal.Decimal `json:"rate"`
	Lines  []RevisionLine  `json:"lines"`
}

// PurchaseOrderRevision is a revision that another one has replaced.
type PurchaseOrderRevision struct {
	Revision  int
	Content   RevisionContent
	ActorID   uuid.UUID // who changed it
	ActorName *string
	CreatedAt time.Time // when it was replaced
}

// keepRevision keeps what the order was.
func (tx *Tx) keepRevision(o models.PurchaseOrder, lines []models.PurchaseOrderLine) error {
	content, err := json.Marshal(RevisionContent{Note: o.Note, Amount: o.Amount, Rate: o.Rate, Lines: revisionLines(lines)})
	if err != nil {
		return err
	}
	tx.queue(`INSERT INTO purchase_order_revisions (tenant_id, purchase_order_id, revision, content, actor_id, created_at)
		VALUES ($1, $2, $3, $4, $5, $6)`, o.TenantID, o.ID, o.Revision, string(content), tx.Actor.UserID, tx.Now)
	return nil
}

func revisionLines(lines []models.PurchaseOrderLine) []RevisionLine {
	list := make([]RevisionLine, len(lines))
	for i, l := range lines {
		list[i] = RevisionLine{l.Line, l.ItemID, l.Description, l.Unit, l.Quantity, l.UnitPrice, l.Amount, l.PromisedOn}
	}
	return list
}

func auditedOrder(o models.PurchaseOrder, lines []models.PurchaseOrderLine) map[string]any {
	return map[string]any{
		"status": o.Status, "revision": o.Revision, "note": o.Note, "department_id": o.DepartmentID, "rate": o.Rate, "amount": o.Amount,
		"lines": revisionLines(lines),
	}
}

// PurchaseOrderRevisions lists the revisions that were replaced, the latest first.
func (s *Store) PurchaseOrderRevisions(ctx context.Context, id uuid.UUID) ([]PurchaseOrderRevision, error) {
	actor, _ := models.ActorFrom(ctx)
	if _, err := readOne[struct{ ID uuid.UUID }](ctx, s, "purchase_order", `SELECT id FROM purchase_orders WHERE tenant_id = $1 AND id = $2`,
		actor.TenantID, id); err != nil {
		return nil, err
	}
	return read[PurchaseOrderRevision](ctx, s, `SELECT v.revision, v.content, v.actor_id, u.name AS actor_name, v.created_at
		FROM purchase_order_revisions v LEFT JOIN users u ON u.tenant_id = v.tenant_id AND u.id = v.actor_id
		WHERE v.tenant_id = $1 AND v.purchase_order_id = $2 ORDER BY v.revision DESC`, actor.TenantID, id)
}
