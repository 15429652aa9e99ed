package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"mainstay/models"
)

// PurchaseOrderView is a purchase order as people read it: with the names of what it points to. Its lines are read where one
// order is.
type PurchaseOrderView struct {
	models.PurchaseOrder
	SupplierCode      string
	SupplierName      string
	SupplierEmail     string
	DepartmentCode    *string
	DepartmentName    *string
	RequisitionNumber *string
	RequesterName     *string
	LineCount         int
	BlockedLines      int // lines of its invoices that are not to be paid
	Lines             []PurchaseOrderLineView
}

// PurchaseOrderLineView is a line with the names of what it points to.
type PurchaseOrderLineView struct {
	models.PurchaseOrderLine
	ItemCode          *string
	ItemName          *string
	ItemTracking      *string
	ItemUnit          *string
	WorkOrderNumber   *string
	WorkOrderTitle    *string
	CostCenterCode    *string
	CostCenterName    *string
	AssetTemplateCode *string
	AssetTemplateName *string
}

// OrderLines are the lines without the names.
func (v PurchaseOrderView) OrderLines() []models.PurchaseOrderLine {
	lines := make([]models.PurchaseOrderLine, len(v.Lines))
	for i, l := range v.Lines {
		lines[i] = l.PurchaseOrderLine
	}
	return lines
}

var purchaseOrderView = sync.OnceValue(func() string {
	return `SELECT ` + columns[models.PurchaseOrder]("o") + `, s.code AS supplier_code, s.name AS supplier_name, s.email AS supplier_email,
		d.code AS department_code, d.name AS department_name, r.number AS requisition_number, u.name AS requester_name,
		(SELECT count(*) FROM purchase_order_lines l WHERE l.tenant_id = o.tenant_id AND l.purchase_order_id = o.id) AS line_count,
		(SELECT count(*) FROM supplier_invoices i JOIN supplier_invoice_lines x ON x.tenant_id = i.tenant_id AND x.supplier_invoice_id = i.id
			WHERE i.tenant_id = o.tenant_id AND i.purchase_order_id = o.id AND i.voided_at IS NULL AND x.status = 'blocked') AS blocked_lines
		FROM purchase_orders o
		JOIN suppliers s ON s.tenant_id = o.tenant_id AND s.id = o.supplier_id
		LEFT JOIN departments d ON d.tenant_id = o.tenant_id AND d.id = o.department_id
		LEFT JOIN requisitions r ON r.tenant_id = o.tenant_id AND r.id = o.requisition_id
		LEFT JOIN users u ON u.tenant_id = o.tenant_id AND u.id = o.requested_by
		WHERE o.tenant_id = $1`
})

var purchaseOrderLineView = sync.OnceValue(func() string {
	return `SELECT ` + columns[models.PurchaseOrderLine]("l") + `, i.code AS item_code, i.name AS item_name, i.tracking AS item_tracking, i.unit AS item_unit,
		w.number AS work_order_number, w.title AS work_order_title, c.code AS cost_center_code, c.name AS cost_center_name,
		t.code AS asset_template_code, t.name AS asset_template_name
		FROM purchase_order_lines l
		LEFT JOIN items i ON i.tenant_id = l.tenant_id AND i.id = l.item_id
		LEFT JOIN work_orders w ON w.tenant_id = l.tenant_id AND w.id = l.work_order_id
		LEFT JOIN cost_centers c ON c.tenant_id = l.tenant_id AND c.id = l.cost_center_id
		LEFT JOIN asset_templates t ON t.tenant_id = l.tenant_id AND t.id = l.asset_template_id
		WHERE l.tenant_id = $1 AND l.purchase_order_id = $2 ORDER BY l.line`
})

// queuePurchaseOrder reads one order and its lines with what else the batch does.
func queuePurchaseOrder(b *pgx.Batch, tenant, id uuid.UUID, found *[]PurchaseOrderView, lines *[]PurchaseOrderLineView) {
	b.Queue(purchaseOrderView()+` AND o.id = $2`, tenant, id).Query(func(r pgx.Rows) (err error) {
		*found, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[PurchaseOrderView])
		return err
	})
	b.Queue(purchaseOrderLineView(), tenant, id).Query(func(r pgx.Rows) (err error) {
		*lines, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[PurchaseOrderLineView])
		return err
	})
}

