package store_test

import (
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

// short gives the stockroom's item a reorder point and a supplier.
func (b buyer) short(point, most string) {
	b.t.Helper()
	item, err := b.s.Item(b.ctx(), b.item)
	require.NoError(b.t, err)
	require.NoError(b.t, b.s.ChangeItem(b.ctx(), b.item, item.Version, func(i *models.Item) {
		i.ReorderPoint, i.MaxStock, i.SupplierID, i.UnitCost = price(point), price(most), &b.supplier, price("2")
	}))
}

func (b buyer) drafts() []store.PurchaseOrderView {
	b.t.Helper()
	rows, err := b.s.PurchaseOrders(b.ctx(), store.PurchaseOrderFilter{Origin: []string{"replenishment"}}, store.Page{Limit: 10, Sort: "number"})
	require.NoError(b.t, err)
	var full []store.PurchaseOrderView
	for _, o := range rows.Items {
		full = append(full, b.read(o.ID))
	}
	return full
}

func (b buyer) woken() int {
	b.t.Helper()
	var n int
	require.NoError(b.t, b.db.Owner.QueryRowContext(b.t.Context(), `SELECT count(*) FROM outbox WHERE process = 'StockReplenishment' AND tenant_id = $1`,
		b.p.Tenant).Scan(&n))
	return n
}

func TestReplenishmentProposesAShortageOnce(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	b.receive("10", "2")
	b.short("4", "12")
	loaded, err := b.s.LoadReplenishment(b.ctx())
	require.NoError(t, err)
	require.False(t, loaded.Short)
	before := b.woken()
	order := createWorkOrder(t, b.s, b.p, "New seals").ID
	_, err = b.issue(order, "5")
	require.NoError(t, err)
	require.Equal(t, before, b.woken(), "five are above the point")
	_, err = b.issue(order, "1")
	require.NoError(t, err)
	require.Equal(t, before+1, b.woken(), "at the point it is told")
	_, err = b.issue(order, "1")
	require.NoError(t, err)
	require.Equal(t, before+1, b.woken(), "once")

	loaded, err = b.s.LoadReplenishment(b.ctx())
	require.NoError(t, err)
	require.True(t, loaded.Short)
	var all sync.WaitGroup
	faults := make([]error, 6)
	for i := range faults { // six workers at once
		all.Go(func() { _, faults[i] = b.s.Replenish(b.ctx()) })
	}
	all.Wait()
	for _, err := range faults {
		require.NoError(t, err)
	}
	drafts := b.drafts()
	require.Len(t, drafts, 1)
	require.Len(t, drafts[0].Lines, 1)
	require.Equal(t, "9", drafts[0].Lines[0].Quantity.String(), "up to the most")
	require.Equal(t, "18", drafts[0].Amount.String())
	require.Equal(t, models.PurchaseOrderDraft, drafts[0].Status)
	loaded, err = b.s.LoadReplenishment(b.ctx())
	require.NoError(t, err)
	require.False(t, loaded.Short, "a draft is on order")

	_, err = b.s.Replenish(b.ctx())
	require.NoError(t, err)
	require.Len(t, b.drafts()[0].Lines, 1)
	b.must(drafts[0].ID, models.PurchaseOrderCancel, models.PurchaseOrderCommand{Reason: "too much"})
	_, err = b.s.Replenish(b.ctx())
	require.NoError(t, err)
	require.Len(t, b.drafts(), 2, "what was cancelled is not on order")
}

func TestReplenishmentCountsWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	b.short("4", "13")
	box, dozen := "box", dec("12")
	require.NoError(t, b.s.ChangeItem(b.ctx(), b.item, b.readItem().Version, func(i *models.Item) { i.PurchaseUnit, i.PurchaseFactor = &box, &dozen }))
	work := createWorkOrder(t, b.s, b.p, "New seals").ID
	short := func() bool {
		loaded, err := b.s.LoadReplenishment(b.ctx())
		require.NoError(t, err)
		return loaded.Short
	}
	asks := func(line models.NewPurchaseOrderLine) uuid.UUID {
		id := models.NewID()
		line.ItemID, line.Quantity = &b.item, dec("1")
		require.NoError(t, b.s.CreateRequisition(b.ctx(), id, models.NewRequisition{Lines: []models.NewPurchaseOrderLine{line}}))
		return id
	}
	asks(models.NewPurchaseOrderLine{Unit: box, WorkOrderID: &work})
	require.True(t, short(), "what a work order gets directly does not come into stock")
	asks(models.NewPurchaseOrderLine{})
	require.True(t, short(), "one piece is not enough")
	wanted := asks(models.NewPurchaseOrderLine{Unit: box})
	require.False(t, short(), "a box is asked for: it is not ordered twice")
	require.NoError(t, b.s.RejectRequisition(b.ctx(), wanted, nil, "too dear"))
	require.True(t, short())
	_, err := b.s.Replenish(b.ctx())
	require.NoError(t, err)
	require.Equal(t, "12", b.drafts()[0].Lines[0].Quantity.Mul(b.drafts()[0].Lines[0].UnitFactor).String(), "up to the most, less the piece")
}

