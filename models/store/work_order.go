package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"mainstay/models"
)

// Ref names a row beside its id.
type Ref struct {
	ID   uuid.UUID `json:"id"`
	Code string    `json:"code"`
	Name string    `json:"name"`
}

// Place is where work happens: the asset, if one is named, its location and that location's site.
type Place struct {
	AssetID      *uuid.UUID
	AssetCode    *string
	AssetName    *string
	LocationID   uuid.UUID
	LocationCode string
	LocationName string
	SiteID       uuid.UUID
	SiteCode     string
	SiteName     string
	TimeZone     string
	Currency     string // of the tenant
}

// selectPlace finds the place of what asked names, a query of one row with asset_id and location_id. The asset decides the location
// where both are given.
func selectPlace(asked string) string {
	return `SELECT a.id AS asset_id, a.code AS asset_code, a.name AS asset_name, l.id AS location_id,
	l.code AS location_code, l.name AS location_name, l.site_id, s.code AS site_code, s.name AS site_name, l.time_zone,
	(SELECT currency FROM tenants WHERE id = $1) AS currency
	FROM (` + asked + `) q LEFT JOIN assets a ON a.tenant_id = $1 AND a.id = q.asset_id
	JOIN locations l ON l.tenant_id = $1 AND l.id = CASE WHEN q.asset_id IS NULL THEN q.location_id ELSE a.location_id END
	JOIN locations s ON s.tenant_id = $1 AND s.id = l.site_id
	WHERE l.archived_at IS NULL AND a.archived_at IS NULL`
}

var (
	selectPlaceNamed    = selectPlace(`SELECT $2::uuid AS asset_id, $3::uuid AS location_id`)
	selectPlaceAdmitted = selectPlace(`SELECT (body #>> '{new,asset_id}')::uuid AS asset_id, (body #>> '{new,location_id}')::uuid AS location_id
		FROM commands WHERE tenant_id = $1 AND id = $2`)
)

// placeOf is the query of the place of some work, where the actor sees it, and its arguments.
func placeOf(actor models.Actor, asset *uuid.UUID, location uuid.UUID) (string, []any) {
	return within(actor, selectPlaceNamed, "l.id", actor.TenantID, asset, location)
}

func placeFound(found []Place, asset *uuid.UUID) (Place, error) {
	switch {
	case len(found) == 1:
		return found[0], nil
	case asset != nil:
		return Place{}, models.InvalidField("/asset_id", "not_found", "There is no such asset.")
	}
	return Place{}, models.InvalidField("/location_id", "not_found", "There is no such location.")
}

// WorkOrderView is a work order as people read it: with the names of what it points to.
type WorkOrderView struct {
	models.WorkOrder
	AssetCode      *string
	AssetName      *string
	LocationCode   string
	LocationName   string
	SiteCode       string
	SiteName       string
	TimeZone       string
	Currency       string // of the tenant
	ScheduleNumber *string
	ScheduleTitle  *string
	ParentNumber   *string
	ParentTitle    *string
	RequestNumber  *string
	RequestTitle   *string
	Assignees      []Person
}

// Person names a user.
type Person struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

const workOrderColumns = `w.tenant_id, w.id, w.number, w.title, w.description, w.type, w.priority, w.status, w.asset_id,
	w.location_id, w.site_id, w.schedule_id, w.due_key, w.work_request_id, w.parent_id, w.due_on, w.due_at, w.start_on,
	w.planned_hours, w.estimated_cost, w.approval_case_id, w.resolution, w.failure_mode, w.failure_mechanism, w.failure_cause, w.failure_remedy,
	w.hold_reason, w.cancel_reason, w.requested_by, w.import_key, w.approved_at, w.started_at, w.completed_at, w.closed_at,
	w.cancelled_at, w.reminded_at, w.overdue_at, w.escalated_at, w.next_action_at, w.process_started_at, w.version,
	w.created_at, w.updated_at`

