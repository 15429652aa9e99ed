package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// stockroom is a plant with an item and two bins.
type stockroom struct {
	t    *testing.T
	s    *store.Store
	db   storetest.Database
	p    storetest.Plant
	item uuid.UUID
	bins []uuid.UUID
}

func newStockroom(t *testing.T, costing models.Costing, tracking models.Tracking) stockroom {
	t.Helper()
	s, db := storetest.New(t)
	r := stockroom{t: t, s: s, db: db, p: storetest.NewPlant(t, db, "one")}
	var err error
	r.item, err = s.CreateItem(r.ctx(), func(i *models.Item) {
		i.Code, i.Name, i.Unit, i.Costing, i.Tracking = "SEAL-1", "Seal", "pc", costing, tracking
	})
	require.NoError(t, err)
	for n := range 2 {
		id := models.NewID()
		_, err := db.Owner.ExecContext(t.Context(), `INSERT INTO locations (tenant_id, id, code, name, kind, parent_id, site_id, time_zone, created_at, updated_at)
			VALUES ($1, $2, $3, 'Bin', 'bin', $4, $4, 'Europe/Berlin', now(), now())`, r.p.Tenant, id, fmt.Sprint("BIN", n), r.p.Site)
		require.NoError(t, err)
		r.bins = append(r.bins, id)
	}
	return r
}

func (r stockroom) ctx() context.Context {
	return models.WithCommandKey(r.p.Context(r.t.Context()), models.CommandKey{ID: models.NewID(), Hash: []byte{1}, Sent: true})
}

func (r stockroom) post(n models.NewMovement) (store.MovementView, error) {
	n.ItemID = r.item
	if n.LocationID == uuid.Nil {
		n.LocationID = r.bins[0]
	}
	ctx := r.ctx()
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	if err := r.s.PostMovement(ctx, id, n); err != nil {
		return store.MovementView{}, err
	}
	return r.s.StockMovement(ctx, id)
}

func (r stockroom) must(n models.NewMovement) store.MovementView {
	r.t.Helper()
	m, err := r.post(n)
	require.NoError(r.t, err)
	return m
}

func (r stockroom) receive(quantity, cost string) store.MovementView {
	r.t.Helper()
	unit := dec(cost)
	return r.must(models.NewMovement{Kind: models.MovementReceipt, Quantity: dec(quantity), UnitCost: &unit})
}

func (r stockroom) issue(order uuid.UUID, quantity string) (store.MovementView, error) {
	return r.post(models.NewMovement{Kind: models.MovementIssue, Quantity: dec(quantity), WorkOrderID: &order})
}

func (r stockroom) proven() {
	r.t.Helper()
	faults, err := r.s.VerifyLedger(r.ctx())
	require.NoError(r.t, err)
	require.Empty(r.t, faults)
}

func TestStockToTheCent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		costing            models.Costing
		first, back, worth string
	}{
		{models.CostingMovingAverage, "-31.72", "10.57", "52.86"},
		{models.CostingFIFO, "-30", "10", "54.01"},
	} {
		t.Run(string(c.costing), func(t *testing.T) {
			t.Parallel()
			r := newStockroom(t, c.costing, models.TrackingNone)
			order := createWorkOrder(t, r.s, r.p, "New seals").ID
			r.receive("3", "10")
			r.receive("4", "11.0025")
			issued, err := r.issue(order, "3")
			require.NoError(t, err)
			require.Equal(t, c.first, issued.Value.String())
			r.must(models.NewMovement{Kind: models.MovementTransfer, Quantity: dec("2"), ToLocationID: &r.bins[1]})
			back := r.must(models.NewMovement{Kind: models.MovementReturn, Quantity: dec("1"), WorkOrderID: &order})
			require.Equal(t, c.back, back.Value.String())

			stock, err := r.s.ItemStock(r.ctx(), r.item)
			require.NoError(t, err)
			require.Equal(t, c.worth, stock.Value.String())
			costs, err := r.s.WorkOrderCosts(r.ctx(), order, store.Page{Limit: 10, Sort: "created_at"})
			require.NoError(t, err)
			require.Len(t, costs.Items, 2)
			require.True(t, costs.Items[0].Amount.Add(costs.Items[1].Amount).Equal(issued.Value.Add(back.Value).Neg()))
			_, err = r.post(models.NewMovement{Kind: models.MovementReturn, Quantity: dec("2.5"), WorkOrderID: &order})
			require.Equal(t, models.CodeConflict, models.ErrorCode(err))
			r.proven()
		})
	}
}

