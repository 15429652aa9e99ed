package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"mainstay/models"
)

// AssetRequestView is a transfer or disposal as people read it: with the names of what it points to.
type AssetRequestView struct {
	models.AssetRequest
	AssetCode        string
	AssetName        string
	FromLocationCode string
	FromLocationName string
	ToLocationCode   *string
	ToLocationName   *string
	ToParentCode     *string
	ToParentName     *string
	DepartmentCode   *string
	DepartmentName   *string
	CostCenterCode   *string
	CostCenterName   *string
	RequesterName    *string
}

var assetRequestView = `SELECT ` + columns[models.AssetRequest]("r") + `, a.code AS asset_code, a.name AS asset_name,
	f.code AS from_location_code, f.name AS from_location_name, l.code AS to_location_code, l.name AS to_location_name,
	p.code AS to_parent_code, p.name AS to_parent_name, d.code AS department_code, d.name AS department_name,
	k.code AS cost_center_code, k.name AS cost_center_name, u.name AS requester_name
	FROM asset_requests r
	JOIN assets a ON a.tenant_id = r.tenant_id AND a.id = r.asset_id
	JOIN locations f ON f.tenant_id = r.tenant_id AND f.id = r.from_location_id
	LEFT JOIN locations l ON l.tenant_id = r.tenant_id AND l.id = r.to_location_id
	LEFT JOIN assets p ON p.tenant_id = r.tenant_id AND p.id = r.to_parent_id
	LEFT JOIN departments d ON d.tenant_id = r.tenant_id AND d.id = r.department_id
	LEFT JOIN cost_centers k ON k.tenant_id = r.tenant_id AND k.id = r.cost_center_id
	LEFT JOIN users u ON u.tenant_id = r.tenant_id AND u.id = r.requested_by
	WHERE r.tenant_id = $1`

// requestScope lets both sides see a transfer.
func requestScope(arg int) string {
	return "(" + scopeSQL("r.from_location_id", arg) + " OR " + scopeSQL("r.to_location_id", arg) + ")"
}

// queueAssetRequest reads one request, that the actor sees by where its asset stood or is to stand, with what else the batch does.
func queueAssetRequest(b *pgx.Batch, actor models.Actor, kind models.AssetRequestKind, id uuid.UUID, found *[]AssetRequestView) {
	query, args := assetRequestView+` AND r.kind = $2 AND r.id = $3`, []any{actor.TenantID, string(kind), id}
	if actor.Scoped() {
		query, args = query+" AND "+requestScope(len(args)+1), append(args, scopeOf(actor))
	}
	b.Queue(query, args...).Query(func(rows pgx.Rows) (err error) {
		*found, err = pgx.CollectRows(rows, pgx.RowToStructByNameLax[AssetRequestView])
		return err
	})
}

func assetRequestFound(kind models.AssetRequestKind, found []AssetRequestView) (AssetRequestView, error) {
	if len(found) == 0 {
		return AssetRequestView{}, models.NotFound(string(kind))
	}
	return found[0], nil
}

// AssetRequest reads one transfer or disposal; CodeNotFound where the actor's tenant or locations do not have it.
func (s *Store) AssetRequest(ctx context.Context, kind models.AssetRequestKind, id uuid.UUID) (AssetRequestView, error) {
	actor, _ := models.ActorFrom(ctx)
	var found []AssetRequestView
	if err := s.readBatch(ctx, func(b *pgx.Batch) { queueAssetRequest(b, actor, kind, id, &found) }); err != nil {
		return AssetRequestView{}, err
	}
	return assetRequestFound(kind, found)
}

// AssetRequestFilter narrows the list of transfers or disposals. Values of one field are OR, fields are AND.
type AssetRequestFilter struct {
	Text        string // in number, or code or name of the asset
	Status      []string
	AssetIDs    []uuid.UUID
	LocationIDs []uuid.UUID // where it stood or is to stand, with descendants
}

var assetRequestOrders = map[string]order[AssetRequestView]{
	"created_at": byTime("r.created_at", func(v AssetRequestView) time.Time { return v.CreatedAt }),
	"number":     {"r.number", "text", func(v AssetRequestView) string { return v.Number }},
}