func purchaseOrderFound(found []PurchaseOrderView, lines []PurchaseOrderLineView) (PurchaseOrderView, error) {
	if len(found) == 0 {
		return PurchaseOrderView{}, models.NotFound("purchase_order")
	}
	found[0].Lines = lines
	return found[0], nil
}

// PurchaseOrder reads one purchase order with its lines; CodeNotFound where the actor's tenant does not have it.
func (s *Store) PurchaseOrder(ctx context.Context, id uuid.UUID) (PurchaseOrderView, error) {
	actor, _ := models.ActorFrom(ctx)
	var found []PurchaseOrderView
	var lines []PurchaseOrderLineView
	if err := s.readBatch(ctx, func(b *pgx.Batch) { queuePurchaseOrder(b, actor.TenantID, id, &found, &lines) }); err != nil {
		return PurchaseOrderView{}, err
	}
	return purchaseOrderFound(found, lines)
}

// AdmitPurchaseOrder writes the command row of a create and draws the order's number. A work order that the actor does not see is refused here: the process
// that creates acts without the actor's locations.
func (s *Store) AdmitPurchaseOrder(ctx context.Context, id uuid.UUID, n models.NewPurchaseOrder) (models.Command, error) {
	body, err := json.Marshal(models.PurchaseOrderCommand{New: &n})
	if err != nil {
		return models.Command{}, err
	}
	if err := s.mustSeeLines(ctx, n.Lines); err != nil {
		return models.Command{}, err
	}
	return s.admit(ctx, insertPurchaseOrderCreate, purchaseOrderCommand(id, models.PurchaseOrderCreate, body), func(*pgx.Batch) {})
}

// mustSeeLines refuses lines that charge a work order outside the actor's locations.
func (s *Store) mustSeeLines(ctx context.Context, lines []models.NewPurchaseOrderLine) error {
	return s.mustSeeEach(ctx, "work_order_id", `SELECT w.id FROM work_orders w WHERE w.tenant_id = $1 AND w.id = ANY ($2)`, "w.location_id",
		len(lines), func(i int) *uuid.UUID { return lines[i].WorkOrderID })
}

// mustSeeEach refuses those of n lines that name, in field, a row outside the actor's locations.
func (s *Store) mustSeeEach(ctx context.Context, field, query, place string, n int, named func(int) *uuid.UUID) error {
	actor, _ := models.ActorFrom(ctx)
	ids := []uuid.UUID{}
	for i := range n {
		if id := named(i); id != nil {
			ids = append(ids, *id)
		}
	}
	if !actor.Scoped() || len(ids) == 0 {
		return nil
	}
	query, args := within(actor, query, place, actor.TenantID, ids)
	seen, err := readValues[uuid.UUID](ctx, s, query, args...)
	if err != nil {
		return err
	}
	var f models.Faults
	for i := range n {
		if id := named(i); id != nil {
			f.Add(!slices.Contains(seen, *id), fmt.Sprintf("/lines/%d/%s", i, field), "not_found", "There is no such %s.", words(strings.TrimSuffix(field, "_id")))
		}
	}
	return f.Err()
}

// AdmitPurchaseOrderCommand writes the command row of a state change, draws the number of a goods receipt and reads the order as it is
// before it. Places outside the
// actor's locations are refused here: the process acts without them.
func (s *Store) AdmitPurchaseOrderCommand(
	ctx context.Context, id uuid.UUID, name models.PurchaseOrderCommandName, c models.PurchaseOrderCommand,
) (PurchaseOrderView, models.Command, error) {
	actor, _ := models.ActorFrom(ctx)
	body, err := json.Marshal(c)
	if err != nil {
		return PurchaseOrderView{}, models.Command{}, err
	}
	insert := insertCommand
	if c.Receipt != nil {
		insert = insertGoodsReceipt
		if err := s.mustSeeEach(ctx, "location_id", `SELECT l.id FROM locations l WHERE l.tenant_id = $1 AND l.id = ANY ($2)`, "l.id",
			len(c.Receipt.Lines), func(i int) *uuid.UUID { return c.Receipt.Lines[i].LocationID }); err != nil {
			return PurchaseOrderView{}, models.Command{}, err
		}
	}
	var found []PurchaseOrderView
	var lines []PurchaseOrderLineView
	command, err := s.admit(ctx, insert, purchaseOrderCommand(id, name, body), func(b *pgx.Batch) {
		queuePurchaseOrder(b, actor.TenantID, id, &found, &lines)
	})
	if err != nil {
		return PurchaseOrderView{}, command, err
	}
	view, err := purchaseOrderFound(found, lines)
	return view, command, err
}

