package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// Event says that something was changed: an audit event without what it says about the change.
type Event struct {
	ID          uuid.UUID // UUIDv7: ordered by time
	At          time.Time
	Action      string
	SubjectType string
	SubjectID   uuid.UUID
	ReaderID    *uuid.UUID // of a notification: the one person whom it concerns
}

// Events returns up to limit events after an id, in the order of their ids. An event that is committed late may have a smaller id
// than one that was read before.
func (s *Store) Events(ctx context.Context, after uuid.UUID, limit int) ([]Event, error) {
	actor, _ := models.ActorFrom(ctx)
	return read[Event](ctx, s, `SELECT id, at, action, subject_id,
		CASE WHEN action IN ('`+notificationCreated+`', '`+notificationRead+`') THEN 'notification' ELSE subject_type END AS subject_type,
		CASE action WHEN '`+notificationCreated+`' THEN (after ->> 'user_id')::uuid WHEN '`+notificationRead+`' THEN subject_id END AS reader_id
		FROM audit_events
		WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3`, actor.TenantID, after, limit)
}

// WithinLocations returns those of the subjects that stand within the actor's locations: assets with their transfers and
// disposals, locations, schedules, work orders and requests, reservations, movements and transfers of stock. Subjects of other kinds stand nowhere.
func (s *Store) WithinLocations(ctx context.Context, subjects []uuid.UUID) (map[uuid.UUID]bool, error) {
	actor, _ := models.ActorFrom(ctx)
	found, err := readValues[uuid.UUID](ctx, s, `SELECT x.id FROM (`+subjectPlaces("= ANY ($2)")+`) x WHERE `+scopeSQL("x.location_id", 3), actor.TenantID, notNull(subjects), scopeOf(actor))
	within := make(map[uuid.UUID]bool, len(found))
	for _, id := range found {
		within[id] = true
	}
	return within, err
}

// OwnApprovals returns those of the subjects that are approvals which the actor has to do with, or delegations from or to the actor.
func (s *Store) OwnApprovals(ctx context.Context, subjects []uuid.UUID) (map[uuid.UUID]bool, error) {
	actor, _ := models.ActorFrom(ctx)
	found, err := readValues[uuid.UUID](ctx, s, `SELECT c.id FROM approval_cases c WHERE c.tenant_id = $1 AND c.id = ANY ($2) AND `+fmt.Sprintf(mineSQL, 3)+`
		UNION ALL SELECT d.id FROM delegations d WHERE d.tenant_id = $1 AND d.id = ANY ($2) AND $3 IN (d.user_id, d.to_id)`,
		actor.TenantID, notNull(subjects), actor.UserID)
	own := make(map[uuid.UUID]bool, len(found))
	for _, id := range found {
		own[id] = true
	}
	return own, err
}

// subjectPlaces are id and location_id of those subjects that stand somewhere and whose id fulfils a condition.
func subjectPlaces(condition string) string {
	queries := []string{`SELECT id, id AS location_id FROM locations WHERE tenant_id = $1 AND id ` + condition}
	for _, table := range []string{"work_orders", "work_requests", "assets", "maintenance_schedules", "stock_movements", "reservations"} {
		queries = append(queries, `SELECT id, location_id FROM `+table+` WHERE tenant_id = $1 AND id `+condition)
	}
	for _, side := range []struct{ table, column string }{
		{"asset_requests", "from_location_id"}, {"asset_requests", "to_location_id"}, {"stock_transfers", "location_id"}, {"stock_transfers", "to_location_id"},
	} {
		queries = append(queries, `SELECT id, `+side.column+` FROM `+side.table+` WHERE tenant_id = $1 AND `+side.column+` IS NOT NULL AND id `+condition)
	}
	return strings.Join(queries, " UNION ALL ")
}