// AssetRequests lists the transfers or the disposals by created_at or number.
func (s *Store) AssetRequests(ctx context.Context, kind models.AssetRequestKind, f AssetRequestFilter, p Page) (Rows[AssetRequestView], error) {
	l := newListing(ctx, assetRequestView, "r.id", func(v AssetRequestView) string { return v.ID.String() }, assetRequestOrders)
	if actor, _ := models.ActorFrom(ctx); actor.Scoped() {
		l.and(requestScope(len(l.args)+1), scopeOf(actor))
	}
	l.and("r.kind = $%d", string(kind))
	in(l, "r.status", "text[]", f.Status)
	in(l, "r.asset_id", "uuid[]", f.AssetIDs)
	if len(f.LocationIDs) > 0 {
		l.and(`EXISTS (SELECT FROM location_paths x WHERE x.tenant_id = $1 AND x.ancestor_id = ANY ($%d::uuid[])
			AND x.descendant_id IN (r.from_location_id, r.to_location_id))`, f.LocationIDs)
	}
	if f.Text != "" {
		l.and(`(r.number || ' ' || a.code || ' ' || a.name) ILIKE $%d`, likeText(f.Text))
	}
	return l.run(ctx, s, p)
}

// AdmitAssetRequest writes the command row of a create. An asset or place that the actor does not see is refused here: the process
// acts without the actor's locations.
func (s *Store) AdmitAssetRequest(ctx context.Context, id uuid.UUID, n models.NewAssetRequest) (models.Command, error) {
	body, err := json.Marshal(models.AssetRequestCommand{New: &n})
	if err != nil {
		return models.Command{}, err
	}
	if err := s.mustSeeAsset(ctx, n); err != nil {
		return models.Command{}, err
	}
	return s.admit(ctx, insertCommand, assetRequestCommand(n.Kind, id, models.AssetRequestCreate, body), func(*pgx.Batch) {})
}

func (s *Store) mustSeeAsset(ctx context.Context, n models.NewAssetRequest) error {
	actor, _ := models.ActorFrom(ctx)
	var f models.Faults
	for _, ref := range []struct {
		id                   *uuid.UUID
		field, table, column string
	}{
		{&n.AssetID, "asset_id", "assets", "location_id"},
		{n.ToParentID, "to_parent_id", "assets", "location_id"},
		{n.ToLocationID, "to_location_id", "locations", "id"},
	} {
		if ref.id == nil {
			continue
		}
		query, args := within(actor, `SELECT t.id FROM `+ref.table+` t WHERE t.tenant_id = $1 AND t.id = $2`, "t."+ref.column, actor.TenantID, *ref.id)
		seen, err := readValues[uuid.UUID](ctx, s, query, args...)
		if err != nil {
			return err
		}
		f.Add(len(seen) == 0, "/"+ref.field, "not_found", "There is no such %s.", words(nounOfTable(ref.table)))
	}
	return f.Err()
}

func nounOfTable(table string) string { return table[:len(table)-1] }

// AdmitAssetRequestCommand writes the command row of a state change and reads the request as it is before it.
func (s *Store) AdmitAssetRequestCommand(
	ctx context.Context, kind models.AssetRequestKind, id uuid.UUID, name models.AssetRequestCommandName, c models.AssetRequestCommand,
) (AssetRequestView, models.Command, error) {
	actor, _ := models.ActorFrom(ctx)
	body, err := json.Marshal(c)
	if err != nil {
		return AssetRequestView{}, models.Command{}, err
	}
	var found []AssetRequestView
	command, err := s.admit(ctx, insertCommand, assetRequestCommand(kind, id, name, body), func(b *pgx.Batch) {
		queueAssetRequest(b, actor, kind, id, &found)
	})
	if err != nil {
		return AssetRequestView{}, command, err
	}
	view, err := assetRequestFound(kind, found)
	return view, command, err
}

func assetRequestCommand(kind models.AssetRequestKind, id uuid.UUID, name models.AssetRequestCommandName, body json.RawMessage) models.Command {
	return models.Command{Name: string(kind) + "." + string(name), SubjectType: string(kind), SubjectID: id, Body: body}
}