func purchaseOrderCommand(id uuid.UUID, name models.PurchaseOrderCommandName, body json.RawMessage) models.Command {
	return models.Command{Name: "purchase_order." + string(name), SubjectType: "purchase_order", SubjectID: id, Body: body}
}

// LoadPurchaseOrder reads the row for its process, with how its approval case stands, and notes that the process runs. Nil when
// there is no such row.
func (s *Store) LoadPurchaseOrder(ctx context.Context, id uuid.UUID) (*models.PurchaseOrder, models.ApprovalStatus, error) {
	var found []models.PurchaseOrder
	var approval models.ApprovalStatus
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		if found, err = txRead[models.PurchaseOrder](tx, `UPDATE purchase_orders o SET process_started_at = coalesce(process_started_at, $3)
			WHERE o.tenant_id = $1 AND o.id = $2 RETURNING `+columns[models.PurchaseOrder]("o"), tx.Actor.TenantID, id, tx.Now); err != nil {
			return err
		}
		if len(found) > 0 {
			approval, err = tx.approvalStatus(found[0])
		}
		return err
	})
	if err != nil || len(found) == 0 {
		return nil, "", err
	}
	return &found[0], approval, nil
}

// RunPurchaseOrderCommand carries out an admitted command in one transaction: the row is locked, the state table asked, row,
// lines, what was received, audit event and command row are written. A repeat returns the first outcome.
func (s *Store) RunPurchaseOrderCommand(
	ctx context.Context, id, commandID uuid.UUID, name models.PurchaseOrderCommandName,
) (CommandOutcome, error) {
	var reads purchaseOrderReads
	return carryOut(ctx, s, commandID, func(tx *Tx, b *pgx.Batch) {
		reads.queue(tx, b, id, name)
	}, func(tx *Tx, body models.PurchaseOrderCommand) (CommandOutcome, error) {
		var o models.PurchaseOrder
		var err error
		switch {
		case name == models.PurchaseOrderCreate:
			o, err = tx.createPurchaseOrder(id, *body.New)
		case len(reads.orders) == 0:
			return CommandOutcome{}, models.NotFound("purchase_order")
		default:
			o, err = tx.commandPurchaseOrder(reads, name, body)
		}
		if err != nil {
			return CommandOutcome{}, err
		}
		action, at := o.NextAction()
		return CommandOutcome{
			ID: o.ID, Number: o.Number, Status: string(o.Status), Version: o.Version, At: o.UpdatedAt,
			Over: action == models.PurchaseOrderEnd, Action: string(action), NextAt: at,
		}, nil
	})
}

// purchaseOrderReads is what a command on an order is judged by, read in the round trip of its command row.
type purchaseOrderReads struct {
	orders   []models.PurchaseOrder     // the locked row; none of a create
	lines    []models.PurchaseOrderLine // of it
	policies []models.ApprovalPolicy    // of a submission
}

func (r *purchaseOrderReads) queue(tx *Tx, b *pgx.Batch, id uuid.UUID, name models.PurchaseOrderCommandName) {
	if name == models.PurchaseOrderCreate {
		return
	}
	queueLockPurchaseOrder(b, tx.Actor.TenantID, id, &r.orders, &r.lines)
	if name == models.PurchaseOrderSubmit {
		queuePolicies(b, tx.Actor.TenantID, models.ApprovalOfPurchaseOrder, &r.policies)
	}
}

var lockPurchaseOrder = sync.OnceValue(func() string {
	return `SELECT ` + columns[models.PurchaseOrder]("o") + ` FROM purchase_orders o WHERE o.tenant_id = $1 AND o.id = $2 FOR NO KEY UPDATE`
})

var selectPurchaseOrderLines = sync.OnceValue(func() string {
	return `SELECT ` + columns[models.PurchaseOrderLine]("l") + ` FROM purchase_order_lines l
		WHERE l.tenant_id = $1 AND l.purchase_order_id = $2 ORDER BY l.line`
})

