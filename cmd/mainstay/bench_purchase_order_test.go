//go:build bench

package main

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// TestBenchPurchaseOrderLifecycle: create, submit, send, receive into stock and close, ours through HTTP with sign-in (the order's PDF
// is set and stored beside it), against a bare workflow with as many updates, of which send runs one activity on another queue as well;
// same server, same run, one process each. Each client buys an item of its own, so that no two wait for one balance.
func TestBenchPurchaseOrderLifecycle(t *testing.T) {
	benchPurchaseOrder(t, "po_lifecycle_ratio_vs_bare_temporal", "submit", "send", "receive", "close")
}

// TestBenchPurchaseOrderUpdates is the same against updates alone, without the activity that reaches the supplier.
func TestBenchPurchaseOrderUpdates(t *testing.T) {
	benchPurchaseOrder(t, "po_lifecycle_ratio_vs_bare_updates", "submit", "approve", "receive", "close")
}

func benchPurchaseOrder(t *testing.T, figure string, commands ...string) {
	t.Helper()
	w := newWorld(t).upAs("serve")
	bare := newBareTemporal(t, w)
	printDurability(t, w)
	s := furnish(w)
	supplier := textOf(w.must(http.StatusCreated, http.MethodPost, "/v1/suppliers", map[string]any{"code": "NOMAIL", "name": "Counter sale"}), "id")
	var items []string
	for n := range lifecycleClients {
		items = append(items, textOf(w.must(http.StatusCreated, http.MethodPost, "/v1/items", map[string]any{
			"code": fmt.Sprintf("B-%d", n), "name": "Bearing", "unit": "pc",
		}), "id"))
	}
	ours := w.posting(lifecycleClients, func(call *caller, client int) error {
		var created struct {
			ID    string `json:"id"`
			Lines []struct {
				ID string `json:"id"`
			} `json:"lines"`
		}
		if err := call.post(http.StatusCreated, "/v1/purchase-orders", map[string]any{
			"supplier_id": supplier, "currency": "EUR", "lines": []map[string]any{{"item_id": items[client], "quantity": "10", "unit_price": "12.50"}},
		}, &created); err != nil {
			return err
		}
		path := "/v1/purchase-orders/" + created.ID
		received := []map[string]any{{"line_id": created.Lines[0].ID, "quantity": "10", "location_id": s.room}}
		for _, step := range []struct {
			name string
			body any
		}{{"submit", nil}, {"send", nil}, {"receive", map[string]any{"lines": received}}, {"close", nil}} {
			if err := call.post(http.StatusOK, path+"/"+step.name, step.body, nil); err != nil {
				return err
			}
		}
		return nil
	})
	w.paired(figure, lifecycleClients, ours, func(int, int) error {
		return bare.lifecycle(t.Context(), commands...)
	})
}

// TestBenchStockIssue: one unit after another out of one hot bin, ours through HTTP with sign-in, ledger, cost and audit, against the one
// statement that takes a unit from a row; same database, same run. No unit is lost or taken twice, and more clients are no slower.
func TestBenchStockIssue(t *testing.T) {
	w := newWorld(t).up()
	bare := newBareTemporal(t, w)
	printDurability(t, w)
	s := furnish(w)
	const stock = 100_000_000
	w.must(http.StatusCreated, http.MethodPost, "/v1/stock-movements", map[string]any{
		"item_id": s.item, "location_id": s.room, "kind": "receipt", "quantity": fmt.Sprint(stock), "unit_cost": "1",
	})
	center := textOf(w.must(http.StatusCreated, http.MethodPost, "/v1/cost-centers", map[string]any{"code": "CC-1", "name": "Production"}), "id")
	_, err := w.db.Owner.ExecContext(t.Context(), `CREATE TABLE bare_stock (id int PRIMARY KEY, on_hand numeric NOT NULL CHECK (on_hand >= 0))`)
	require.NoError(t, err)
	_, err = w.db.Owner.ExecContext(t.Context(), `INSERT INTO bare_stock VALUES (1, $1)`, stock)
	require.NoError(t, err)
	ours := func(int, int) error {
		a := w.try(http.MethodPost, "/v1/stock-movements", uuid.NewString(), map[string]any{
			"item_id": s.item, "location_id": s.room, "kind": "issue", "quantity": "1", "cost_center_id": center,
		})
		if a.status != http.StatusCreated {
			return fmt.Errorf("issue: %d %v %w", a.status, a.body, a.err)
		}
		return nil
	}
	plain := func(int, int) error {
		_, err := bare.pool.Exec(t.Context(), `UPDATE bare_stock SET on_hand = on_hand - 1 WHERE id = 1 AND on_hand >= 1`)
		return err
	}
	load(t, 8, benchSeconds/4, ours)
	w.analyze()
	few := load(t, 8, benchSeconds, ours)
	many := load(t, 64, benchSeconds, ours)
	figure("stock_issue_64_vs_8_clients", float64(len(many))/float64(len(few)), "ratio")
	w.paired("stock_issue_ratio_vs_sql", 64, ours, plain)
	var issued int64
	require.NoError(t, w.db.Owner.QueryRowContext(t.Context(), `SELECT count(*) FROM stock_movements WHERE kind = 'issue'`).Scan(&issued))
	left := w.must(http.StatusOK, http.MethodGet, "/v1/items/"+s.item+"/stock", nil)["on_hand"]
	require.Equal(t, fmt.Sprint(stock-issued), left, "no unit is lost or taken twice")
}
