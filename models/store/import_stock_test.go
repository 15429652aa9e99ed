package store_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

func TestImportOfAStoreroom(t *testing.T) {
	t.Parallel()
	i, db, p := newImports(t)
	room := i.file(models.ImportLocations, models.ImportMapping{}, []string{"code", "name", "kind", "parent"}, []string{"ST", "Store", "storeroom", "SITE"})
	require.Equal(t, 1, room.RowsChanged)
	suppliers := []string{"code", "name", "email", "lead_days", "receipt_tolerance_pct"}
	row := i.file(models.ImportSuppliers, models.ImportMapping{}, suppliers,
		[]string{"SKF", "Bearings", "orders@example.com", "5", "2.5"}, []string{"NOR", "Belts", "", "1.5", ""}, []string{"BAD", "X", "nobody", "", ""})
	require.Equal(t, map[int]string{3: "lead_days range", 4: "email email"}, i.faults(row))

	items := []string{"code", "name", "unit", "tracking", "supplier", "reorder_point", "max_stock", "unit_cost"}
	row = i.file(models.ImportItems, models.ImportMapping{}, items,
		[]string{"BRG-1", "Bearing", "pc", "", "SKF", "4", "12", "12.50"}, []string{"MOT-1", "Motor", "pc", "serial", "", "", "", ""},
		[]string{"X-1", "X", "pc", "", "NOBODY", "", "", ""}, []string{"X-2", "X", "pc", "", "", "5", "4", ""})
	require.Equal(t, map[int]string{4: "supplier not_found", 5: "max_stock minimum"}, i.faults(row))
	require.Equal(t, 2, row.RowsChanged)
	require.NotZero(t, one[int](t, db, `SELECT count(*) FROM stock_replenishments WHERE tenant_id = $1`, p.Tenant), "what may run short is looked after")

	stock := []string{"item", "location", "quantity", "unit_cost", "serial"}
	records := [][]string{
		{"BRG-1", "ST", "10", "11", ""}, {"MOT-1", "ST", "1", "900", "S-1"}, {"MOT-1", "ST", "1", "900", ""}, {"BRG-1", "AREA", "1", "", ""},
	}
	row = i.file(models.ImportOpeningStock, models.ImportMapping{}, stock, records...)
	require.Equal(t, map[int]string{4: "serial required", 5: "location storeroom"}, i.faults(row))
	require.Equal(t, 2, row.RowsChanged)
	again := i.file(models.ImportOpeningStock, models.ImportMapping{}, stock, records[0], records[1])
	require.Equal(t, 2, again.RowsOK)
	require.Zero(t, again.RowsChanged, "the same file twice changes nothing")
	records[0][2] = "11"
	row = i.file(models.ImportOpeningStock, models.ImportMapping{}, stock, records[0])
	require.Equal(t, map[int]string{2: "quantity conflict"}, i.faults(row))
	require.Equal(t, "110", one[string](t, db, `SELECT trim_scale(value)::text FROM stock_values v JOIN items i ON i.tenant_id = v.tenant_id AND i.id = v.item_id
		WHERE i.tenant_id = $1 AND i.code = 'BRG-1'`, p.Tenant))
	row = i.file(models.ImportItems, models.ImportMapping{}, []string{"code", "name", "unit", "purchase_unit", "purchase_factor"}, []string{"OIL", "Oil", "l", "drum", "205"})
	require.Equal(t, 1, row.RowsChanged)
	boxed := []string{"item", "location", "quantity", "unit", "unit_cost"}
	drums := []string{"OIL", "ST", "2", "drum", "410.01"}
	row = i.file(models.ImportOpeningStock, models.ImportMapping{}, boxed, drums, []string{"BRG-1", "ST", "10", "box", ""})
	require.Equal(t, map[int]string{3: "unit unit"}, i.faults(row))
	require.Equal(t, "410 820.02", one[string](t, db, `SELECT trim_scale(v.quantity) || ' ' || trim_scale(v.value) FROM stock_values v
		JOIN items i ON i.tenant_id = v.tenant_id AND i.id = v.item_id WHERE i.tenant_id = $1 AND i.code = 'OIL'`, p.Tenant))
	for _, same := range [][]string{drums, {"OIL", "ST", "410", "l", ""}} {
		row = i.file(models.ImportOpeningStock, models.ImportMapping{}, boxed, same)
		require.Equal(t, []int{1, 0}, []int{row.RowsOK, row.RowsChanged}, "as many litres are the same, however they are counted")
	}
	faults, err := i.store.VerifyLedger(i.ctx)
	require.NoError(t, err)
	require.Empty(t, faults)

	row = i.file(models.ImportItems, models.ImportMapping{}, []string{"code", "name", "unit", "reorder_point"}, []string{"BRG-1", "Roller bearing", "pc", "6"}, []string{"MOT-1", "Motor", "kg", ""})
	require.Equal(t, map[int]string{3: "unit conflict"}, i.faults(row))
	require.Equal(t, 1, row.RowsChanged)
}

