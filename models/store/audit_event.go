package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm/schema"

	"mainstay/models"
)

// Change is what an audit event says about one change.
type Change struct {
	Action      string // "<noun>.<verb>"
	SubjectType string
	SubjectID   uuid.UUID
	Before      any // a struct or map; nil for a create
	After       any // a struct or map; nil for a removal
	Reason      string
}

// Audit notes a change; it is written when the transaction commits. Of Before and After only the fields that differ are kept.
func (tx *Tx) Audit(c Change) error {
	values, err := tx.auditValues(c)
	if err != nil {
		return err
	}
	tx.queue(plainAudit, append([]any{c.SubjectID}, values...)...)
	return nil
}

// auditUpdate is Audit of the one row that update writes, whose arguments are args, in one statement with it. An update that
// finds no row leaves the event without its subject: that fails the transaction, and lost is its error.
func (tx *Tx) auditUpdate(c Change, update string, args []any, lost error) error {
	values, err := tx.auditValues(c)
	if err != nil {
		return err
	}
	query := insertAudit("WITH changed AS ("+update+" RETURNING id) ", "(SELECT id FROM changed)", len(args)+1)
	tx.queue(query, append(args, values...)...).Fn = func(results pgx.BatchResults) error {
		_, err := results.Exec()
		if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.Code == notNullViolation && pg.ColumnName == "subject_id" {
			return lost
		}
		return err
	}
	return nil
}

// auditInsert is Audit of the one row that insert makes, whose arguments are args, in one statement with it. An insert that finds the row
// there leaves no event.
func (tx *Tx) auditInsert(c Change, insert string, args []any) error {
	values, err := tx.auditValues(c)
	if err != nil {
		return err
	}
	args = append(args, c.SubjectID)
	query := insertAudit("WITH made AS ("+insert+" RETURNING id) ", "$"+strconv.Itoa(len(args)), len(args)+1) + " WHERE EXISTS (SELECT FROM made)"
	tx.queue(query, append(args, values...)...)
	return nil
}

// auditValues are an event's columns in the order of insertAudit.
func (tx *Tx) auditValues(c Change) ([]any, error) {
	before, after, err := difference(c.Before, c.After)
	if err != nil {
		return nil, fmt.Errorf("store: audit of %s: %w", c.Action, err)
	}
	var command *uuid.UUID
	if tx.Command.ID != uuid.Nil {
		command = &tx.Command.ID
	}
	return []any{
		tx.Actor.TenantID, models.NewID(), tx.Now, tx.Actor.UserID, string(tx.Actor.Kind), c.Action, c.SubjectType,
		nullJSON(before), nullJSON(after), c.Reason, tx.Actor.RequestID, command,
	}, nil
}

// insertAudit writes an event about subject, an expression; its other values are arguments from first on. A condition may follow.
func insertAudit(with, subject string, first int) string {
	query := []byte(with + `INSERT INTO audit_events (subject_id, tenant_id, id, at, actor_id, actor_kind, action, subject_type, before,
		after, reason, request_id, command_id) SELECT ` + subject)
	for i := range auditArguments {
		query = append(query, ", $"...)
		query = strconv.AppendInt(query, int64(first+i), 10)
	}
	return string(query)
}

const auditArguments = 12

var plainAudit = insertAudit("", "$1", 2) //nolint:mnd // behind the subject

// difference returns both sides as JSON objects without the fields that are equal; a nil side stays null, and a side alone leaves
// out what is empty.
func difference(before, after any) (json.RawMessage, json.RawMessage, error) {
	b, err := fieldsOf(before)
	if err != nil {
		return nil, nil, err
	}
	a, err := fieldsOf(after)
	if err != nil {
		return nil, nil, err
	}
	if b != nil && a != nil {
		dropEqual(b, a)
	} else {
		dropEmpty(b)
		dropEmpty(a)
	}
	was, err := marshalFields(b)
	if err != nil {
		return nil, nil, err
	}
	is, err := marshalFields(a)
	return was, is, err
}

// notAudited are columns that say nothing about what a person changed, or must not be shown.
var notAudited = map[string]bool{
	"tenant_id": true, "id": true, "version": true, "created_at": true, "updated_at": true,
	"next_action_at": true, "process_started_at": true, "password_hash": true, "hash": true,
}

var schemas sync.Map // parsed models, as GORM caches them