func TestStockInOtherUnits(t *testing.T) {
	t.Parallel()
	for _, costing := range []models.Costing{models.CostingMovingAverage, models.CostingFIFO} {
		t.Run(string(costing), func(t *testing.T) {
			t.Parallel()
			r := newStockroom(t, costing, models.TrackingNone)
			r.inUnits(0)
			order := createWorkOrder(t, r.s, r.p, "New seals").ID
			cost := dec("1.005")
			received := r.must(models.NewMovement{Kind: models.MovementReceipt, Quantity: dec("7"), Unit: "box", UnitCost: &cost})
			require.Equal(t, "84", received.Quantity.String())
			require.Equal(t, "7.04", received.Value.String(), "7 boxes at 1.005, rounded once")
			require.Equal(t, "7", received.EnteredQuantity.String())
			require.Equal(t, "box", *received.EnteredUnit)

			issued := r.must(models.NewMovement{Kind: models.MovementIssue, Quantity: dec("3.5"), Unit: "pair", WorkOrderID: &order})
			require.Equal(t, "7", issued.Quantity.String())
			_, err := r.post(models.NewMovement{Kind: models.MovementIssue, Quantity: dec("0.3"), Unit: "pair", WorkOrderID: &order})
			requirePointer(t, err, "/quantity")
			_, err = r.post(models.NewMovement{Kind: models.MovementIssue, Quantity: dec("1"), Unit: "pallet", WorkOrderID: &order})
			requirePointer(t, err, "/unit")
			r.must(models.NewMovement{Kind: models.MovementReturn, Quantity: dec("3.5"), Unit: "pair", WorkOrderID: &order})
			stock, err := r.s.ItemStock(r.ctx(), r.item)
			require.NoError(t, err)
			require.Equal(t, "7.04", stock.Value.String())
			r.proven()

			require.NoError(t, r.s.Reserve(r.ctx(), models.NewID(), order, models.NewReservation{
				ItemID: r.item, LocationID: r.bins[0], Quantity: dec("2"), Unit: "box", Kind: models.ReservationHard,
			}))
			_, err = r.issue(order, "0.5")
			requirePointer(t, err, "/quantity")
			require.Equal(t, "24", r.readItem().Reserved.String())
		})
	}
}

// inUnits counts the stockroom's item by box of 12 and pair as well, with so many digits after the point.
func (r stockroom) inUnits(decimals int) {
	r.t.Helper()
	require.NoError(r.t, r.s.ChangeItem(r.ctx(), r.item, r.readItem().Version, func(i *models.Item) {
		box, twelve, pair, two := "box", dec("12"), "pair", dec("2")
		i.PurchaseUnit, i.PurchaseFactor, i.IssueUnit, i.IssueFactor, i.Decimals = &box, &twelve, &pair, &two, decimals
	}))
}

func (r stockroom) readItem() store.ItemView {
	r.t.Helper()
	v, err := r.s.Item(r.ctx(), r.item)
	require.NoError(r.t, err)
	return v
}

// requirePointer wants a refusal that names a field.
func requirePointer(t *testing.T, err error, pointer string) {
	t.Helper()
	e := models.AsError(err)
	require.NotNil(t, e, "%v", err)
	require.Len(t, e.Fields, 1)
	require.Equal(t, pointer, e.Fields[0].Pointer)
}

func TestStockIsNeverNegative(t *testing.T) {
	t.Parallel()
	r := newStockroom(t, models.CostingMovingAverage, models.TrackingNone)
	order := createWorkOrder(t, r.s, r.p, "New seals").ID
	r.receive("5", "1")
	for _, n := range []models.NewMovement{
		{Kind: models.MovementIssue, Quantity: dec("5.000001"), WorkOrderID: &order},
		{Kind: models.MovementScrap, Quantity: dec("6"), Reason: "dropped"},
		{Kind: models.MovementTransfer, Quantity: dec("6"), ToLocationID: &r.bins[1]},
		{Kind: models.MovementAdjustment, Quantity: dec("-6"), Reason: "counted"},
		{Kind: models.MovementIssue, Quantity: dec("1"), WorkOrderID: &order, LocationID: r.bins[1]},
	} {
		_, err := r.post(n)
		require.Equal(t, models.CodeConflict, models.ErrorCode(err), "%+v", n)
	}
	r.proven()
}