func TestPurchasingIsExported(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	_, err := b.s.CreateCatalogEntry(b.ctx(), func(e *models.CatalogEntry, currency string) {
		e.SupplierID, e.ItemID, e.Price, e.Currency = b.supplier, b.item, dec("7.5"), currency
	})
	require.NoError(t, err)
	require.NoError(t, b.s.CreateRequisition(b.ctx(), models.NewID(), models.NewRequisition{Lines: []models.NewPurchaseOrderLine{
		{ItemID: &b.item, Quantity: dec("2")}, {Description: "Hoist", Quantity: dec("1")},
	}}))
	n := b.orderOf("10", "2.5")
	n.Lines = append(n.Lines, models.NewPurchaseOrderLine{Description: "Freight", Quantity: dec("1"), UnitPrice: price("15")})
	o := b.sent(n)
	b.must(o.ID, models.PurchaseOrderReceive, b.delivery(o, "4"))
	b.invoice(o, "R-1", "4", "2.6")
	stranger := storetest.NewPlant(t, b.db, "two").Context(t.Context())
	for kind, want := range map[models.ExportKind][][]string{
		models.ExportSuppliers:        {{"SKF", "Bearings", "orders@example.com"}},
		models.ExportItems:            {{"SEAL-1", "Seal"}},
		models.ExportCatalogEntries:   {{"SKF", "SEAL-1", "", "7.50", "EUR"}},
		models.ExportRequisitions:     {{"RQ-000001", "open", "1", "SEAL-1", "Seal", "2"}, {"RQ-000001", "open", "2", "", "Hoist", "1"}},
		models.ExportPurchaseOrders:   {{"PO-000001", "1", "partially_received", "SKF", "1", "SEAL-1", "Seal", "10", "pc", "2.50", "25.00", "EUR", "1", "25.00"}, {"PO-000001", "1", "partially_received", "SKF", "2", "", "Freight", "1", "pc", "15.00"}},
		models.ExportGoodsReceipts:    {{"GR-000001", "receipt", "PO-000001", "1", "SKF", "", "SEAL-1", "Seal", "4", "pc", "10.00"}},
		models.ExportSupplierInvoices: {{"R-1", "SKF", "PO-000001", "1", "Seal", "4", "pc", "2.60", "10.40", "EUR", "blocked", "price"}},
		models.ExportStockMovements:   {},
	} {
		rows, err := b.s.ExportRows(b.ctx(), kind, models.ExportFilter{}, uuid.Nil, 10)
		require.NoError(t, err, kind)
		var paged []store.ExportRow
		for after := uuid.Nil; ; after = paged[len(paged)-1].ID {
			page, err := b.s.ExportRows(b.ctx(), kind, models.ExportFilter{}, after, 1)
			require.NoError(t, err, kind)
			if len(page) == 0 {
				break
			}
			paged = append(paged, page...)
		}
		require.Equal(t, rows, paged, kind)
		require.NotEmpty(t, rows, kind)
		var cells [][]string
		for _, row := range rows {
			cells = append(cells, row.Cells)
		}
		for _, wanted := range want {
			require.True(t, anyBegins(cells, wanted), "%s: %v is not in %v", kind, wanted, cells)
		}
		others, err := b.s.ExportRows(stranger, kind, models.ExportFilter{}, uuid.Nil, 10)
		require.NoError(t, err, kind)
		require.Empty(t, others, kind)
	}
}

func anyBegins(rows [][]string, with []string) bool {
	for _, row := range rows {
		same := len(row) >= len(with)
		for i := range with {
			same = same && row[i] == with[i]
		}
		if same {
			return true
		}
	}
	return false
}
