package store

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm/schema"

	"mainstay/models"
)

// record is a pointer to a model that embeds models.Record.
type record[T any] interface {
	*T
	Head() *models.Record
}

// errUnchanged ends a change that has nothing to do: no version, no audit event.
var errUnchanged = errors.New("store: nothing to change")

// createRecord inserts the row that fill completes, once for its Idempotency-Key, with its audit event. It returns the row's id,
// which a repeat gets too.
func createRecord[T any, P record[T]](ctx context.Context, s *Store, fill func(tx *Tx, row P) error) (uuid.UUID, error) {
	noun := nounOf[T]()
	var id uuid.UUID
	err := s.InTx(ctx, func(tx *Tx) error {
		id = models.SubjectID(tx.Command.ID)
		done, err := tx.once(noun+".create", noun, id)
		if done || err != nil {
			return err
		}
		var row T
		*P(&row).Head() = models.Record{TenantID: tx.Actor.TenantID, ID: id, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now}
		if err := fill(tx, &row); err != nil {
			return err
		}
		if err := create(tx, &row); err != nil {
			return err
		}
		return tx.Audit(Change{Action: noun + ".create", SubjectType: noun, SubjectID: id, After: &row})
	})
	return id, err
}

// changeRecord locks the row, lets edit change it and writes it with its audit event, named <noun>.<verb>. version is the one
// that the client has seen, nil for any; a row that edit leaves with errUnchanged stays as it is.
func changeRecord[T any, P record[T]](
	ctx context.Context, s *Store, verb string, id uuid.UUID, version *int, edit func(tx *Tx, row P) error,
) error {
	noun := nounOf[T]()
	return s.InTx(ctx, func(tx *Tx) error {
		row, err := lockRecord[T](tx, id)
		if err != nil {
			return err
		}
		head := P(&row).Head()
		if version != nil && *version != head.Version {
			return versionMismatch(head.Version)
		}
		before := row
		if err := edit(tx, &row); errors.Is(err, errUnchanged) {
			return nil
		} else if err != nil {
			return err
		}
		head.Version++
		head.UpdatedAt = tx.Now
		if err := tx.db.Select("*").UpdateColumns(&row).Error; err != nil {
			return err
		}
		return tx.Audit(Change{Action: noun + "." + verb, SubjectType: noun, SubjectID: id, Before: &before, After: &row})
	})
}

func lockRecord[T any](tx *Tx, id uuid.UUID) (T, error) {
	return txReadOne[T](tx, nounOf[T](), `SELECT `+columns[T]("t")+` FROM `+tableOf[T]()+` t
		WHERE t.tenant_id = $1 AND t.id = $2 FOR NO KEY UPDATE`, tx.Actor.TenantID, id)
}

// archiveRecord takes a row out of use; inUse are queries that find a row which still needs it ($1 tenant, $2 id).
func archiveRecord[T any, P record[T]](ctx context.Context, s *Store, id uuid.UUID, version *int, see func(*Tx, P) error, inUse ...string) error {
	return changeRecord(ctx, s, "archive", id, version, func(tx *Tx, row P) error {
		if err := see(tx, row); err != nil {
			return err
		}
		if row.Head().ArchivedAt != nil {
			return errUnchanged
		}
		for _, query := range inUse {
			used, err := txValues[bool](tx, "SELECT EXISTS ("+query+")", tx.Actor.TenantID, id)
			if err != nil {
				return err
			}
			if used[0] {
				return models.Conflict("It is still in use.")
			}
		}
		row.Head().ArchivedAt = &tx.Now
		return nil
	})
}

// restoreRecord takes a row into use again, provided that check allows it.
func restoreRecord[T any, P record[T]](ctx context.Context, s *Store, id uuid.UUID, version *int, check func(*Tx, P) error) error {
	return changeRecord(ctx, s, "restore", id, version, func(tx *Tx, row P) error {
		if err := check(tx, row); err != nil {
			return err
		}
		if row.Head().ArchivedAt == nil {
			return errUnchanged
		}
		row.Head().ArchivedAt = nil
		return nil
	})
}

// sees reports whether the location lies within the actor's.
func (tx *Tx) sees(location uuid.UUID) (bool, error) {
	if !tx.Actor.Scoped() {
		return true, nil
	}
	seen, err := txValues[bool](tx, `SELECT `+scopeSQL("$2::uuid", 3), tx.Actor.TenantID, location, scopeOf(tx.Actor))
	return err == nil && seen[0], err
}