func TestReversal(t *testing.T) {
	t.Parallel()
	for _, costing := range []models.Costing{models.CostingMovingAverage, models.CostingFIFO} {
		r := newStockroom(t, costing, models.TrackingNone)
		order := createWorkOrder(t, r.s, r.p, "New seals").ID
		receipt := r.receive("4", "2.50")
		issued, err := r.issue(order, "3")
		require.NoError(t, err)
		reverse := func(of uuid.UUID) error {
			ctx := r.ctx()
			return r.s.ReverseMovement(ctx, models.SubjectID(models.CommandKeyFrom(ctx).ID), of, "wrong bin")
		}
		require.Equal(t, models.CodeConflict, models.ErrorCode(reverse(receipt.ID)), "used meanwhile")
		require.NoError(t, reverse(issued.ID))
		require.Equal(t, models.CodeConflict, models.ErrorCode(reverse(issued.ID)), "once only")
		r.proven()
		stock, err := r.s.ItemStock(r.ctx(), r.item)
		require.NoError(t, err)
		require.Equal(t, "10", stock.Value.String())
		_, err = r.issue(order, "4")
		require.NoError(t, err)
		r.proven()
	}
}

func TestStockTravels(t *testing.T) {
	t.Parallel()
	r := newStockroom(t, models.CostingFIFO, models.TrackingNone)
	r.inUnits(0)
	r.receive("40", "1.25")
	ctx := r.ctx()
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	sent := models.NewStockTransfer{ItemID: r.item, LocationID: r.bins[0], ToLocationID: r.bins[1], Quantity: dec("2"), Unit: "box"}
	for range 2 {
		require.NoError(t, r.s.SendStock(ctx, id, sent))
	}
	transfer := func() store.StockTransferView {
		v, err := r.s.StockTransfer(ctx, id)
		require.NoError(t, err)
		return v
	}
	require.Equal(t, "24", transfer().Open().String())
	require.Equal(t, "24", r.readItem().InTransit.String())
	require.Equal(t, "16", r.onHand(r.bins[0]))
	require.Equal(t, "24", r.onHand(transfer().TransitID))
	r.proven()
	order := createWorkOrder(t, r.s, r.p, "New seals").ID
	_, err := r.post(models.NewMovement{Kind: models.MovementIssue, LocationID: transfer().TransitID, Quantity: dec("1"), WorkOrderID: &order})
	requirePointer(t, err, "/location_id")

	step := func(name models.TransferStep, quantity, reason string) error {
		n := models.NewTransferStep{Step: name, Reason: reason}
		if quantity != "" {
			n.Quantity = price(quantity)
		}
		key := r.ctx()
		first := r.s.StepTransfer(key, models.SubjectID(models.CommandKeyFrom(key).ID), id, n)
		if first == nil { // sent twice it is one movement
			require.NoError(t, r.s.StepTransfer(key, models.SubjectID(models.CommandKeyFrom(key).ID), id, n))
		}
		return first
	}
	require.NoError(t, step(models.TransferReceive, "15", ""))
	requirePointer(t, step(models.TransferReceive, "10", ""), "/quantity")
	requirePointer(t, step(models.TransferScrap, "1", ""), "/reason")
	require.NoError(t, step(models.TransferReturn, "5", "too many"))
	require.NoError(t, step(models.TransferAdjust, "1", "one box was not full"))
	require.NoError(t, step(models.TransferScrap, "", "wet"))
	require.Equal(t, models.CodeConflict, models.ErrorCode(step(models.TransferReceive, "", "")))
	v := transfer()
	require.Equal(t, "closed", v.Status())
	require.Equal(t, []string{"15", "5", "4"}, []string{v.Received.String(), v.Returned.String(), v.Lost.String()})
	require.Equal(t, []string{"21", "15", "0"}, []string{r.onHand(r.bins[0]), r.onHand(r.bins[1]), r.onHand(v.TransitID)})
	stock, err := r.s.ItemStock(ctx, r.item)
	require.NoError(t, err)
	require.Equal(t, "45", stock.Value.String(), "4 of 40 are lost, at what they cost")
	r.proven()

	ledger, err := r.s.StockMovements(ctx, store.MovementFilter{LocationIDs: []uuid.UUID{v.TransitID}}, store.Page{Limit: 10, Sort: "posted_at"})
	require.NoError(t, err)
	require.Len(t, ledger.Items, 5)
	key := r.ctx()
	require.Equal(t, models.CodeConflict, models.ErrorCode(r.s.ReverseMovement(key, models.NewID(), ledger.Items[0].ID, "wrong")))
	list, err := r.s.StockTransfers(ctx, store.StockTransferFilter{Statuses: []string{"in_transit"}}, store.Page{Limit: 10, Sort: "sent_at"})
	require.NoError(t, err)
	require.Empty(t, list.Items)

	other := storetest.NewPlant(t, r.db, "two").Context(t.Context())
	_, err = r.s.StockTransfer(other, id)
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	require.Equal(t, models.CodeNotFound, models.ErrorCode(r.s.StepTransfer(other, models.NewID(), id, models.NewTransferStep{Step: models.TransferReceive})))
	list, err = r.s.StockTransfers(other, store.StockTransferFilter{}, store.Page{Limit: 10, Sort: "sent_at"})
	require.NoError(t, err)
	require.Empty(t, list.Items)
}