const workOrderView = `SELECT ` + workOrderColumns + `, a.code AS asset_code, a.name AS asset_name, l.code AS location_code,
	l.name AS location_name, s.code AS site_code, s.name AS site_name, l.time_zone, (SELECT currency FROM tenants WHERE id = $1) AS currency, m.number AS schedule_number, m.title AS schedule_title,
	p.number AS parent_number, p.title AS parent_title, r.number AS request_number, r.title AS request_title,
	(SELECT coalesce(json_agg(json_build_object('id', u.id, 'name', u.name) ORDER BY u.name), '[]')
		FROM work_order_assignees x JOIN users u ON u.tenant_id = x.tenant_id AND u.id = x.user_id
		WHERE x.tenant_id = w.tenant_id AND x.work_order_id = w.id) AS assignees
	FROM work_orders w
	JOIN locations l ON l.tenant_id = w.tenant_id AND l.id = w.location_id
	JOIN locations s ON s.tenant_id = w.tenant_id AND s.id = w.site_id
	LEFT JOIN assets a ON a.tenant_id = w.tenant_id AND a.id = w.asset_id
	LEFT JOIN maintenance_schedules m ON m.tenant_id = w.tenant_id AND m.id = w.schedule_id
	LEFT JOIN work_orders p ON p.tenant_id = w.tenant_id AND p.id = w.parent_id
	LEFT JOIN work_requests r ON r.tenant_id = w.tenant_id AND r.id = w.work_request_id
	WHERE w.tenant_id = $1`

// workOrderByID is the query of one work order that the actor sees, and its arguments.
func workOrderByID(actor models.Actor, id uuid.UUID) (string, []any) {
	return within(actor, workOrderView+` AND w.id = $2`, "w.location_id", actor.TenantID, id)
}

// WorkOrder reads one work order; CodeNotFound where the actor's tenant or locations do not have it.
func (s *Store) WorkOrder(ctx context.Context, id uuid.UUID) (WorkOrderView, error) {
	actor, _ := models.ActorFrom(ctx)
	query, args := workOrderByID(actor, id)
	return readOne[WorkOrderView](ctx, s, "work_order", query, args...)
}

// AdmitWorkOrder writes the command row of a create, draws the order's number and resolves the place of the work.
func (s *Store) AdmitWorkOrder(ctx context.Context, id uuid.UUID, n models.NewWorkOrder) (Place, models.Command, error) {
	actor, _ := models.ActorFrom(ctx)
	body, err := json.Marshal(models.WorkOrderCommand{New: &n})
	if err != nil {
		return Place{}, models.Command{}, err
	}
	var places []Place
	command, err := s.admit(ctx, insertWorkOrderCreate, workOrderCommand(id, models.WorkOrderCreate, body), func(b *pgx.Batch) {
		query, args := placeOf(actor, n.AssetID, n.LocationID)
		b.Queue(query, args...).Query(func(r pgx.Rows) (err error) {
			places, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[Place])
			return err
		})
	})
	if err != nil {
		return Place{}, command, err
	}
	place, err := placeFound(places, n.AssetID)
	return place, command, err
}

// AdmitWorkOrderCommand writes the command row of a state change and reads the order as it is before it.
func (s *Store) AdmitWorkOrderCommand(
	ctx context.Context, id uuid.UUID, name models.WorkOrderCommandName, c models.WorkOrderCommand,
) (WorkOrderView, models.Command, error) {
	actor, _ := models.ActorFrom(ctx)
	body, err := json.Marshal(c)
	if err != nil {
		return WorkOrderView{}, models.Command{}, err
	}
	var found []WorkOrderView
	command, err := s.admit(ctx, insertCommand, workOrderCommand(id, name, body), func(b *pgx.Batch) {
		query, args := workOrderByID(actor, id)
		b.Queue(query, args...).Query(func(r pgx.Rows) (err error) {
			found, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[WorkOrderView])
			return err
		})
	})
	switch {
	case err != nil:
		return WorkOrderView{}, command, err
	case len(found) == 0:
		return WorkOrderView{}, command, models.NotFound("work_order")
	}
	return found[0], command, nil
}

func workOrderCommand(id uuid.UUID, name models.WorkOrderCommandName, body json.RawMessage) models.Command {
	return models.Command{Name: "work_order." + string(name), SubjectType: "work_order", SubjectID: id, Body: body}
}

// LoadedWorkOrder is a work order as its process reads it.
type LoadedWorkOrder struct {
	models.WorkOrder
	MaterialShort  bool // one of its reservations misses something
	ApprovalStatus *models.ApprovalStatus
}

// approvalStatusSQL is the status of the approval case of the work order w.
const approvalStatusSQL = `(SELECT c.status FROM approval_cases c WHERE c.tenant_id = w.tenant_id AND c.id = w.approval_case_id)`