// fieldsOf gives a row's columns, or a map's entries.
func fieldsOf(side any) (map[string]any, error) {
	if side == nil {
		return nil, nil //nolint:nilnil // no side, no fields
	}
	if fields, ok := side.(map[string]any); ok {
		return maps.Clone(fields), nil
	}
	parsed, err := schema.Parse(side, &schemas, schema.NamingStrategy{})
	if err != nil {
		return nil, err
	}
	fields := make(map[string]any, len(parsed.Fields))
	value := reflect.Indirect(reflect.ValueOf(side))
	for _, field := range parsed.Fields {
		if field.DBName != "" && !notAudited[field.DBName] {
			fields[field.DBName] = field.ReflectValueOf(context.Background(), value).Interface()
		}
	}
	return fields, nil
}

func dropEqual(before, after map[string]any) {
	for name, was := range before {
		if is, ok := after[name]; ok && sameValue(was, is) {
			delete(before, name)
			delete(after, name)
		}
	}
}

func dropEmpty(fields map[string]any) {
	for name, value := range fields {
		if value == nil || reflect.ValueOf(value).IsZero() {
			delete(fields, name)
		}
	}
}

// sameValue reports whether two values of a column are equal, also where they are written in two ways (1.0 and 1.00, two zones
// of one instant).
func sameValue(a, b any) bool {
	switch is := b.(type) { // most columns: reflection takes ten times as long
	case string:
		return a == b
	case int:
		return a == b
	case uuid.UUID:
		return a == b
	case time.Time:
		was, ok := a.(time.Time)
		return ok && was.Equal(is)
	}
	if reflect.DeepEqual(a, b) {
		return true
	}
	left, leftErr := json.Marshal(a)
	right, rightErr := json.Marshal(b)
	return leftErr == nil && rightErr == nil && bytes.Equal(left, right)
}

func marshalFields(fields map[string]any) (json.RawMessage, error) {
	if fields == nil {
		return nil, nil
	}
	return json.Marshal(fields)
}

// nullJSON passes an absent document as SQL NULL.
func nullJSON(document json.RawMessage) any {
	if len(document) == 0 {
		return nil
	}
	return string(document)
}

// AuditEventView is an audit event with the name of who acted.
type AuditEventView struct {
	models.AuditEvent
	ActorName *string
}

// AuditEventFilter narrows the audit log.
type AuditEventFilter struct {
	SubjectTypes []string
	SubjectIDs   []uuid.UUID
	ActorIDs     []uuid.UUID
	Actions      []string
	From, To     *time.Time // from From on and before To
}

var errScopedAudit = models.Forbidden("An account limited to some locations cannot read the audit log.")

const auditEventView = `SELECT e.tenant_id, e.id, e.at, e.actor_id, e.actor_kind, e.action, e.subject_type, e.subject_id, e.before,
	e.after, e.reason, e.request_id, e.command_id, u.name AS actor_name
	FROM audit_events e LEFT JOIN users u ON u.tenant_id = e.tenant_id AND u.id = e.actor_id WHERE e.tenant_id = $1`

// AuditEvents lists the tenant's audit log by at, which is the order of the ids. An actor limited to some locations is refused:
// the log tells of all of them.
func (s *Store) AuditEvents(ctx context.Context, f AuditEventFilter, p Page) (Rows[AuditEventView], error) {
	if actor, _ := models.ActorFrom(ctx); actor.Scoped() {
		return Rows[AuditEventView]{}, errScopedAudit
	}
	key := func(e AuditEventView) string { return e.ID.String() }
	l := newListing(ctx, auditEventView,
		"e.id", key, map[string]order[AuditEventView]{"at": {expr: "e.id", cast: "uuid", key: key}})
	in(l, "e.subject_type", "text[]", f.SubjectTypes)
	in(l, "e.subject_id", "uuid[]", f.SubjectIDs)
	in(l, "e.actor_id", "uuid[]", f.ActorIDs)
	in(l, "e.action", "text[]", f.Actions)
	if f.From != nil {
		l.and("e.id >= $%d AND e.at >= $%d", firstIDAt(*f.From), *f.From)
	}
	if f.To != nil {
		l.and("e.at < $%d", *f.To)
	}
	return l.run(ctx, s, p)
}

// firstIDAt is the least UUIDv7 of an instant. An event's id is drawn after its transaction's timestamp, so no event at or after
// the instant has a lesser one, and the primary key finds the first.
func firstIDAt(at time.Time) uuid.UUID {
	var id uuid.UUID
	milliseconds := max(at.UnixMilli(), 0)
	for i := range 6 {
		id[i] = byte(milliseconds >> (8 * (5 - i)) & 0xff)
	}
	return id
}
