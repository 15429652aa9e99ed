package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// shop is a world with a storeroom, an item and a supplier whose address no other test has.
type shop struct {
	*world
	room, item, supplier, address string
}

func newShop(t *testing.T) shop {
	t.Helper()
	return furnish(newWorld(t).up())
}

func furnish(w *world) shop {
	w.t.Helper()
	s := shop{world: w, address: uuid.NewString() + "@example.com"}
	s.room = textOf(w.must(http.StatusCreated, http.MethodPost, "/v1/locations", map[string]any{
		"code": "ST", "name": "Store", "kind": "storeroom", "parent_id": w.plant.Site,
	}), "id")
	s.supplier = textOf(w.must(http.StatusCreated, http.MethodPost, "/v1/suppliers", map[string]any{"code": "SKF", "name": "Bearings", "email": s.address}), "id")
	s.item = textOf(w.must(http.StatusCreated, http.MethodPost, "/v1/items", map[string]any{
		"code": "BRG-1", "name": "Bearing", "unit": "pc", "supplier_id": s.supplier, "unit_cost": "12.50",
	}), "id")
	return s
}

// order creates a draft and returns it with its path and its line.
func (s shop) order(quantity string) (path, line string) {
	s.t.Helper()
	made := s.must(http.StatusCreated, http.MethodPost, "/v1/purchase-orders", map[string]any{
		"supplier_id": s.supplier, "currency": "EUR", "lines": []map[string]any{{"item_id": s.item, "quantity": quantity, "unit_price": "12.50"}},
	})
	lines, _ := made["lines"].([]any)
	first, _ := lines[0].(map[string]any)
	return "/v1/purchase-orders/" + textOf(made, "id"), textOf(first, "id")
}

// mails returns the messages to the supplier as the caught mail's API tells them.
func (s shop) mails() []map[string]any {
	s.t.Helper()
	var all struct {
		Messages []map[string]any `json:"messages"`
	}
	s.mailbox("/api/v1/messages", &all)
	var mine []map[string]any
	for _, m := range all.Messages {
		if text, _ := json.Marshal(m["To"]); strings.Contains(string(text), s.address) {
			mine = append(mine, m)
		}
	}
	return mine
}

func (s shop) mailbox(path string, into any) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, os.Getenv("MAINSTAY_TEST_MAIL_URL")+path, nil)
	require.NoError(s.t, err)
	response, err := s.client.Do(request)
	require.NoError(s.t, err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	require.NoError(s.t, json.Unmarshal(text, into), string(text))
}

func TestPurchaseOrderFromRequisitionToClose(t *testing.T) {
	s := newShop(t)
	wanted := s.must(http.StatusCreated, http.MethodPost, "/v1/requisitions", map[string]any{
		"note": "For the overhaul", "lines": []map[string]any{{"item_id": s.item, "quantity": "10"}},
	})
	order := s.must(http.StatusCreated, http.MethodPost, "/v1/requisitions/"+textOf(wanted, "id")+"/order", map[string]any{"supplier_id": s.supplier})
	require.Equal(t, "draft", order["status"])
	require.Equal(t, map[string]any{"amount": "125.00", "currency": "EUR"}, order["amount"])
	lines, _ := order["lines"].([]any)
	first, _ := lines[0].(map[string]any)
	line := textOf(first, "id")
	path := "/v1/purchase-orders/" + textOf(order, "id")
	require.Equal(t, order, s.must(http.StatusOK, http.MethodGet, path, nil))

	approved := s.must(http.StatusOK, http.MethodPost, path+"/submit", nil)
	require.Equal(t, "approved", approved["status"])
	require.Equal(t, approved, s.must(http.StatusOK, http.MethodGet, path, nil))
	refused := s.must(http.StatusConflict, http.MethodPost, path+"/receive", map[string]any{
		"lines": []map[string]any{{"line_id": line, "quantity": "1", "location_id": s.room}},
	})
	require.Equal(t, []any{"withdraw", "send", "cancel"}, refused["allowed_commands"])
	require.Equal(t, "sent", s.must(http.StatusOK, http.MethodPost, path+"/send", nil)["status"])
	s.eventually(func() bool { return s.must(http.StatusOK, http.MethodGet, path, nil)["issued_at"] != nil })
	issued := s.must(http.StatusOK, http.MethodGet, path, nil)
	require.Equal(t, s.address, issued["mailed_to"])
	require.Len(t, s.mails(), 1)
	var mail struct {
		Attachments []struct{ FileName, ContentType string }
	}
	s.mailbox("/api/v1/message/"+fmt.Sprint(s.mails()[0]["ID"]), &mail)
	require.Len(t, mail.Attachments, 1)
	require.Equal(t, "PO-000001.pdf", mail.Attachments[0].FileName)
	require.Equal(t, []byte("%PDF-"), s.download("/v1/attachments/" + textOf(issued, "document_id") + "/content")[:5])

	receive := map[string]any{"delivery_note": "LS-1", "lines": []map[string]any{{"line_id": line, "quantity": "10", "location_id": s.room}}}
	key := uuid.NewString()
	received := s.try(http.MethodPost, path+"/receive", key, receive).body
	require.Equal(t, "received", received["status"])
	require.Equal(t, received, s.must(http.StatusOK, http.MethodGet, path, nil))
	require.Equal(t, "received", s.try(http.MethodPost, path+"/receive", key, receive).body["status"])
	stock := s.must(http.StatusOK, http.MethodGet, "/v1/items/"+s.item+"/stock", nil)
	require.Equal(t, []any{"10", "0"}, []any{stock["on_hand"], stock["on_order"]})

	invoice := s.must(http.StatusCreated, http.MethodPost, path+"/invoices", map[string]any{
		"number": "R-1", "lines": []map[string]any{{"line_id": line, "quantity": "10", "unit_price": "13"}},
	})
	judged, _ := invoice["lines"].([]any)
	only, _ := judged[0].(map[string]any)
	require.Equal(t, "blocked", only["status"])
	require.Equal(t, []any{"price"}, only["keys"])
	s.must(http.StatusForbidden, http.MethodPost, "/v1/supplier-invoices/"+textOf(invoice, "id")+"/release", map[string]any{"reason": "agreed"})
	s.must(http.StatusConflict, http.MethodPost, path+"/close", nil)
	s.must(http.StatusOK, http.MethodPost, "/v1/supplier-invoices/"+textOf(invoice, "id")+"/void", map[string]any{"reason": "wrong price"})
	closed := s.must(http.StatusOK, http.MethodPost, path+"/close", nil)
	require.Equal(t, "closed", closed["status"])
	require.Equal(t, closed, s.must(http.StatusOK, http.MethodGet, path, nil))
	description, err := s.temporal.DescribeWorkflowExecution(t.Context(), "purchase-order/"+textOf(order, "id"), "")
	require.NoError(t, err)
	require.Equal(t, "Completed", description.GetWorkflowExecutionInfo().GetStatus().String())
}

