package store_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

func TestDeliveriesArePutAway(t *testing.T) {
	t.Parallel()
	r := newStockroom(t, models.CostingFIFO, models.TrackingLot)
	place := func(code string, kind models.LocationKind, parent uuid.UUID) uuid.UUID {
		id, err := r.s.CreateLocation(r.ctx(), func(l *models.Location) { l.Code, l.Name, l.Kind, l.ParentID = code, code, kind, &parent })
		require.NoError(t, err)
		return id
	}
	storeroom := place("ST", models.LocationStoreroom, r.p.Site)
	dock, bin := place("ST-IN", models.LocationReceiving, storeroom), place("ST-1", models.LocationBin, storeroom)
	elsewhere := place("ST-2", models.LocationStoreroom, r.p.Site)
	waiting := func(s store.PutAwayFilter) []store.PutAwayView {
		rows, err := r.s.PutAways(r.ctx(), s, store.Page{Limit: 1, Sort: "arrived_at"})
		require.NoError(t, err)
		all := rows.Items
		for rows.Next != nil {
			rows, err = r.s.PutAways(r.ctx(), s, store.Page{Limit: 1, Sort: "arrived_at", After: rows.Next})
			require.NoError(t, err)
			all = append(all, rows.Items...)
		}
		return all
	}
	cost := dec("2.50")
	for _, lot := range []string{"A", "B"} {
		r.must(models.NewMovement{Kind: models.MovementReceipt, LocationID: dock, Quantity: dec("10"), UnitCost: &cost, Lot: lot})
	}
	require.Len(t, waiting(store.PutAwayFilter{}), 2)
	require.Nil(t, waiting(store.PutAwayFilter{})[0].ToLocationID, "it never lay anywhere")

	refused := r.s.ChangeLocation(r.ctx(), dock, 1, func(l *models.Location) { l.Kind = models.LocationRoom })
	require.Equal(t, models.CodeConflict, models.ErrorCode(refused), "stock lies there")
	require.NoError(t, r.s.ChangeLocation(r.ctx(), elsewhere, 1, func(l *models.Location) { l.Kind = models.LocationRoom }), "nothing lies there")
	require.NoError(t, r.s.ChangeLocation(r.ctx(), elsewhere, 2, func(l *models.Location) { l.Kind = models.LocationStoreroom }))

	order := createWorkOrder(t, r.s, r.p, "New seals").ID
	want := models.NewReservation{ItemID: r.item, LocationID: dock, Quantity: dec("4"), Kind: models.ReservationHard}
	requirePointer(t, r.s.Reserve(r.ctx(), models.NewID(), order, want), "/location_id")
	want.LocationID = bin
	require.NoError(t, r.s.Reserve(r.ctx(), models.NewID(), order, want))
	first := waiting(store.PutAwayFilter{ItemIDs: []uuid.UUID{r.item}, LocationIDs: []uuid.UUID{dock}})[0]
	require.Equal(t, []any{"A", "10", "ST-1"}, []any{first.Lot, first.Quantity.String(), *first.ToLocationCode}, "a work order waits for it there")

	away := models.NewMovement{Kind: models.MovementPutAway, LocationID: dock, ToLocationID: &bin, Quantity: dec("6"), Lot: "A"}
	for pointer, change := range map[string]func(*models.NewMovement){
		"/to_location_id": func(n *models.NewMovement) { n.ToLocationID = &elsewhere },
		"/location_id":    func(n *models.NewMovement) { n.LocationID, n.ToLocationID = bin, &storeroom },
		"/quantity":       func(n *models.NewMovement) { n.Quantity = dec("20.5") },
	} {
		wrong := away
		change(&wrong)
		_, err := r.post(wrong)
		requirePointer(t, err, pointer)
	}
	direct := away
	direct.Kind = models.MovementTransfer
	_, err := r.post(direct)
	requirePointer(t, err, "/location_id")
	back := away
	back.ToLocationID = &dock
	_, err = r.post(back)
	require.Equal(t, models.CodeInvalid, models.ErrorCode(err))

	moved := r.must(away)
	require.True(t, moved.Value.IsZero(), "it is worth what it was")
	require.Equal(t, []string{"14", "6"}, []string{r.onHand(dock), r.onHand(bin)})
	held, err := r.s.Reservations(r.ctx(), store.ReservationFilter{WorkOrderIDs: []uuid.UUID{order}}, store.Page{Limit: 1, Sort: "created_at"})
	require.NoError(t, err)
	require.Equal(t, models.ReservationReserved, held.Items[0].Status, "what is put away is held for who waits")
	key := r.ctx()
	require.Equal(t, models.CodeConflict, models.ErrorCode(r.s.ReverseMovement(key, models.NewID(), moved.ID, "wrong bin")), "4 of it are held")
	away.Quantity = dec("1")
	last := r.must(away)
	require.NoError(t, r.s.ReverseMovement(r.ctx(), models.NewID(), last.ID, "wrong bin"))
	require.Equal(t, []string{"14", "6"}, []string{r.onHand(dock), r.onHand(bin)})
	r.proven()

	_, err = r.db.Owner.ExecContext(t.Context(), `ALTER TABLE stock_entries DISABLE TRIGGER stock_entries_append_only`)
	require.NoError(t, err)
	_, err = r.db.Owner.ExecContext(t.Context(), `UPDATE stock_entries SET location_id = $3 WHERE tenant_id = $1 AND movement_id = $2 AND quantity > 0`,
		r.p.Tenant, moved.ID, elsewhere)
	require.NoError(t, err)
	faults, err := r.s.VerifyLedger(r.ctx())
	require.NoError(t, err)
	require.Contains(t, faults, store.LedgerFault{Check: "movement", ItemCode: "SEAL-1", LocationID: &bin, Ledger: "0", Kept: "6.000000"}, "%+v", faults)

	other := storetest.NewPlant(t, r.db, "two").Context(t.Context())
	rows, err := r.s.PutAways(other, store.PutAwayFilter{}, store.Page{Limit: 10, Sort: "arrived_at"})
	require.NoError(t, err)
	require.Empty(t, rows.Items)
}
