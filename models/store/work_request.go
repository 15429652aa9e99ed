package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// WorkRequestView is a work request with the names of what it points to.
type WorkRequestView struct {
	models.WorkRequest
	AssetCode       *string
	AssetName       *string
	LocationCode    string
	LocationName    string
	RequesterName   string
	WorkOrderNumber *string
	WorkOrderTitle  *string
}

const workRequestColumns = `r.tenant_id, r.id, r.number, r.title, r.description, r.asset_id, r.location_id, r.site_id, r.status,
	r.reject_reason, r.duplicate_of, r.work_order_id, r.requested_by, r.decided_by, r.decided_at, r.version, r.created_at, r.updated_at`

const workRequestView = `SELECT ` + workRequestColumns + `, a.code AS asset_code, a.name AS asset_name, l.code AS location_code,
	l.name AS location_name, coalesce(u.name, '') AS requester_name, w.number AS work_order_number, w.title AS work_order_title
	FROM work_requests r
	JOIN locations l ON l.tenant_id = r.tenant_id AND l.id = r.location_id
	LEFT JOIN assets a ON a.tenant_id = r.tenant_id AND a.id = r.asset_id
	LEFT JOIN users u ON u.tenant_id = r.tenant_id AND u.id = r.requested_by
	LEFT JOIN work_orders w ON w.tenant_id = r.tenant_id AND w.id = r.work_order_id
	WHERE r.tenant_id = $1`

var workRequestByID = workRequestView + ` AND r.id = $2 AND ` + scopeSQL("r.location_id", 3)

// WorkRequest reads one work request.
func (s *Store) WorkRequest(ctx context.Context, id uuid.UUID) (WorkRequestView, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[WorkRequestView](ctx, s, "work_request", workRequestByID, actor.TenantID, id, scopeOf(actor))
}

// WorkRequestFilter narrows the list of work requests. Values of one field are OR, fields are AND.
type WorkRequestFilter struct {
	Text         string // in number or title
	Status       []string
	AssetIDs     []uuid.UUID
	LocationIDs  []uuid.UUID // with what lies below them
	RequesterIDs []uuid.UUID
}

var workRequestOrders = map[string]order[WorkRequestView]{
	"created_at": byTime("r.created_at", func(v WorkRequestView) time.Time { return v.CreatedAt }),
	"number":     {"r.number", "text", func(v WorkRequestView) string { return v.Number }},
	"title":      {"r.title", "text", func(v WorkRequestView) string { return v.Title }},
}

// WorkRequests lists work requests by created_at, number or title.
func (s *Store) WorkRequests(ctx context.Context, f WorkRequestFilter, p Page) (Rows[WorkRequestView], error) {
	l := newListing(ctx, workRequestView, "r.id", func(v WorkRequestView) string { return v.ID.String() }, workRequestOrders)
	l.scope(ctx, "r.location_id")
	in(l, "r.status", "text[]", f.Status)
	in(l, "r.asset_id", "uuid[]", f.AssetIDs)
	in(l, "r.requested_by", "uuid[]", f.RequesterIDs)
	if len(f.LocationIDs) > 0 {
		l.and(`EXISTS (SELECT FROM location_paths lp WHERE lp.tenant_id = r.tenant_id AND lp.descendant_id = r.location_id
			AND lp.ancestor_id = ANY($%d::uuid[]))`, f.LocationIDs)
	}
	if f.Text != "" {
		l.and("strpos(lower(r.number || ' ' || r.title), lower($%d::text)) > 0", f.Text)
	}
	return l.run(ctx, s, p)
}

// CreateWorkRequest makes a work request with id. Repeated with the same key it makes none.
func (s *Store) CreateWorkRequest(ctx context.Context, id uuid.UUID, n models.NewWorkRequest) error {
	if err := n.Validate(); err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *Tx) error {
		if done, err := tx.once("work_request.create", "work_request", id); done || err != nil {
			return err
		}
		query, args := placeOf(tx.Actor, n.AssetID, n.LocationID)
		places, err := txRead[Place](tx, query, args...)
		if err != nil {
			return err
		}
		place, err := placeFound(places, n.AssetID)
		if err != nil {
			return err
		}
		r := models.WorkRequest{
			TenantID: tx.Actor.TenantID, ID: id, Title: n.Title, Description: n.Description, AssetID: n.AssetID,
			LocationID: place.LocationID, SiteID: place.SiteID, Status: models.WorkRequestNew, RequestedBy: tx.Actor.UserID,
			Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
		}
		if r.Number, err = tx.nextNumber("WR"); err != nil {
			return err
		}
		if err := create(tx, &r); err != nil {
			return err
		}
		return tx.Audit(Change{Action: "work_request.create", SubjectType: "work_request", SubjectID: id, After: &r})
	})
}

// RejectWorkRequest decides that nothing is done; version is nil or the one that the client has seen.
func (s *Store) RejectWorkRequest(ctx context.Context, id uuid.UUID, version *int, reason string) error {
	return s.decideWorkRequest(ctx, id, version, "reject", reason, func(tx *Tx, r *models.WorkRequest) error {
		return r.Reject(reason, tx.Actor.UserID, tx.Now)
	})
}

