package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

func TestDemoCompanyKeepsAndBuysSoundly(t *testing.T) {
	t.Parallel()
	s, _ := storetest.New(t)
	company := newDemoCompany(demoTenant, time.Now().UTC(), "admin@example.com", "hash")
	ctx := models.WithActor(t.Context(), models.SystemActor(demoTenant))
	loaded, err := s.LoadDemo(ctx, company.tables(), company.wake)
	require.NoError(t, err)
	require.True(t, loaded)
	faults, err := s.VerifyLedger(ctx)
	require.NoError(t, err)
	require.Empty(t, faults)
	for _, status := range models.PurchaseOrderStatuses() {
		rows, err := s.PurchaseOrders(ctx, store.PurchaseOrderFilter{Status: []string{string(status)}}, store.Page{Limit: 10, Sort: "number"})
		require.NoError(t, err)
		require.NotEmpty(t, rows.Items, status)
	}
	ways, err := s.StockTransfers(ctx, store.StockTransferFilter{Statuses: []string{"in_transit"}}, store.Page{Limit: 10, Sort: "sent_at"})
	require.NoError(t, err)
	require.Len(t, ways.Items, 1)
	boxes, err := s.StockMovements(ctx, store.MovementFilter{Kinds: []string{"receipt"}}, store.Page{Limit: 100, Sort: "posted_at"})
	require.NoError(t, err)
	entered := map[string]string{}
	for _, m := range boxes.Items {
		if m.EnteredUnit != nil {
			entered[m.ItemCode+" "+*m.EnteredUnit] = m.EnteredQuantity.String() + " = " + m.Quantity.String()
		}
	}
	require.Equal(t, map[string]string{"BOLT-M16 box": "2 = 200", "FIL-OIL box": "3 = 36", "HOSE-34 roll": "2 = 100", "OIL-HLP46 drum": "1 = 205"}, entered)
	blocked, err := s.SupplierInvoices(ctx, store.SupplierInvoiceFilter{Status: []string{"blocked"}}, store.Page{Limit: 10, Sort: "number"})
	require.NoError(t, err)
	require.Len(t, blocked.Items, 1)
	short, err := s.LoadReplenishment(ctx)
	require.NoError(t, err)
	require.True(t, short.Short, "the air filters run short")
	_, err = s.Replenish(ctx)
	require.NoError(t, err)
	drafts, err := s.PurchaseOrders(ctx, store.PurchaseOrderFilter{Origin: []string{"replenishment"}}, store.Page{Limit: 10, Sort: "number"})
	require.NoError(t, err)
	require.Equal(t, "PO-000016", drafts.Items[0].Number)
	gaps, err := s.VerifyAudit(ctx)
	require.NoError(t, err)
	require.Empty(t, gaps, "what was loaded has one event, what came of it later its own")
}