func queueLockPurchaseOrder(b *pgx.Batch, tenant, id uuid.UUID, orders *[]models.PurchaseOrder, lines *[]models.PurchaseOrderLine) {
	b.Queue(lockPurchaseOrder(), tenant, id).Query(func(r pgx.Rows) (err error) {
		*orders, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[models.PurchaseOrder])
		return err
	})
	b.Queue(selectPurchaseOrderLines(), tenant, id).Query(func(r pgx.Rows) (err error) {
		*lines, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[models.PurchaseOrderLine])
		return err
	})
}

// lockPurchaseOrder reads an order and its lines and holds them until the commit.
func (tx *Tx) lockPurchaseOrder(id uuid.UUID) (models.PurchaseOrder, []models.PurchaseOrderLine, error) {
	var orders []models.PurchaseOrder
	var lines []models.PurchaseOrderLine
	batch := &pgx.Batch{}
	queueLockPurchaseOrder(batch, tx.Actor.TenantID, id, &orders, &lines)
	if err := tx.send(batch); err != nil {
		return models.PurchaseOrder{}, nil, err
	}
	if len(orders) == 0 {
		return models.PurchaseOrder{}, nil, models.NotFound("purchase_order")
	}
	return orders[0], lines, nil
}

func (tx *Tx) createPurchaseOrder(id uuid.UUID, n models.NewPurchaseOrder) (models.PurchaseOrder, error) {
	terms, err := tx.purchaseTerms(&n)
	if err != nil {
		return models.PurchaseOrder{}, err
	}
	var by *uuid.UUID
	if tx.Actor.UserID != uuid.Nil {
		by = &tx.Actor.UserID
	}
	o, lines := models.CreatePurchaseOrder(tx.Actor.TenantID, id, n, terms, by, tx.Now)
	if o.Number, err = tx.drawnNumber("PO", n.Count); err != nil {
		return models.PurchaseOrder{}, err
	}
	return o, tx.insertPurchaseOrder(&o, lines)
}

// insertPurchaseOrder writes a new order with its lines.
func (tx *Tx) insertPurchaseOrder(o *models.PurchaseOrder, lines []models.PurchaseOrderLine) error {
	if err := queueCreate(tx, o); err != nil {
		return err
	}
	if err := queueCreate(tx, &lines); err != nil {
		return err
	}
	if o.RequisitionID != nil {
		if err := tx.orderRequisition(*o.RequisitionID, o.ID); err != nil {
			return err
		}
	}
	return tx.Audit(Change{Action: "purchase_order.create", SubjectType: "purchase_order", SubjectID: o.ID, After: o})
}

// commandPurchaseOrder carries a command out on a locked order.
func (tx *Tx) commandPurchaseOrder(
	reads purchaseOrderReads, name models.PurchaseOrderCommandName, c models.PurchaseOrderCommand,
) (models.PurchaseOrder, error) {
	o, lines := reads.orders[0], slices.Clone(reads.lines)
	if c.IfVersion != nil && *c.IfVersion != o.Version {
		return o, versionMismatch(o.Version)
	}
	if err := o.Apply(name, c, lines, tx.Now); err != nil {
		return o, err
	}
	if err := tx.followPurchaseOrder(name, c, reads, &o, lines); err != nil {
		return o, err
	}
	tx.noteProcess(&o.ProcessStartedAt)
	return o, tx.savePurchaseOrder(&reads.orders[0], &o, string(name), c.Reason)
}