// MergeWorkRequest decides that the request repeats another one, of; one that is not there is CodeInvalid. Who reported it is told.
func (s *Store) MergeWorkRequest(ctx context.Context, id uuid.UUID, version *int, of uuid.UUID) error {
	return s.decideWorkRequest(ctx, id, version, "duplicate", "", func(tx *Tx, r *models.WorkRequest) error {
		other, err := tx.lockWorkRequest(of)
		if isNotFound(err) {
			return models.InvalidField("/of", "not_found", "There is no such work request.")
		}
		if err != nil {
			return err
		}
		return r.MarkDuplicate(other, tx.Actor.UserID, tx.Now)
	})
}

// EditWorkRequest changes title and description while nothing is decided.
func (s *Store) EditWorkRequest(ctx context.Context, id uuid.UUID, version int, edit func(*models.WorkRequest)) error {
	return s.InTx(ctx, func(tx *Tx) error {
		r, err := tx.lockWorkRequest(id)
		if err != nil {
			return err
		}
		if r.Version != version {
			return versionMismatch(r.Version)
		}
		if err := r.Status.Check(); err != nil {
			return err
		}
		before := r
		edit(&r)
		if err := (models.NewWorkRequest{Title: r.Title, LocationID: r.LocationID}).Validate(); err != nil {
			return err
		}
		r.Version, r.UpdatedAt = r.Version+1, tx.Now
		return tx.saveWorkRequest("work_request.change", "", before, r)
	})
}

func (s *Store) decideWorkRequest(
	ctx context.Context, id uuid.UUID, version *int, command, reason string, decide func(*Tx, *models.WorkRequest) error,
) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if done, err := tx.once("work_request."+command, "work_request", id); done || err != nil {
			return err
		}
		r, err := tx.lockWorkRequest(id)
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
		if err := tx.saveWorkRequest("work_request."+command, reason, before, r); err != nil {
			return err
		}
		return tx.notifyRequester(r)
	})
}

// acceptWorkRequest turns the request into the order that is created in this transaction; what was said and attached moves along.
func (tx *Tx) acceptWorkRequest(id uuid.UUID, order uuid.UUID) (models.WorkRequest, error) {
	r, err := tx.lockWorkRequest(id)
	if err != nil {
		return r, err
	}
	before := r
	if err := r.Accept(order, tx.Actor.UserID, tx.Now); err != nil {
		return r, err
	}
	for _, table := range []string{"comments", "attachments"} {
		if _, err := tx.exec(`UPDATE `+table+` SET subject_type = 'work_order', subject_id = $3
			WHERE tenant_id = $1 AND subject_type = 'work_request' AND subject_id = $2`, tx.Actor.TenantID, id, order); err != nil {
			return r, err
		}
	}
	if err := tx.saveWorkRequest("work_request.accept", "", before, r); err != nil {
		return r, err
	}
	return r, tx.notifyRequester(r)
}

// lockWorkRequest reads a work request within the actor's locations and holds it until the commit.
func (tx *Tx) lockWorkRequest(id uuid.UUID) (models.WorkRequest, error) {
	return txReadOne[models.WorkRequest](tx, "work_request", `SELECT `+workRequestColumns+` FROM work_requests r
		WHERE r.tenant_id = $1 AND r.id = $2 AND `+scopeSQL("r.location_id", 3)+` FOR NO KEY UPDATE`,
		tx.Actor.TenantID, id, scopeOf(tx.Actor))
}

func (tx *Tx) saveWorkRequest(action, reason string, before, r models.WorkRequest) error {
	if _, err := tx.exec(`UPDATE work_requests SET title = $3, description = $4, status = $5, reject_reason = $6, duplicate_of = $7,
		work_order_id = $8, decided_by = $9, decided_at = $10, version = $11, updated_at = $12 WHERE tenant_id = $1 AND id = $2`,
		r.TenantID, r.ID, r.Title, r.Description, string(r.Status), r.RejectReason, r.DuplicateOf, r.WorkOrderID, r.DecidedBy,
		r.DecidedAt, r.Version, r.UpdatedAt); err != nil {
		return err
	}
	return tx.Audit(Change{Action: action, SubjectType: "work_request", SubjectID: r.ID, Before: &before, After: &r, Reason: reason})
}

// notifyRequester tells who asked what became of it, unless he decided himself.
func (tx *Tx) notifyRequester(r models.WorkRequest) error {
	if r.RequestedBy == tx.Actor.UserID {
		return nil
	}
	kind := "work_request." + string(r.Status)
	return tx.notify(models.Notification{
		ID: models.NotificationID(kind, r.ID, r.RequestedBy), UserID: r.RequestedBy, Kind: kind, SubjectType: "work_request",
		SubjectID: r.ID, Title: fmt.Sprintf("%s %s", r.Number, r.Title),
		Details: models.NotificationDetails{Number: r.Number, Reason: r.RejectReason},
	})
}