// shortSQL tells whether a reservation of the work order w misses something.
const shortSQL = `EXISTS (SELECT FROM reservations r WHERE r.tenant_id = w.tenant_id AND r.work_order_id = w.id AND r.status = 'backordered')`

// LoadWorkOrder reads the row for its process and notes that the process runs. Nil when there is no such row.
func (s *Store) LoadWorkOrder(ctx context.Context, id uuid.UUID) (*LoadedWorkOrder, error) {
	var found []LoadedWorkOrder
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		found, err = txRead[LoadedWorkOrder](tx, `UPDATE work_orders w SET process_started_at = coalesce(process_started_at, $3)
			WHERE w.tenant_id = $1 AND w.id = $2 RETURNING `+workOrderColumns+`, `+shortSQL+` AS material_short,
			`+approvalStatusSQL+` AS approval_status`, tx.Actor.TenantID, id, tx.Now)
		return err
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// workOrderReads is what a command on a work order is judged by, read in the round trip of its command row.
type workOrderReads struct {
	orders   []models.WorkOrder      // the locked row
	charging []string                // of a close: what is still ordered for it
	places   []Place                 // of a create
	policies []models.ApprovalPolicy // of a create
}

func (r *workOrderReads) queue(tx *Tx, b *pgx.Batch, id, commandID uuid.UUID, name models.WorkOrderCommandName) {
	if name == models.WorkOrderCreate {
		queuePolicies(b, tx.Actor.TenantID, models.ApprovalOfWorkOrder, &r.policies)
		b.Queue(selectPlaceAdmitted, tx.Actor.TenantID, commandID).Query(func(rows pgx.Rows) (err error) {
			r.places, err = pgx.CollectRows(rows, pgx.RowToStructByNameLax[Place])
			return err
		})
		return
	}
	b.Queue(lockWorkOrder, tx.Actor.TenantID, id).Query(func(rows pgx.Rows) (err error) {
		r.orders, err = pgx.CollectRows(rows, pgx.RowToStructByNameLax[models.WorkOrder])
		return err
	})
	if name == models.WorkOrderClose { // behind the lock: what is ordered for the work order holds it too
		b.Queue(selectCharging, tx.Actor.TenantID, id).Query(func(rows pgx.Rows) (err error) {
			r.charging, err = pgx.CollectRows(rows, pgx.RowTo[string])
			return err
		})
	}
}

// order is the row to be changed; a completed one stays open while something is ordered for it.
func (r *workOrderReads) order() (models.WorkOrder, error) {
	if len(r.orders) == 0 {
		return models.WorkOrder{}, models.NotFound("work_order")
	}
	if len(r.charging) > 0 && r.orders[0].Status == models.WorkOrderCompleted {
		return models.WorkOrder{}, models.Conflict("%s: what it was ordered for has still to come. Receive it, close the order, or take the requisition back.",
			strings.Join(r.charging, ", "))
	}
	return r.orders[0], nil
}

// RunWorkOrderCommand carries out an admitted command in one transaction: the row is locked, the state table asked, row,
// audit event and command row are written. A repeat returns the first outcome.
func (s *Store) RunWorkOrderCommand(
	ctx context.Context, id, commandID uuid.UUID, name models.WorkOrderCommandName,
) (CommandOutcome, error) {
	var reads workOrderReads
	return carryOut(ctx, s, commandID, func(tx *Tx, b *pgx.Batch) {
		reads.queue(tx, b, id, commandID, name)
	}, func(tx *Tx, body models.WorkOrderCommand) (CommandOutcome, error) {
		w, err := tx.carryOutWorkOrder(id, name, body, &reads)
		if err != nil {
			return CommandOutcome{}, err
		}
		action, at := w.NextAction()
		return CommandOutcome{
			ID: w.ID, Number: w.Number, Status: string(w.Status), Version: w.Version, At: w.UpdatedAt,
			Over: w.Status.Over(), Action: string(action), NextAt: at,
		}, nil
	})
}

func (tx *Tx) carryOutWorkOrder(
	id uuid.UUID, name models.WorkOrderCommandName, body models.WorkOrderCommand, reads *workOrderReads,
) (models.WorkOrder, error) {
	if name == models.WorkOrderCreate {
		return tx.createWorkOrder(id, *body.New, reads.places, reads.policies)
	}
	order, err := reads.order()
	if err != nil {
		return order, err
	}
	return tx.changeWorkOrder(order, name, body)
}

func (tx *Tx) createWorkOrder(
	id uuid.UUID, n models.NewWorkOrder, places []Place, policies []models.ApprovalPolicy,
) (models.WorkOrder, error) {
	place, err := placeFound(places, n.AssetID)
	if err != nil {
		return models.WorkOrder{}, err
	}
	n.LocationID, n.SiteID, n.TimeZone = place.LocationID, place.SiteID, place.TimeZone
	var by *uuid.UUID
	if tx.Actor.UserID != uuid.Nil {
		by = &tx.Actor.UserID
	}
	w, err := models.CreateWorkOrder(tx.Actor.TenantID, id, n, by, tx.Now)
	if err != nil {
		return w, err
	}
	if n.WorkRequestID != nil {
		request, err := tx.acceptWorkRequest(*n.WorkRequestID, id)
		if err != nil {
			return w, err
		}
		w.RequestedBy = &request.RequestedBy
	}
	w.Number = numbered("WO", n.Count)
	if err := tx.submitWorkOrder(&w, policies); err != nil {
		return w, err
	}
	if err := queueCreate(tx, &w); err != nil {
		return w, err
	}
	return w, tx.Audit(Change{Action: "work_order.create", SubjectType: "work_order", SubjectID: id, After: &w})
}

// changeWorkOrder carries a command out on a locked row.
func (tx *Tx) changeWorkOrder(w models.WorkOrder, name models.WorkOrderCommandName, c models.WorkOrderCommand) (models.WorkOrder, error) {
	if c.IfVersion != nil && *c.IfVersion != w.Version {
		return w, versionMismatch(w.Version)
	}
	before := w
	if err := w.Apply(name, c, tx.Now); err != nil {
		return w, err
	}
	tx.noteProcess(&w.ProcessStartedAt)
	if err := tx.saveWorkOrder(&before, &w, string(name), c.Reason); err != nil {
		return w, err
	}
	if name == models.WorkOrderAssign || name == models.WorkOrderSchedule {
		if err := tx.assignWorkOrder(w, c.AssigneeIDs); err != nil {
			return w, err
		}
	}
	if name == models.WorkOrderComplete {
		if err := tx.checkFailure(c.Failure); err != nil {
			return w, err
		}
	}
	if c.Downtime != nil {
		if w.AssetID == nil {
			return w, models.InvalidField("/downtime", "no_asset", "The work order names no asset that could stand still.")
		}
		if err := tx.recordDowntime(*w.AssetID, &w.ID, *c.Downtime); err != nil {
			return w, err
		}
	}
	if err := tx.occurrenceFollows(w, name); err != nil {
		return w, err
	}
	if err := tx.workOrderOver(before, w, c.Reason); err != nil {
		return w, err
	}
	return w, nil
}

// workOrderOver lets go of what an order held that is over now: its reservations, and the question whether it may be done.
func (tx *Tx) workOrderOver(before, w models.WorkOrder, reason string) error {
	if !w.Status.Over() {
		return nil
	}
	if before.Status == models.WorkOrderWaitingApproval && w.ApprovalCaseID != nil {
		if err := tx.withdrawApproval(*w.ApprovalCaseID, reason); err != nil {
			return err
		}
	}
	return tx.releaseReservations(w.ID)
}

// selectCharging are the numbers of what has still to come and charges a work order: orders to suppliers and open requisitions.
const selectCharging = `SELECT o.number FROM purchase_order_lines l JOIN purchase_orders o ON o.tenant_id = l.tenant_id AND o.id = l.purchase_order_id
	WHERE l.tenant_id = $1 AND l.work_order_id = $2 AND l.received < l.quantity AND o.status NOT IN ('closed', 'cancelled', 'rejected')
	UNION SELECT r.number FROM requisition_lines l JOIN requisitions r ON r.tenant_id = l.tenant_id AND r.id = l.requisition_id
	WHERE l.tenant_id = $1 AND l.work_order_id = $2 AND r.status = 'open' ORDER BY 1`

const lockWorkOrder = `SELECT ` + workOrderColumns + ` FROM work_orders w
	WHERE w.tenant_id = $1 AND w.id = $2 FOR NO KEY UPDATE`

func (tx *Tx) lockWorkOrder(id uuid.UUID) (models.WorkOrder, error) {
	return txReadOne[models.WorkOrder](tx, "work_order", lockWorkOrder, tx.Actor.TenantID, id)
}

// saveWorkOrder writes what a command, an edit or an automatic step changed, with the audit event work_order.<verb>, or none without a
// verb, provided that the row still is as it was read: otherwise the transaction fails with a conflict. It goes out with the
// transaction's last message.
func (tx *Tx) saveWorkOrder(before, w *models.WorkOrder, verb, reason string) error {
	c := Change{SubjectType: "work_order", SubjectID: w.ID, Reason: reason}
	if verb != "" {
		c.Action = "work_order." + verb
	}
	return updateChanged(tx, c, before.Version, before, w, models.Conflict("The work order was changed meanwhile."))
}

func (tx *Tx) assignWorkOrder(w models.WorkOrder, users []uuid.UUID) error {
	if _, err := tx.exec(`DELETE FROM work_order_assignees WHERE tenant_id = $1 AND work_order_id = $2 AND user_id <> ALL($3)`,
		w.TenantID, w.ID, notNull(users)); err != nil {
		return err
	}
	assigned, err := txValues[uuid.UUID](tx, `INSERT INTO work_order_assignees (tenant_id, work_order_id, user_id)
		SELECT $1, $2, u.id FROM users u WHERE u.tenant_id = $1 AND u.id = ANY ($3) AND u.disabled_at IS NULL
		ON CONFLICT DO NOTHING RETURNING user_id`, w.TenantID, w.ID, notNull(users))
	if err != nil {
		return err
	}
	if err := tx.allAssigned(w, users); err != nil {
		return err
	}
	return tx.notifyAssigned(w, assigned)
}

// allAssigned names the people who could not be assigned: unknown ones and those who left.
func (tx *Tx) allAssigned(w models.WorkOrder, users []uuid.UUID) error {
	missing, err := txValues[int](tx, `SELECT i.n::int - 1 FROM unnest($3::uuid[]) WITH ORDINALITY AS i(user_id, n)
		WHERE NOT EXISTS (SELECT FROM work_order_assignees x WHERE x.tenant_id = $1 AND x.work_order_id = $2 AND x.user_id = i.user_id)
		ORDER BY 1`, w.TenantID, w.ID, notNull(users))
	var f models.Faults
	for _, i := range missing {
		f.Add(true, fmt.Sprintf("/assignee_ids/%d", i), "not_found", "There is no such user at work.")
	}
	return errors.Join(err, f.Err())
}

// checkFailure refuses codes that the tenant's sets do not have. A kind without a set takes any code.
func (tx *Tx) checkFailure(f *models.Failure) error {
	if f == nil {
		return nil
	}
	unknown, err := txValues[string](tx, `SELECT k.kind FROM (VALUES ('mode', $2::text), ('mechanism', $3), ('cause', $4), ('remedy', $5))
			AS k(kind, code)
		WHERE k.code <> '' AND EXISTS (SELECT FROM failure_codes c WHERE c.tenant_id = $1 AND c.kind = k.kind AND c.archived_at IS NULL)
		AND NOT EXISTS (SELECT FROM failure_codes c WHERE c.tenant_id = $1 AND c.kind = k.kind AND c.code = k.code AND c.archived_at IS NULL)`,
		tx.Actor.TenantID, f.Mode, f.Mechanism, f.Cause, f.Remedy)
	if err != nil {
		return err
	}
	var faults models.Faults
	for _, kind := range unknown {
		faults.Add(true, "/failure/"+kind, "not_found", "There is no such code of a failure's %s.", kind)
	}
	return faults.Err()
}

// ChangeWorkOrder edits what is no command: version is the one that the client has seen, edit gets the tenant's currency, due
// is a new due date (nil inside: none). A changed date or priority is a fact for the process. Refused when the order is over.
func (s *Store) ChangeWorkOrder(
	ctx context.Context, id uuid.UUID, version int, edit func(w *models.WorkOrder, currency string) error, due **models.Date,
) error {
	view, err := s.WorkOrder(ctx, id) // within the actor's locations
	if err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *Tx) error {
		w, err := tx.lockWorkOrder(id)
		if err != nil {
			return err
		}
		if w.Version != version {
			return versionMismatch(w.Version)
		}
		before := w
		look, err := w.Change(func(w *models.WorkOrder) error { return edit(w, view.Currency) }, due, view.TimeZone, tx.Now)
		if err != nil {
			return err
		}
		submitted, err := tx.resubmitWorkOrder(before, &w)
		if err != nil {
			return err
		}
		if look || submitted {
			if err := tx.wakeWorkOrder(id); err != nil {
				return err
			}
		}
		return tx.saveWorkOrder(&before, &w, "change", "")
	})
}