// LoadAssetRequest reads the row for its process, with how its approval case stands, and notes that the process runs. Nil when there
// is no such row.
func (s *Store) LoadAssetRequest(ctx context.Context, id uuid.UUID) (*models.AssetRequest, models.ApprovalStatus, error) {
	var found []models.AssetRequest
	var approval models.ApprovalStatus
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		if found, err = txRead[models.AssetRequest](tx, `UPDATE asset_requests r SET process_started_at = coalesce(process_started_at, $3)
			WHERE r.tenant_id = $1 AND r.id = $2 RETURNING `+columns[models.AssetRequest]("r"), tx.Actor.TenantID, id, tx.Now); err != nil {
			return err
		}
		if len(found) > 0 {
			approval, _, err = tx.assetRequestCase(found[0])
		}
		return err
	})
	if err != nil || len(found) == 0 {
		return nil, "", err
	}
	return &found[0], approval, nil
}

// RunAssetRequestCommand carries out an admitted command in one transaction: request, asset, approval case, audit events and command
// row. A repeat returns the first outcome.
func (s *Store) RunAssetRequestCommand(
	ctx context.Context, id, commandID uuid.UUID, name models.AssetRequestCommandName,
) (CommandOutcome, error) {
	return carryOut(ctx, s, commandID, readNothing, func(tx *Tx, body models.AssetRequestCommand) (CommandOutcome, error) {
		var r models.AssetRequest
		var err error
		if name == models.AssetRequestCreate {
			r, err = tx.createAssetRequest(id, *body.New)
		} else {
			r, err = tx.commandAssetRequest(id, name, body)
		}
		if err != nil {
			return CommandOutcome{}, err
		}
		action, at := r.NextAction()
		return CommandOutcome{
			ID: r.ID, Number: r.Number, Status: string(r.Status), Version: r.Version, At: r.UpdatedAt,
			Over: action == models.AssetRequestEnd, Action: string(action), NextAt: at,
		}, nil
	})
}

func (tx *Tx) lockAssetRequest(id uuid.UUID) (models.AssetRequest, error) {
	return txReadOne[models.AssetRequest](tx, "asset_request", `SELECT `+columns[models.AssetRequest]("r")+` FROM asset_requests r
		WHERE r.tenant_id = $1 AND r.id = $2 FOR NO KEY UPDATE`, tx.Actor.TenantID, id)
}

func (tx *Tx) lockAsset(id uuid.UUID) (models.Asset, error) {
	return txReadOne[models.Asset](tx, "asset", assetRow+` FOR NO KEY UPDATE OF a`, tx.Actor.TenantID, id)
}

// createAssetRequest reserves the asset and asks whoever has to decide.
func (tx *Tx) createAssetRequest(id uuid.UUID, n models.NewAssetRequest) (models.AssetRequest, error) {
	a, err := tx.lockAsset(n.AssetID)
	if isNotFound(err) {
		return models.AssetRequest{}, models.InvalidField("/asset_id", "not_found", "There is no such asset.")
	}
	if err != nil {
		return models.AssetRequest{}, err
	}
	if err := a.MayRequest(n.Kind); err != nil {
		return models.AssetRequest{}, err
	}
	if err := tx.mayBegin(n, a); err != nil {
		return models.AssetRequest{}, err
	}
	worth, err := tx.assetWorth(a)
	if err != nil {
		return models.AssetRequest{}, err
	}
	var by *uuid.UUID
	if tx.Actor.UserID != uuid.Nil {
		by = &tx.Actor.UserID
	}
	amount := worth.Amount
	if n.Proceeds != nil && n.Proceeds.GreaterThan(amount) {
		amount = *n.Proceeds
	}
	r := models.CreateAssetRequest(id, n, a, amount, worth.Currency, worth.zone, by, tx.Now)
	if r.Number, err = tx.nextNumber(map[models.AssetRequestKind]string{models.ApprovalOfTransfer: "AT", models.ApprovalOfDisposal: "AD"}[n.Kind]); err != nil {
		return models.AssetRequest{}, err
	}
	subject, err := tx.assetRequestSubject(r, a)
	if err != nil {
		return models.AssetRequest{}, err
	}
	opened, err := tx.openApproval(subject)
	if err != nil {
		return models.AssetRequest{}, err
	}
	if opened != nil {
		r.AwaitApproval(*opened)
	}
	if err := create(tx, &r); err != nil {
		return models.AssetRequest{}, err
	}
	if err := tx.changeCustody(a, models.CustodyReserved, "reserve", r.Number); err != nil {
		return models.AssetRequest{}, err
	}
	return r, tx.Audit(Change{Action: string(r.Kind) + ".create", SubjectType: string(r.Kind), SubjectID: r.ID, After: &r, Reason: r.Reason})
}