func (s shop) download(path string) []byte {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, nil)
	require.NoError(s.t, err)
	request.Header.Set("Authorization", "Bearer "+s.token)
	response, err := s.client.Do(request)
	require.NoError(s.t, err)
	defer func() { _ = response.Body.Close() }()
	require.Equal(s.t, http.StatusOK, response.StatusCode)
	content, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	return content
}

func TestReceiptsOutliveACrashOfTheWorker(t *testing.T) {
	s := newShop(t)
	path, line := s.order("40")
	s.must(http.StatusOK, http.MethodPost, path+"/submit", nil)
	s.must(http.StatusOK, http.MethodPost, path+"/send", nil)
	var all sync.WaitGroup
	statuses := make([]int, 20)
	for i := range statuses {
		all.Go(func() {
			statuses[i] = s.persist(http.MethodPost, path+"/receive", map[string]any{
				"lines": []map[string]any{{"line_id": line, "quantity": "2", "location_id": s.room}},
			}).status
		})
	}
	s.kill("worker")
	s.start("worker")
	all.Wait()
	for _, status := range statuses {
		require.Equal(t, http.StatusOK, status)
	}
	order := s.must(http.StatusOK, http.MethodGet, path, nil)
	require.Equal(t, "received", order["status"])
	stock := s.must(http.StatusOK, http.MethodGet, "/v1/items/"+s.item+"/stock", nil)
	require.Equal(t, []any{"40", "0"}, []any{stock["on_hand"], stock["on_order"]})
	require.Equal(t, map[string]any{"amount": "500.00", "currency": "EUR"}, stock["value"])
	s.eventually(func() bool { return len(s.mails()) > 0 })
	ids := map[any]bool{}
	for _, m := range s.mails() {
		ids[m["MessageID"]] = true
	}
	require.Len(t, ids, 1, "a crash may send the mail again, never a second one")
}

func TestStockBelowTheReorderPointIsOrdered(t *testing.T) {
	s := newShop(t)
	s.must(http.StatusCreated, http.MethodPost, "/v1/items", map[string]any{
		"code": "BELT-1", "name": "Belt", "unit": "m", "supplier_id": s.supplier, "unit_cost": "3", "reorder_point": "5", "max_stock": "30",
	})
	var drafts []any
	s.eventually(func() bool {
		drafts, _ = s.must(http.StatusOK, http.MethodGet, "/v1/purchase-orders?origin=replenishment", nil)["items"].([]any)
		return len(drafts) > 0
	})
	require.Len(t, drafts, 1)
	draft, _ := drafts[0].(map[string]any)
	require.Equal(t, "draft", draft["status"])
	require.Equal(t, map[string]any{"amount": "90.00", "currency": "EUR"}, draft["amount"])
	path := "/v1/purchase-orders/" + textOf(draft, "id")
	require.Equal(t, "cancelled", s.must(http.StatusOK, http.MethodPost, path+"/cancel", map[string]any{"reason": "not needed"})["status"])
}