// rezoneOrders gives the open orders of a site the end of their due day in its zone.
func (tx *Tx) rezoneOrders(site uuid.UUID) error {
	zones, err := txValues[string](tx, `SELECT time_zone FROM locations WHERE tenant_id = $1 AND id = $2`, tx.Actor.TenantID, site)
	if err != nil || len(zones) == 0 {
		return err
	}
	zone, err := models.Zone(zones[0])
	if err != nil {
		return models.InvalidField("/time_zone", "unknown", "There is no time zone %q.", zones[0])
	}
	orders, err := txRead[models.WorkOrder](tx, `SELECT `+workOrderColumns+` FROM work_orders w WHERE w.tenant_id = $1 AND w.site_id = $2
		AND w.due_on IS NOT NULL AND w.status NOT IN ('closed', 'cancelled') FOR NO KEY UPDATE`, tx.Actor.TenantID, site)
	if err != nil {
		return err
	}
	for _, w := range orders {
		before := w
		if !w.Rezone(zone, tx.Now) {
			continue
		}
		if err := tx.saveWorkOrder(&before, &w, "rezone", ""); err != nil {
			return err
		}
		if err := tx.wakeWorkOrder(w.ID); err != nil {
			return err
		}
	}
	return nil
}

// wakeWorkOrder asks the process to read its row again.
func (tx *Tx) wakeWorkOrder(id uuid.UUID) error {
	return tx.fact(models.Delivery{
		Kind: models.DeliverRefresh, Process: models.ProcessWorkOrder, SubjectID: id, Queue: models.QueueCore,
	})
}

