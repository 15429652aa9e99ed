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
	require.Equal(t, "PO-000015", drafts.Items[0].Number)
}