func TestReplenishmentCollectsASuppliersDraft(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	b.short("4", "12")
	_, err := b.s.Replenish(b.ctx())
	require.NoError(t, err)
	other := b.newSupplier("NOR", nil)
	for _, n := range []struct {
		code     string
		supplier uuid.UUID
	}{{"BELT-1", b.supplier}, {"OIL-1", other}} {
		_, err := b.s.CreateItem(b.ctx(), func(i *models.Item) {
			i.Code, i.Name, i.Unit, i.ReorderPoint, i.SupplierID = n.code, n.code, "pc", price("2"), &n.supplier
		})
		require.NoError(t, err)
	}
	_, err = b.s.CreateItem(b.ctx(), func(i *models.Item) {
		i.Code, i.Name, i.Unit, i.ReorderPoint = "GREASE", "Nobody sells it", "kg", price("2")
	})
	require.NoError(t, err)
	_, err = b.s.Replenish(b.ctx())
	require.NoError(t, err)
	drafts := b.drafts()
	require.Len(t, drafts, 2, "one draft a supplier")
	require.Len(t, drafts[0].Lines, 2)
	require.Equal(t, 1, drafts[0].Revision)

	b.must(drafts[0].ID, models.PurchaseOrderSubmit, models.PurchaseOrderCommand{})
	b.must(drafts[0].ID, models.PurchaseOrderSend, models.PurchaseOrderCommand{})
	b.must(drafts[0].ID, models.PurchaseOrderClose, models.PurchaseOrderCommand{})
	_, err = b.s.Replenish(b.ctx())
	require.NoError(t, err)
	require.Len(t, b.drafts(), 3, "what was closed short runs short again")
}

func TestReplenishmentOfAnotherTenant(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	b.short("4", "12")
	other := b
	other.p = storetest.NewPlant(t, b.db, "two")
	loaded, err := b.s.LoadReplenishment(other.ctx())
	require.NoError(t, err)
	require.Nil(t, loaded)
	r, err := b.s.Replenish(other.ctx())
	require.NoError(t, err)
	require.Nil(t, r)
	require.Empty(t, b.drafts())
}

func TestReplenishmentCountsWhatWorkOrdersMiss(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	b.receive("10", "2")
	b.short("4", "12")
	order := createWorkOrder(t, b.s, b.p, "New seals").ID
	before := b.woken()
	require.NoError(t, b.s.Reserve(b.ctx(), models.NewID(), order, models.NewReservation{
		ItemID: b.item, LocationID: b.bins[0], Quantity: dec("14"), Kind: models.ReservationHard,
	}))
	require.Equal(t, before+1, b.woken())
	_, err := b.s.Replenish(b.ctx())
	require.NoError(t, err)
	require.Equal(t, "16", b.drafts()[0].Lines[0].Quantity.String(), "ten are promised, four are missing")
}