// onHand is what lies of the item at a place.
func (r stockroom) onHand(place uuid.UUID) string {
	r.t.Helper()
	stock, err := r.s.ItemStock(r.ctx(), r.item)
	require.NoError(r.t, err)
	for _, p := range stock.Places {
		if p.LocationID == place {
			return p.OnHand.String()
		}
	}
	return "0"
}

func TestSerialNumbersAreSingle(t *testing.T) {
	t.Parallel()
	r := newStockroom(t, models.CostingMovingAverage, models.TrackingSerial)
	unit := dec("100")
	receipt := models.NewMovement{Kind: models.MovementReceipt, Quantity: dec("1"), UnitCost: &unit, Serial: "SN-1"}
	r.must(receipt)
	_, err := r.post(receipt)
	require.Equal(t, models.CodeInvalid, models.ErrorCode(err), "it lies there already")
	receipt.LocationID = r.bins[1]
	_, err = r.post(receipt)
	require.Equal(t, models.CodeConflict, models.ErrorCode(err), "one unit cannot lie in two places")
	_, err = r.post(models.NewMovement{Kind: models.MovementScrap, Quantity: dec("1"), Serial: "SN-2", Reason: "broken"})
	require.Equal(t, models.CodeConflict, models.ErrorCode(err))
	r.must(models.NewMovement{Kind: models.MovementTransfer, Quantity: dec("1"), Serial: "SN-1", ToLocationID: &r.bins[1]})
	r.proven()
}

func TestWorkOrderWaitsForItsMaterial(t *testing.T) {
	t.Parallel()
	r := newStockroom(t, models.CostingMovingAverage, models.TrackingNone)
	order := createWorkOrder(t, r.s, r.p, "New seals").ID
	other := createWorkOrder(t, r.s, r.p, "Other seals").ID
	reserve := func(order uuid.UUID, quantity string) uuid.UUID {
		ctx := r.ctx()
		id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
		require.NoError(t, r.s.Reserve(ctx, id, order, models.NewReservation{
			ItemID: r.item, LocationID: r.bins[0], Quantity: dec(quantity), Kind: models.ReservationHard,
		}))
		return id
	}
	step := func(order uuid.UUID) models.WorkOrderStatus {
		loaded, err := r.s.LoadWorkOrder(r.ctx(), order)
		require.NoError(t, err)
		if action := loaded.MaterialStep(loaded.MaterialShort); action != "" {
			w, err := r.s.RunWorkOrderAction(r.ctx(), order, action)
			require.NoError(t, err)
			return w.Status
		}
		return loaded.Status
	}
	r.receive("2", "10")
	first := reserve(order, "5")
	require.Equal(t, models.WorkOrderWaitingMaterial, step(order))
	_, err := r.issue(other, "1")
	require.Equal(t, models.CodeConflict, models.ErrorCode(err), "what is held for one order is not issued to another")

	second := reserve(other, "1")
	r.receive("3", "10")
	require.Equal(t, models.WorkOrderApproved, step(order), "who asked first is served first")
	require.Equal(t, models.WorkOrderWaitingMaterial, step(other))
	_, err = r.issue(order, "5")
	require.NoError(t, err)
	reservation, err := r.s.Reservation(r.ctx(), first)
	require.NoError(t, err)
	require.Equal(t, models.ReservationIssued, reservation.Status)
	require.NoError(t, r.s.ReleaseReservation(r.ctx(), second))
	require.Equal(t, models.WorkOrderApproved, step(other))
	r.proven()
}

