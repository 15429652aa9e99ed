package store

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"mainstay/models"
)

// actionLoadDemo is the one event of all rows that a demo is loaded with.
const actionLoadDemo = "tenant.load_demo"

// DemoTable is rows of one table: column names and values, the same columns in each row.
type DemoTable struct {
	Table string
	Rows  []map[string]any
}

// LoadDemo writes a demo company in one transaction, table by table in the given order. It is for a tenant that the actor's
// context names and that has no row yet: false says that the tenant is there already, and nothing is changed. Processes of the
// rows are started by the outbox rows that wake names.
func (s *Store) LoadDemo(ctx context.Context, tables []DemoTable, wake []models.Delivery) (bool, error) {
	loaded := false
	err := s.InTx(ctx, func(tx *Tx) error {
		there, err := txValues[uuid.UUID](tx, `SELECT id FROM tenants WHERE id = $1`, tx.Actor.TenantID)
		if err != nil || len(there) > 0 {
			return err
		}
		for _, t := range tables {
			if err := tx.insertRows(t); err != nil {
				return err
			}
		}
		for _, d := range wake {
			if err := tx.fact(d); err != nil {
				return err
			}
		}
		loaded = true
		return tx.Audit(Change{
			Action: actionLoadDemo, SubjectType: "tenant", SubjectID: tx.Actor.TenantID, After: map[string]any{"tables": len(tables)},
		})
	})
	return loaded, err
}

// insertRows writes all rows of a table with one statement.
func (tx *Tx) insertRows(t DemoTable) error {
	if len(t.Rows) == 0 {
		return nil
	}
	table := pgx.Identifier{t.Table}.Sanitize()
	names := slices.Sorted(maps.Keys(t.Rows[0]))
	for i, name := range names {
		names[i] = pgx.Identifier{name}.Sanitize()
	}
	columns := strings.Join(names, ", ")
	text, err := json.Marshal(t.Rows)
	if err != nil {
		return err
	}
	_, err = tx.exec("INSERT INTO "+table+" ("+columns+") SELECT "+columns+" FROM jsonb_populate_recordset(NULL::"+table+", $1)", string(text))
	return err
}