// mayBegin refuses a request that could not be carried out as things stand.
func (tx *Tx) mayBegin(n models.NewAssetRequest, a models.Asset) error {
	if n.Kind == models.ApprovalOfDisposal {
		return tx.mayRetire(&a)
	}
	before := a
	if n.DepartmentID != nil {
		a.DepartmentID = n.DepartmentID
	}
	if n.CostCenterID != nil {
		a.CostCenterID = n.CostCenterID
	}
	err := tx.placeAsset(&a, before, moveOf(*n.ToLocationID, n.ToParentID, n.Reason))
	if e := models.AsError(err); e != nil { // the request names the place otherwise than a move
		for i, field := range e.Fields {
			if field.Pointer == "/location_id" || field.Pointer == "/parent_id" {
				e.Fields[i].Pointer = "/to_" + field.Pointer[1:]
			}
		}
	}
	return err
}

func (tx *Tx) changeCustody(a models.Asset, custody models.Custody, verb, number string) error {
	before := a
	a.Custody = custody
	a.Version++
	a.UpdatedAt = tx.Now
	return writeChanged(tx, verb, number, &before, &a)
}

// commandAssetRequest carries a command out on its request. Cancelling gives the asset free and withdraws the approval.
func (tx *Tx) commandAssetRequest(id uuid.UUID, name models.AssetRequestCommandName, c models.AssetRequestCommand) (models.AssetRequest, error) {
	r, err := tx.lockAssetRequest(id)
	if err != nil {
		return r, err
	}
	if c.IfVersion != nil && *c.IfVersion != r.Version {
		return r, versionMismatch(r.Version)
	}
	before := r
	if err := r.Apply(name, c, tx.Now); err != nil {
		return r, err
	}
	if r.Status == models.AssetRequestCancelled {
		if err := tx.releaseAsset(r); err != nil {
			return r, err
		}
		if before.Status == models.AssetRequestPendingApproval && r.ApprovalCaseID != nil {
			if err := tx.withdrawApproval(*r.ApprovalCaseID, c.Reason); err != nil {
				return r, err
			}
		}
	}
	tx.noteProcess(&r.ProcessStartedAt)
	return r, tx.saveAssetRequest(&before, &r, string(name), c.Reason)
}

// releaseAsset takes back what the request had reserved; a person may have done so before.
func (tx *Tx) releaseAsset(r models.AssetRequest) error {
	a, err := tx.lockAsset(r.AssetID)
	if err != nil || a.Custody != models.CustodyReserved {
		return err
	}
	return tx.changeCustody(a, models.CustodyAvailable, "release", r.Number)
}

// saveAssetRequest writes what changed with the audit event <kind>.<verb>, or none without a verb.
func (tx *Tx) saveAssetRequest(before, r *models.AssetRequest, verb, reason string) error {
	c := Change{SubjectType: string(r.Kind), SubjectID: r.ID, Reason: reason}
	if verb != "" {
		c.Action = string(r.Kind) + "." + verb
	}
	return updateChanged(tx, c, before.Version, before, r, models.Conflict("The request was changed meanwhile."))
}

// RunAssetRequestAction does the automatic step when the row, or its approval case, still says that it is next and due. Nil when
// there is no such row.
func (s *Store) RunAssetRequestAction(ctx context.Context, id uuid.UUID, action models.AssetRequestAction) (*models.AssetRequest, error) {
	var r models.AssetRequest
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		if r, err = tx.lockAssetRequest(id); err != nil {
			return err
		}
		status, said, err := tx.assetRequestCase(r)
		if err != nil {
			return err
		}
		if !assetRequestStepDue(r, status, action, tx.Now) {
			return nil
		}
		before := r
		why, err := tx.doAssetRequest(r, action, said)
		if err != nil {
			return err
		}
		r.Done(action, why, tx.Now)
		tx.noteProcess(&r.ProcessStartedAt)
		if action == models.AssetRequestLook {
			return tx.saveAssetRequest(&before, &r, "", "")
		}
		if r.Status == models.AssetRequestBlocked {
			if err := tx.notifyBlocked(r); err != nil {
				return err
			}
		}
		return tx.saveAssetRequest(&before, &r, string(action), why)
	})
	if isNotFound(err) {
		return nil, nil //nolint:nilnil // no row, no state
	}
	return &r, err
}

