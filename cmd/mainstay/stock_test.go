package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"mainstay/models"
)

// TestOneBinOfSixtyFourClients lets 64 clients receive, scrap and count in one bin over HTTP, each request sent twice at once with one
// key. A serial model needs only sums: what was accepted counts once, what was refused did nothing.
func TestOneBinOfSixtyFourClients(t *testing.T) {
	s := newShop(t)
	const clients, each = 64, 4
	post := func(key, kind, quantity string) answer {
		body := map[string]any{"item_id": s.item, "location_id": s.room, "kind": kind, "quantity": quantity, "reason": "count"}
		if kind == "receipt" {
			body["unit_cost"] = "3.33"
		}
		return s.try(http.MethodPost, "/v1/stock-movements", key, body)
	}
	require.Equal(t, http.StatusCreated, post(uuid.NewString(), "receipt", "20").status)
	var lock sync.Mutex
	want, refused := decimal.NewFromInt(20), 0
	faults := []string{}
	var all sync.WaitGroup
	for client := range clients {
		random := rand.New(rand.NewPCG(uint64(client), 12)) //nolint:gosec // a test that repeats itself
		all.Go(func() {
			for range each {
				kind := []string{"receipt", "scrap", "scrap", "adjustment"}[random.IntN(4)]
				quantity := decimal.NewFromInt(random.Int64N(4) + 1)
				key := uuid.NewString()
				var twice [2]answer
				var both sync.WaitGroup
				for i := range twice {
					both.Go(func() { twice[i] = post(key, kind, quantity.String()) })
				}
				both.Wait()
				moved := quantity
				if kind == "scrap" {
					moved = moved.Neg()
				}
				lock.Lock()
				switch one, other := twice[0], twice[1]; {
				case one.status == http.StatusCreated && other.status == http.StatusCreated && one.body["id"] == other.body["id"],
					one.status == http.StatusCreated && inUse(other), other.status == http.StatusCreated && inUse(one):
					want = want.Add(moved)
				case short(one) && (short(other) || inUse(other)), inUse(one) && short(other):
					refused++
				default:
					faults = append(faults, fmt.Sprint(kind, one.status, one.body, one.err, other.status, other.body, other.err))
				}
				lock.Unlock()
			}
		})
	}
	all.Wait()
	require.Empty(t, faults)
	stock := s.must(http.StatusOK, http.MethodGet, "/v1/items/"+s.item+"/stock", nil)
	require.Equal(t, want.String(), stock["on_hand"])
	require.Equal(t, clients*each+1-refused, s.count(`SELECT count(*) FROM stock_movements`), "each once")
	s.run("doctor", "--ledger")
}

// inUse reports that the same request was still running.
func inUse(a answer) bool {
	return a.status == http.StatusConflict && a.body["code"] == string(models.CodeKeyInUse)
}

// short reports that there was not enough.
func short(a answer) bool {
	return a.status == http.StatusConflict && a.body["code"] == string(models.CodeConflict)
}

// TestDeliveriesEndInOneState receives the same three deliveries on two orders of two items: once one after the other, and once the
// other way round, each sent twice, and by two people at the same time. Both end alike.
func TestDeliveriesEndInOneState(t *testing.T) {
	s := newShop(t)
	_, keeper := s.colleague(models.RoleStorekeeper)
	admin := s.token
	deliveries := []string{"3", "5", "2"}
	ends := make([]map[string]any, 2)
	for n := range ends {
		s.item = textOf(s.must(http.StatusCreated, http.MethodPost, "/v1/items", map[string]any{
			"code": fmt.Sprintf("DIN-%d", n), "name": "Bolt", "unit": "pc",
		}), "id")
		path, line := s.order("10")
		s.must(http.StatusOK, http.MethodPost, path+"/submit", nil)
		s.must(http.StatusOK, http.MethodPost, path+"/send", nil)
		receive := func(note int, key string) answer {
			return s.try(http.MethodPost, path+"/receive", key, map[string]any{
				"delivery_note": fmt.Sprintf("LS-%d", note),
				"lines":         []map[string]any{{"line_id": line, "quantity": deliveries[note], "location_id": s.room}},
			})
		}
		for i := range deliveries {
			if n == 0 {
				require.Equal(t, http.StatusOK, receive(i, uuid.NewString()).status)
				continue
			}
			note, key := len(deliveries)-1-i, uuid.NewString()
			first := receive(note, key)
			require.Equal(t, http.StatusOK, first.status, first.body)
			require.Equal(t, http.StatusOK, receive(note, key).status, "sent twice")
			s.token = keeper
			again := receive(note, uuid.NewString())
			s.token = admin
			require.Equal(t, http.StatusConflict, again.status, "by somebody else")
		}
		order := s.must(http.StatusOK, http.MethodGet, path, nil)
		stock := s.must(http.StatusOK, http.MethodGet, "/v1/items/"+s.item+"/stock", nil)
		lines, _ := order["lines"].([]any)
		only, _ := lines[0].(map[string]any)
		ends[n] = map[string]any{
			"status": order["status"], "received": only["received"], "open": only["open"], "on_hand": stock["on_hand"], "value": stock["value"],
			"on_order": stock["on_order"], "receipts": len(itemsOf(s.must(http.StatusOK, http.MethodGet, "/v1/goods-receipts?item_id="+s.item, nil))),
		}
	}
	require.Equal(t, "received", ends[0]["status"])
	require.Equal(t, ends[0], ends[1])

	// Two sessions at the same moment: one of them receives it.
	s.item = textOf(s.must(http.StatusCreated, http.MethodPost, "/v1/items", map[string]any{"code": "DIN-9", "name": "Bolt", "unit": "pc"}), "id")
	path, line := s.order("10")
	s.must(http.StatusOK, http.MethodPost, path+"/submit", nil)
	s.must(http.StatusOK, http.MethodPost, path+"/send", nil)
	statuses := make([]int, 8)
	var all sync.WaitGroup
	for i := range statuses {
		all.Go(func() {
			statuses[i] = s.persist(http.MethodPost, path+"/receive", map[string]any{
				"delivery_note": "LS-9", "lines": []map[string]any{{"line_id": line, "quantity": "4", "location_id": s.room}},
			}).status
		})
	}
	all.Wait()
	counted := map[int]int{}
	for _, status := range statuses {
		counted[status]++
	}
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: len(statuses) - 1}, counted)
	require.Equal(t, "4", s.must(http.StatusOK, http.MethodGet, "/v1/items/"+s.item+"/stock", nil)["on_hand"])
	s.run("doctor", "--ledger")
}