func TestReservationEndsWithItsDayAndItsOrder(t *testing.T) {
	t.Parallel()
	r := newStockroom(t, models.CostingMovingAverage, models.TrackingNone)
	order := createWorkOrder(t, r.s, r.p, "New seals")
	r.receive("5", "1")
	ctx := r.ctx()
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	require.NoError(t, r.s.Reserve(ctx, id, order.ID, models.NewReservation{
		ItemID: r.item, LocationID: r.bins[0], Quantity: dec("5"), Kind: models.ReservationHard,
	}))
	_, err := command(t, r.s, r.p, order, models.WorkOrderCancel, models.WorkOrderCommand{Reason: "not needed"})
	require.NoError(t, err)
	reservation, err := r.s.Reservation(r.ctx(), id)
	require.NoError(t, err)
	require.Equal(t, models.ReservationReleased, reservation.Status)

	tomorrow := models.DateOf(time.Now().AddDate(0, 0, 1), time.UTC)
	another := createWorkOrder(t, r.s, r.p, "Other seals")
	ctx = r.ctx()
	id = models.SubjectID(models.CommandKeyFrom(ctx).ID)
	require.NoError(t, r.s.Reserve(ctx, id, another.ID, models.NewReservation{
		ItemID: r.item, LocationID: r.bins[0], Quantity: dec("5"), Kind: models.ReservationHard, ExpiresOn: &tomorrow,
	}))
	n, err := r.s.ExpireReservations(t.Context(), 10)
	require.NoError(t, err)
	require.Zero(t, n)
	_, err = r.db.Owner.ExecContext(t.Context(), `UPDATE reservations SET expires_on = current_date - 3 WHERE id = $1`, id)
	require.NoError(t, err)
	n, err = r.s.ExpireReservations(t.Context(), 10)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	r.proven()
}

// TestStockUnderContention lets 64 clients work on one item in two bins. A serial model needs only sums: every movement that was
// accepted counts, every other one did nothing.
func TestStockUnderContention(t *testing.T) {
	t.Parallel()
	for _, costing := range []models.Costing{models.CostingFIFO, models.CostingMovingAverage} {
		t.Run(string(costing), func(t *testing.T) {
			t.Parallel()
			contend(t, costing)
		})
	}
}

func contend(t *testing.T, costing models.Costing) {
	t.Helper()
	const clients, each = 64, 12
	r := newStockroom(t, costing, models.TrackingNone)
	order := createWorkOrder(t, r.s, r.p, "New seals").ID
	r.receive("50", "3.33")
	var mu sync.Mutex
	want := map[uuid.UUID]decimal.Decimal{r.bins[0]: dec("50"), r.bins[1]: decimal.Zero}
	var group errgroup.Group
	for client := range clients {
		group.Go(func() error {
			random := rand.New(rand.NewPCG(uint64(client), 7)) //nolint:gosec // a test that repeats itself
			for range each {
				n := randomMovement(random, r.bins, order)
				_, err := r.post(n)
				if models.ErrorCode(err) == models.CodeConflict {
					continue
				}
				if err != nil {
					return err
				}
				mu.Lock()
				count(want, n)
				mu.Unlock()
			}
			return nil
		})
	}
	require.NoError(t, group.Wait())
	stock, err := r.s.ItemStock(r.ctx(), r.item)
	require.NoError(t, err)
	have := map[uuid.UUID]decimal.Decimal{r.bins[0]: decimal.Zero, r.bins[1]: decimal.Zero}
	for _, place := range stock.Places {
		have[place.LocationID] = place.OnHand
	}
	for _, bin := range r.bins {
		require.True(t, want[bin].Equal(have[bin]), "want %s, have %s", want[bin], have[bin])
	}
	r.proven()
}

func randomMovement(random *rand.Rand, bins []uuid.UUID, order uuid.UUID) models.NewMovement {
	from := random.IntN(2)
	n := models.NewMovement{LocationID: bins[from], Quantity: decimal.New(random.Int64N(5)+1, 0)}
	switch random.IntN(4) {
	case 0:
		cost := decimal.New(random.Int64N(1000), -2)
		n.Kind, n.UnitCost = models.MovementReceipt, &cost
	case 1:
		n.Kind, n.ToLocationID = models.MovementTransfer, &bins[1-from]
	default:
		n.Kind, n.WorkOrderID = models.MovementIssue, &order
	}
	return n
}

func count(sums map[uuid.UUID]decimal.Decimal, n models.NewMovement) {
	switch n.Kind {
	case models.MovementReceipt:
		sums[n.LocationID] = sums[n.LocationID].Add(n.Quantity)
	case models.MovementTransfer:
		sums[n.LocationID] = sums[n.LocationID].Sub(n.Quantity)
		sums[*n.ToLocationID] = sums[*n.ToLocationID].Add(n.Quantity)
	default:
		sums[n.LocationID] = sums[n.LocationID].Sub(n.Quantity)
	}
}