func assetRequestStepDue(r models.AssetRequest, status models.ApprovalStatus, action models.AssetRequestAction, now time.Time) bool {
	if step := r.ApprovalStep(status); step != "" {
		return step == action
	}
	next, at := r.NextAction()
	return next == action && next != models.AssetRequestEnd && !at.After(now)
}

// doAssetRequest does to the asset what the step means. The answer is what stood in the way, or what the case said that ended it.
func (tx *Tx) doAssetRequest(r models.AssetRequest, action models.AssetRequestAction, said string) (string, error) {
	switch action {
	case models.AssetRequestCarryOut:
		err := tx.carryOut(r)
		if hindrance := models.AsError(err); err != nil && isHindrance(hindrance.Code) {
			return hindranceText(hindrance), nil
		}
		return "", err
	case models.AssetRequestReject, models.AssetRequestLapse:
		return said, tx.releaseAsset(r)
	case models.AssetRequestAgree, models.AssetRequestLook, models.AssetRequestEnd:
	}
	return "", nil
}

func isHindrance(code models.Code) bool {
	return code == models.CodeConflict || code == models.CodeInvalid || code == models.CodeNotFound
}

func hindranceText(e *models.Error) string {
	if len(e.Fields) > 0 {
		return e.Fields[0].Detail
	}
	return e.Detail
}

// carryOut moves the asset with all below it, or disposes of it. Whatever stands in the way is found before anything is written.
func (tx *Tx) carryOut(r models.AssetRequest) error {
	a, err := tx.lockAsset(r.AssetID)
	if err != nil {
		return err
	}
	before := a
	if a.Custody == models.CustodyReserved {
		a.Custody = models.CustodyAvailable
	}
	if err := a.MayRequest(r.Kind); err != nil {
		return err
	}
	if a.LocationID != r.FromLocationID {
		return models.Conflict("It was moved after this was asked for.")
	}
	verb := "transfer"
	if r.Kind == models.ApprovalOfDisposal {
		verb, err = "dispose", tx.disposeOf(&a, before)
	} else {
		err = tx.transfer(r, &a, before)
	}
	if err != nil {
		return err
	}
	a.Version++
	a.UpdatedAt = tx.Now
	return writeChanged(tx, verb, r.Number, &before, &a)
}

func (tx *Tx) disposeOf(a *models.Asset, before models.Asset) error {
	if err := tx.mayRetire(a); err != nil {
		return err
	}
	a.Dispose()
	if before.OperatingState != models.AssetDown {
		return nil
	}
	return tx.closeDowntimes(a.ID)
}

// transfer takes the asset where it is wanted; its schedules and open work orders follow. Nobody takes it away from who works on it.
func (tx *Tx) transfer(r models.AssetRequest, a *models.Asset, before models.Asset) error {
	busy, err := txValues[string](tx, `WITH RECURSIVE whole AS (SELECT $2::uuid AS id
			UNION ALL SELECT c.id FROM assets c JOIN whole w ON c.parent_id = w.id WHERE c.tenant_id = $1)
		SELECT number FROM work_orders WHERE tenant_id = $1 AND status = 'in_progress' AND asset_id IN (SELECT id FROM whole)
		ORDER BY number LIMIT 1`, a.TenantID, a.ID)
	if err != nil {
		return err
	}
	if len(busy) > 0 {
		return models.Conflict("Work order %s is in progress on it.", busy[0])
	}
	n := moveOf(*r.ToLocationID, r.ToParentID, r.Number+": "+r.Reason)
	if r.DepartmentID != nil {
		a.DepartmentID = r.DepartmentID
	}
	if r.CostCenterID != nil {
		a.CostCenterID = r.CostCenterID
	}
	if err := tx.placeAsset(a, before, n); err != nil {
		return err
	}
	return tx.carryAlong(*a, before, n)
}

// moveOf is a move that sets the parent: without one the asset stands alone at its new place.
func moveOf(location uuid.UUID, parent *uuid.UUID, reason string) models.NewAssetMove {
	return models.NewAssetMove{LocationID: location, SetParent: true, ParentID: parent, Reason: reason}
}