// mustSee hides what lies outside the actor's locations as if it did not exist.
func (tx *Tx) mustSee(noun string, location uuid.UUID) error {
	seen, err := tx.sees(location)
	if err == nil && !seen {
		return models.NotFound(noun)
	}
	return err
}

// live refuses a reference to a row that is not there or out of use; pointer is the field that names it.
func live[T any](tx *Tx, pointer string, id *uuid.UUID) error {
	if id == nil {
		return nil
	}
	archived, err := txValues[bool](tx, `SELECT archived_at IS NOT NULL FROM `+tableOf[T]()+` WHERE tenant_id = $1 AND id = $2`,
		tx.Actor.TenantID, *id)
	if err != nil {
		return err
	}
	return referable(nounOf[T](), pointer, archived)
}

func referable(noun, pointer string, archived []bool) error {
	switch {
	case len(archived) == 0:
		return models.InvalidField(pointer, "not_found", "There is no such %s.", words(noun))
	case archived[0]:
		return models.InvalidField(pointer, "archived", "This %s is out of use.", words(noun))
	}
	return nil
}

func schemaOf[T any]() *schema.Schema {
	parsed, err := schema.Parse(new(T), &schemas, schema.NamingStrategy{})
	if err != nil {
		panic(err) // a model that GORM cannot read
	}
	return parsed
}

// tableOf names T's table.
func tableOf[T any]() string { return schemaOf[T]().Table }

// nounOf names T in audit events, ledgers and errors: AssetCategory is asset_category.
func nounOf[T any]() string {
	return schema.NamingStrategy{}.ColumnName("", reflect.TypeFor[T]().Name())
}

// columns lists T's columns under an alias, in the order of its fields.
func columns[T any](alias string) string {
	names := schemaOf[T]().DBNames
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = alias + "." + name
	}
	return strings.Join(list, ", ")
}

// writeChanged writes what an edit changed of a row, with the audit event <noun>.<verb>. A row that has another version than before
// by then fails the transaction.
func writeChanged[T any, P record[T]](tx *Tx, verb, reason string, before, after *T) error {
	head, noun := P(before).Head(), nounOf[T]()
	c := Change{Action: noun + "." + verb, SubjectType: noun, SubjectID: head.ID, Reason: reason}
	return updateChanged(tx, c, head.Version, before, after, versionMismatch(head.Version+1))
}

// updateChanged writes the columns in which two states of the row c.SubjectID differ, and no others, so that indexes and foreign
// keys of the rest are left alone: one statement with c's audit event, sent with the transaction's last message. A change without an
// action leaves no event. A row whose version is another by then fails the transaction with lost.
func updateChanged[T any](tx *Tx, c Change, version int, before, after *T, lost error) error {
	args := []any{tx.Actor.TenantID, c.SubjectID, version}
	var set []string
	was, is := map[string]any{}, map[string]any{}
	for _, field := range changedColumns(tx.ctx, before, after) {
		args = append(args, columnValue(field.is))
		set = append(set, field.column+" = $"+strconv.Itoa(len(args)))
		if !notAudited[field.column] {
			was[field.column], is[field.column] = field.was, field.is
		}
	}
	c.Before, c.After = was, is
	update := "UPDATE " + tableOf[T]() + " SET " + strings.Join(set, ", ") + " WHERE tenant_id = $1 AND id = $2 AND version = $3"
	if c.Action != "" {
		return tx.auditUpdate(c, update, args, lost)
	}
	tx.queue(update, args...).Exec(func(done pgconn.CommandTag) error {
		if done.RowsAffected() == 0 {
			return lost
		}
		return nil
	})
	return nil
}

type changedColumn struct {
	column  string
	was, is any
}

func changedColumns[T any](ctx context.Context, before, after *T) []changedColumn {
	was, is := reflect.ValueOf(before).Elem(), reflect.ValueOf(after).Elem()
	var changed []changedColumn
	for _, field := range schemaOf[T]().Fields {
		if field.DBName == "" {
			continue
		}
		old, value := field.ReflectValueOf(ctx, was).Interface(), field.ReflectValueOf(ctx, is).Interface()
		if !sameValue(old, value) {
			changed = append(changed, changedColumn{field.DBName, old, value})
		}
	}
	return changed
}

// columnValue hands documents to pgx as text: it would encode their bytes once more.
func columnValue(value any) any {
	if document, ok := value.(json.RawMessage); ok {
		return nullJSON(document)
	}
	return value
}