// followPurchaseOrder does what a command brings about outside the order's row. reads has the order as it was before.
func (tx *Tx) followPurchaseOrder(
	name models.PurchaseOrderCommandName, c models.PurchaseOrderCommand, reads purchaseOrderReads, o *models.PurchaseOrder,
	lines []models.PurchaseOrderLine,
) error {
	switch name {
	case models.PurchaseOrderSubmit:
		return tx.submitForApproval(reads.policies, o, lines)
	case models.PurchaseOrderWithdraw, models.PurchaseOrderCancel:
		if err := tx.withdrawFromApproval(reads.orders[0], c.Reason); err != nil {
			return err
		}
		if name != models.PurchaseOrderCancel {
			return nil
		}
		if err := tx.mayCancel(*o); err != nil || o.RequisitionID == nil {
			return err
		}
		return tx.reopenRequisition(*o, c.Reason)
	case models.PurchaseOrderReceive, models.PurchaseOrderReturn:
		if err := tx.postGoods(*o, reads.lines, name, c); err != nil {
			return err
		}
		if slices.ContainsFunc(lines, models.PurchaseOrderLine.Charged) {
			if err := tx.rematch(*o, lines); err != nil {
				return err
			}
		}
		tx.saveLines(reads.lines, lines)
	case models.PurchaseOrderClose:
		if err := tx.mayClose(*o, lines); err != nil || o.RequisitionID == nil || slices.ContainsFunc(lines, cameOf) {
			return err
		}
		return tx.reopenRequisition(*o, c.Reason)
	case models.PurchaseOrderCreate, models.PurchaseOrderSend:
	}
	return nil
}

// cameOf reports whether something of a line was received and kept.
func cameOf(l models.PurchaseOrderLine) bool { return l.Received.IsPositive() }

// mayCancel refuses to cancel what was invoiced: the invoice is voided first.
func (tx *Tx) mayCancel(o models.PurchaseOrder) error {
	numbers, err := txValues[string](tx, `SELECT number FROM supplier_invoices WHERE tenant_id = $1 AND purchase_order_id = $2
		AND voided_at IS NULL ORDER BY number LIMIT 1`, o.TenantID, o.ID)
	if err == nil && len(numbers) > 0 {
		return models.Conflict("Invoice %s was entered for it.", numbers[0])
	}
	return err
}

// mayClose refuses to close an order while a line of an invoice on it is blocked.
func (tx *Tx) mayClose(o models.PurchaseOrder, lines []models.PurchaseOrderLine) error {
	if !slices.ContainsFunc(lines, models.PurchaseOrderLine.Charged) {
		return nil
	}
	numbers, err := txValues[string](tx, `SELECT i.number FROM supplier_invoices i
		JOIN supplier_invoice_lines x ON x.tenant_id = i.tenant_id AND x.supplier_invoice_id = i.id
		WHERE i.tenant_id = $1 AND i.purchase_order_id = $2 AND i.voided_at IS NULL AND x.status = 'blocked' ORDER BY i.number LIMIT 1`, o.TenantID, o.ID)
	if err == nil && len(numbers) > 0 {
		return models.Conflict("Invoice %s has lines that are blocked: release them or void it.", numbers[0])
	}
	return err
}

// savePurchaseOrder writes what changed, with the audit event purchase_order.<verb>, or none without a verb, provided that the row still
// is as it was read.
func (tx *Tx) savePurchaseOrder(before, o *models.PurchaseOrder, verb, reason string) error {
	c := Change{SubjectType: "purchase_order", SubjectID: o.ID, Reason: reason}
	if verb != "" {
		c.Action = "purchase_order." + verb
	}
	return updateChanged(tx, c, before.Version, before, o, models.Conflict("The purchase order was changed meanwhile."))
}

// saveLines writes what was received and invoiced of the lines.
func (tx *Tx) saveLines(before, lines []models.PurchaseOrderLine) {
	for i, l := range lines {
		if !l.Received.Equal(before[i].Received) || !l.Invoiced.Equal(before[i].Invoiced) {
			tx.queue(`UPDATE purchase_order_lines SET received = $3, invoiced = $4 WHERE tenant_id = $1 AND id = $2`,
				l.TenantID, l.ID, l.Received, l.Invoiced)
		}
	}
}

// wakePurchaseOrder asks the process to read its row again.
func (tx *Tx) wakePurchaseOrder(id uuid.UUID) error {
	return tx.fact(models.Delivery{
		Kind: models.DeliverRefresh, Process: models.ProcessPurchaseOrder, SubjectID: id, Queue: models.QueueCore,
	})
}

// PurchaseOrderStep is what an automatic step found outside the database.
type PurchaseOrderStep struct {
	Document *models.Attachment // issue: the stored document
	MailedTo string             // the address that the mail went to; empty: there is none
	Refusal  string             // why the supplier's mail server refused it for good
}