// RunWorkOrderAction does the automatic step when the row still says that it is next and due: the people concerned are
// notified once for each cause. Nil when there is no such row.
func (s *Store) RunWorkOrderAction(ctx context.Context, id uuid.UUID, action models.WorkOrderAction) (*models.WorkOrder, error) {
	var w models.WorkOrder
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		if w, err = tx.lockWorkOrder(id); err != nil {
			return err
		}
		due, err := tx.workOrderStepDue(w, action)
		if err != nil || !due {
			return err
		}
		before, reason := w, ""
		if action == models.WorkOrderRefused {
			if reason, err = tx.refusal(*w.ApprovalCaseID); err != nil {
				return err
			}
			w.CancelReason = reason
		}
		w.Done(action, tx.Now)
		tx.noteProcess(&w.ProcessStartedAt)
		switch action {
		case models.WorkOrderLook, models.WorkOrderEnd:
			return tx.saveWorkOrder(&before, &w, "", "")
		case models.WorkOrderRemind, models.WorkOrderOverdue, models.WorkOrderEscalate:
			if err := tx.notifyAboutWorkOrder(w, action); err != nil {
				return err
			}
		case models.WorkOrderGranted: // what it waits for next, its reservations say
			if err := tx.wakeWorkOrder(id); err != nil {
				return err
			}
		case models.WorkOrderRefused:
			if err := errors.Join(tx.occurrenceFollows(w, models.WorkOrderCancel), tx.releaseReservations(id)); err != nil {
				return err
			}
		case models.WorkOrderWaitMaterial, models.WorkOrderMaterialReady:
		}
		return tx.saveWorkOrder(&before, &w, string(action), reason)
	})
	if isNotFound(err) {
		return nil, nil //nolint:nilnil // no row, no state
	}
	return &w, err
}

// workOrderStepDue asks the locked row, its reservations and its approval, whether the step is still the one to be done now.
func (tx *Tx) workOrderStepDue(w models.WorkOrder, action models.WorkOrderAction) (bool, error) {
	if action == models.WorkOrderWaitMaterial || action == models.WorkOrderMaterialReady {
		short, err := txValues[bool](tx, `SELECT `+shortSQL+` FROM work_orders w WHERE w.tenant_id = $1 AND w.id = $2`, w.TenantID, w.ID)
		return err == nil && w.MaterialStep(short[0]) == action, err
	}
	if action == models.WorkOrderGranted || action == models.WorkOrderRefused {
		if w.ApprovalCaseID == nil {
			return false, nil
		}
		c, err := tx.approvalCase(*w.ApprovalCaseID)
		return err == nil && w.ApprovalStep(c.Status) == action, err
	}
	next, at := w.NextAction()
	return next == action && next != models.WorkOrderEnd && !at.After(tx.Now), nil
}