// RunPurchaseOrderAction does the automatic step when the row still says that it is next and due; step tells what was done
// outside. Nil when there is no such row.
func (s *Store) RunPurchaseOrderAction(
	ctx context.Context, id uuid.UUID, action models.PurchaseOrderAction, step PurchaseOrderStep,
) (*models.PurchaseOrder, error) {
	var o models.PurchaseOrder
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		if o, err = txReadOne[models.PurchaseOrder](tx, "purchase_order", lockPurchaseOrder(), tx.Actor.TenantID, id); err != nil {
			return err
		}
		due, err := tx.purchaseOrderStepDue(o, action)
		if err != nil || !due {
			return err
		}
		before := o
		if action == models.PurchaseOrderIssue {
			if err := tx.issued(&o, step); err != nil {
				return err
			}
		}
		if action == models.PurchaseOrderReject {
			o.RejectReason, err = tx.rejectionReason(o)
			if err != nil {
				return err
			}
		}
		o.Done(action, step.Refusal, tx.Now)
		tx.noteProcess(&o.ProcessStartedAt)
		if action == models.PurchaseOrderLook || action == models.PurchaseOrderEnd {
			return tx.savePurchaseOrder(&before, &o, "", "")
		}
		if err := tx.notifyAboutPurchaseOrder(o, action, step.Refusal); err != nil {
			return err
		}
		return tx.savePurchaseOrder(&before, &o, string(action), step.Refusal)
	})
	if isNotFound(err) {
		return nil, nil //nolint:nilnil // no row, no state
	}
	return &o, err
}

func (tx *Tx) issued(o *models.PurchaseOrder, step PurchaseOrderStep) error {
	o.DocumentID, o.MailedTo = nil, step.MailedTo
	if step.Document == nil {
		return nil
	}
	o.DocumentID = &step.Document.ID
	return tx.keepDocument(*step.Document)
}

// purchaseOrderStepDue asks the locked row, and its approval case, whether the step is still the one to be done now.
func (tx *Tx) purchaseOrderStepDue(o models.PurchaseOrder, action models.PurchaseOrderAction) (bool, error) {
	switch action {
	case models.PurchaseOrderAgree, models.PurchaseOrderReject, models.PurchaseOrderReopen:
		status, err := tx.approvalStatus(o)
		return err == nil && o.ApprovalStep(status) == action, err
	case models.PurchaseOrderIssue, models.PurchaseOrderLate, models.PurchaseOrderRevoke, models.PurchaseOrderLook, models.PurchaseOrderEnd:
	}
	next, at := o.NextAction()
	return next == action && next != models.PurchaseOrderEnd && !at.After(tx.Now), nil
}

// countsAsOnOrder holds for a line l of an order o that is on its way to a storeroom: of every order that is neither closed nor
// cancelled, drafts too, so that nothing is ordered twice. What is charged directly goes to no storeroom.
const countsAsOnOrder = `l.work_order_id IS NULL AND l.cost_center_id IS NULL AND o.status NOT IN ('closed', 'cancelled')`

// askedForSQL sums what is asked for of an item i for stock by requisitions that are open: nobody ordered it yet, and it is not to be ordered
// twice. Lines from before units kept their factor count at that of today.
const askedForSQL = `(SELECT coalesce(sum(l.quantity * coalesce(l.unit_factor,
		CASE l.unit WHEN i.purchase_unit THEN i.purchase_factor WHEN i.issue_unit THEN i.issue_factor ELSE 1 END)), 0)
	FROM requisition_lines l JOIN requisitions r ON r.tenant_id = l.tenant_id AND r.id = l.requisition_id AND r.status = 'open'
	WHERE l.tenant_id = $1 AND l.item_id = i.id AND l.work_order_id IS NULL AND l.cost_center_id IS NULL)`

// onOrderSQL sums what is on order of the item named by an expression, in the tenant $1.
func onOrderSQL(item string) string {
	return `(SELECT coalesce(sum(greatest(l.quantity - l.received, 0) * l.unit_factor), 0) FROM purchase_order_lines l
		JOIN purchase_orders o ON o.tenant_id = l.tenant_id AND o.id = l.purchase_order_id
		WHERE l.tenant_id = $1 AND l.item_id = ` + item + ` AND ` + countsAsOnOrder + `)`
}
