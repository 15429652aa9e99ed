package store

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// arrival is one unit or quantity of a receipt on its way to where it belongs.
type arrival struct {
	models.GoodsReceiptLine
	line models.PurchaseOrderLine
	at   string // the receipt's line, for faults
}

// goodsDelivery is a receipt or a return while it is posted.
type goodsDelivery struct {
	tx      *Tx
	order   models.PurchaseOrder
	receipt models.GoodsReceipt
	stamped map[uuid.UUID]int // assets that came of a line of the order
}

// postGoods writes what came or went back: each line posts stock, is charged to its work order or cost center, or becomes assets.
// lines are the order's before it. Locks are taken in one order: order, work orders, then items.
func (tx *Tx) postGoods(
	o models.PurchaseOrder, lines []models.PurchaseOrderLine, name models.PurchaseOrderCommandName, c models.PurchaseOrderCommand,
) error {
	g := models.GoodsReceipt{
		TenantID: o.TenantID, ID: models.DeriveID(tx.Command.ID, "goods_receipt"), PurchaseOrderID: o.ID, Kind: models.GoodsReceived,
		DeliveryNote: c.Receipt.DeliveryNote, Reason: c.Reason, ActorID: tx.Actor.UserID, PostedAt: tx.Now,
	}
	sign := decimal.New(1, 0)
	if name == models.PurchaseOrderReturn {
		g.Kind, sign = models.GoodsReturned, sign.Neg()
	}
	if err := tx.deliveredOnce(g); err != nil {
		return err
	}
	d := goodsDelivery{tx: tx, order: o, receipt: g, stamped: map[uuid.UUID]int{}}
	arrivals := arrivalsOf(o, g, lines, *c.Receipt, sign)
	for i := range arrivals {
		if i > 0 { // this one may be of the same item or asset, and reads what the one before left
			if err := tx.flush(); err != nil {
				return err
			}
		}
		if err := d.place(&arrivals[i]); err != nil {
			return underLine(arrivals[i].at, err)
		}
	}
	var err error
	if g.Number, err = tx.drawnNumber("GR", c.Receipt.Count); err != nil {
		return err
	}
	return tx.writeReceipt(g, arrivals)
}

// deliveredOnce refuses a delivery whose note was received already, and says under which number.
func (tx *Tx) deliveredOnce(g models.GoodsReceipt) error {
	if g.DeliveryNote == "" || g.Kind != models.GoodsReceived {
		return nil
	}
	numbers, err := txValues[string](tx, `SELECT number FROM goods_receipts WHERE tenant_id = $1 AND purchase_order_id = $2
		AND kind = 'receipt' AND delivery_note = $3`, g.TenantID, g.PurchaseOrderID, g.DeliveryNote)
	if err == nil && len(numbers) > 0 {
		return models.InvalidConflict("/delivery_note", "received", "Delivery %s was received already, as %s.", g.DeliveryNote, numbers[0])
	}
	return err
}

// arrivalsOf splits a receipt where units are told apart and says what each part is worth: the parts of a line sum to the line to
// the cent, whichever way it comes.
func arrivalsOf(
	o models.PurchaseOrder, g models.GoodsReceipt, lines []models.PurchaseOrderLine, r models.NewGoodsReceipt, sign decimal.Decimal,
) []arrival {
	byID := make(map[uuid.UUID]models.PurchaseOrderLine, len(lines))
	received := make(map[uuid.UUID]decimal.Decimal, len(lines))
	for _, l := range lines {
		byID[l.ID], received[l.ID] = l, l.Received
	}
	var all []arrival
	for i, n := range r.Lines {
		line := byID[n.LineID]
		for _, unit := range n.Units(line.AssetTemplateID != nil) {
			quantity := unit.Quantity.Mul(sign)
			before, after := received[line.ID], received[line.ID].Add(quantity)
			received[line.ID] = after
			all = append(all, arrival{line: line, at: fmt.Sprintf("/lines/%d", i), GoodsReceiptLine: models.GoodsReceiptLine{
				TenantID: g.TenantID, GoodsReceiptID: g.ID, Line: len(all) + 1, PurchaseOrderLineID: line.ID, Quantity: quantity,
				Value: line.BaseValue(o, after).Sub(line.BaseValue(o, before)), LocationID: unit.LocationID, Lot: unit.Lot, Serial: unit.Serial(),
			}})
		}
	}
	slices.SortStableFunc(all, func(a, b arrival) int { return bytes.Compare(a.lockKey(), b.lockKey()) })
	return all
}

// lockKey orders arrivals by what they lock: work orders, then items.
func (a arrival) lockKey() []byte {
	switch {
	case a.line.WorkOrderID != nil:
		return append([]byte{0}, a.line.WorkOrderID[:]...)
	case a.line.ForStock():
		return append([]byte{2}, a.line.ItemID[:]...)
	}
	return []byte{1}
}

// place brings one arrival to where it belongs.
func (d *goodsDelivery) place(a *arrival) error {
	switch {
	case a.line.ForStock():
		return d.placeInStock(a)
	case a.line.WorkOrderID != nil:
		return d.chargeWorkOrder(a)
	case a.line.AssetTemplateID != nil && a.Quantity.IsNegative():
		return d.returnAsset(a)
	case a.line.AssetTemplateID != nil:
		return d.stampAsset(a)
	case a.line.CostCenterID != nil:
		a.CostCenterID = a.line.CostCenterID
	}
	return nil
}

// placeInStock posts a receipt at the order's price in the tenant's currency, or takes out what goes back at what it is worth now.
func (d *goodsDelivery) placeInStock(a *arrival) error {
	id := models.DeriveID(d.receipt.ID, fmt.Sprintf("movement\n%d", a.Line))
	n := models.NewMovement{
		Kind: models.MovementReceipt, ItemID: *a.line.ItemID, LocationID: *a.LocationID, Quantity: a.Quantity, Unit: a.line.Unit, Factor: &a.line.UnitFactor,
		Lot: a.Lot, Serial: a.Serial, Reason: d.order.Number,
	}
	if a.Quantity.IsNegative() {
		n.Kind, n.Quantity = models.MovementVendorReturn, a.Quantity.Neg()
	} else {
		cost := a.Value.Div(a.Quantity)
		n.UnitCost = &cost
	}
	a.MovementID = &id
	return d.tx.post(id, n)
}

// chargeWorkOrder records what came as a cost of its work order; what goes back is a credit. A work order that is over takes no more
// costs: what it had ordered is charged to the cost center of its asset, so that no delivery stays at the gate.
func (d *goodsDelivery) chargeWorkOrder(a *arrival) error {
	tx, g, o := d.tx, d.receipt, d.order
	w, err := tx.workOrderOfRecord(*a.line.WorkOrderID)
	if err != nil {
		return err
	}
	if err := w.Status.TakesCosts(); err != nil {
		return d.chargeCostCenter(a, w)
	}
	c := models.WorkOrderCost{
		TenantID: g.TenantID, ID: models.DeriveID(g.ID, fmt.Sprintf("cost\n%d", a.Line)), WorkOrderID: *a.line.WorkOrderID, AssetID: w.AssetID,
		Kind: models.CostServices, Amount: a.Value, Currency: o.BaseCurrency, Description: o.Number + " " + a.line.Description,
		IncurredOn: w.today(tx.Now), ActorID: g.ActorID, CreatedAt: tx.Now,
	}
	if a.line.ItemID != nil {
		c.Kind = models.CostParts
	}
	if c.Amount.IsZero() {
		return nil
	}
	a.WorkOrderCostID = &c.ID
	return create(tx, &c)
}

// chargeCostCenter charges what came for a work order that is over.
func (d *goodsDelivery) chargeCostCenter(a *arrival, w recordedOrder) error {
	centers, err := txValues[*uuid.UUID](d.tx, `SELECT cost_center_id FROM assets WHERE tenant_id = $1 AND id = $2`, d.receipt.TenantID, w.AssetID)
	if err != nil {
		return err
	}
	if len(centers) == 0 || centers[0] == nil {
		return models.InvalidConflict("/line_id", "work_order_over",
			"Its work order is %s and takes no costs, and its asset has no cost center that could.", w.Status)
	}
	a.CostCenterID = centers[0]
	return nil
}

// stampAsset makes an asset of the line's template, received and not yet in service. Its code is the order's number, the line and a
// count.
func (d *goodsDelivery) stampAsset(a *arrival) error {
	tx, o := d.tx, d.order
	template, err := lockRecord[models.AssetTemplate](tx, *a.line.AssetTemplateID)
	if err != nil {
		return err
	}
	count, err := d.nextAsset(a.line.ID)
	if err != nil {
		return err
	}
	asset := models.Asset{
		Record: models.Record{
			TenantID: o.TenantID, ID: models.DeriveID(d.receipt.ID, fmt.Sprintf("asset\n%d", a.Line)), Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
		},
		Code: fmt.Sprintf("%s-%d-%d", o.Number, a.line.Line, count), Name: a.line.Description, CategoryID: template.CategoryID,
		LocationID: *a.LocationID, TemplateID: a.line.AssetTemplateID, CostCenterID: a.line.CostCenterID, DepartmentID: o.DepartmentID,
		LifecycleState: models.AssetReceived, PurchasePrice: &a.Value, PurchaseCurrency: &o.BaseCurrency,
	}
	if a.Serial != "" {
		asset.SerialNumber = &a.Serial
	}
	asset.Complete()
	refs, err := tx.refs(&asset)
	if err != nil {
		return err
	}
	if err := refs.check(&asset, &models.Asset{}); err != nil {
		return err
	}
	asset.Inherit(textOf(refs.TemplateMaker), textOf(refs.TemplateModel), textOf(refs.TemplateRank))
	asset.SiteID = refs.SiteID
	if err := asset.Validate(); err != nil {
		return err
	}
	bought := models.DateOf(tx.Now, time.UTC)
	asset.PurchasedOn = &bought
	a.AssetID = &asset.ID
	tx.queue(insertAsset, assetValues(&asset)...)
	return tx.Audit(Change{Action: "asset.receive", SubjectType: "asset", SubjectID: asset.ID, After: &asset, Reason: o.Number})
}

// nextAsset counts the assets that came of a line of the order.
func (d *goodsDelivery) nextAsset(line uuid.UUID) (int, error) {
	if _, known := d.stamped[line]; !known {
		counts, err := txValues[int](d.tx, `SELECT count(*)::int FROM goods_receipt_lines WHERE tenant_id = $1 AND purchase_order_line_id = $2
			AND asset_id IS NOT NULL AND quantity > 0`, d.order.TenantID, line)
		if err != nil {
			return 0, err
		}
		d.stamped[line] = counts[0]
	}
	d.stamped[line]++
	return d.stamped[line], nil
}

// returnAsset takes out of use what goes back: the asset with the line's serial number, else the latest of the line that stands at
// the place.
func (d *goodsDelivery) returnAsset(a *arrival) error {
	assets, err := txRead[models.Asset](d.tx, `SELECT `+columns[models.Asset]("a")+` FROM assets a
		JOIN goods_receipt_lines x ON x.tenant_id = a.tenant_id AND x.asset_id = a.id AND x.purchase_order_line_id = $2 AND x.quantity > 0
		WHERE a.tenant_id = $1 AND a.archived_at IS NULL AND a.location_id = $3 AND ($4 = '' OR a.serial_number = $4)
		ORDER BY a.created_at DESC, a.id LIMIT 1 FOR NO KEY UPDATE OF a`, d.order.TenantID, a.line.ID, *a.LocationID, a.Serial)
	if err != nil {
		return err
	}
	if len(assets) == 0 {
		return models.InvalidConflict("/quantity", "stock", "There is no such asset of this line there.")
	}
	asset := assets[0]
	if err := d.tx.mayRetire(&asset); err != nil {
		return err
	}
	asset.ArchivedAt, asset.Version, asset.UpdatedAt = &d.tx.Now, asset.Version+1, d.tx.Now
	a.AssetID = &asset.ID
	return writeChanged(d.tx, "archive", "returned to the supplier", &assets[0], &asset)
}

func (tx *Tx) writeReceipt(g models.GoodsReceipt, arrivals []arrival) error {
	if err := queueCreate(tx, &g); err != nil {
		return err
	}
	lines := make([]models.GoodsReceiptLine, len(arrivals))
	for i, a := range arrivals {
		lines[i] = a.GoodsReceiptLine
	}
	if err := queueCreate(tx, &lines); err != nil {
		return err
	}
	return tx.Audit(Change{Action: "goods_receipt." + string(g.Kind), SubjectType: "goods_receipt", SubjectID: g.ID, After: &g, Reason: g.Reason})
}

// underLine moves the faults of an error below a line of the request.
func underLine(at string, err error) error {
	e := models.AsError(err)
	if e == nil {
		return err
	}
	under := *e
	under.Fields = slices.Clone(e.Fields)
	for i, f := range under.Fields {
		under.Fields[i].Pointer = at + f.Pointer
	}
	return &under
}

// GoodsReceiptView is a receipt with the names of what it concerns. Its lines are read where one receipt is.
type GoodsReceiptView struct {
	models.GoodsReceipt
	PurchaseOrderNumber string
	SupplierID          uuid.UUID
	SupplierCode        string
	SupplierName        string
	ActorName           *string
	Currency            string // of the values
	Lines               []GoodsReceiptLineView
}

// GoodsReceiptLineView is a line with the names of what it concerns.
type GoodsReceiptLineView struct {
	models.GoodsReceiptLine
	OrderLine    int
	ItemID       *uuid.UUID
	ItemCode     *string
	ItemName     *string
	Description  string
	Unit         string
	LocationCode *string
	LocationName *string
	AssetCode    *string
	AssetName    *string
}

const goodsReceiptView = `SELECT g.tenant_id, g.id, g.number, g.purchase_order_id, g.kind, g.delivery_note, g.reason, g.actor_id, g.posted_at,
	o.number AS purchase_order_number, o.supplier_id, o.base_currency AS currency, s.code AS supplier_code, s.name AS supplier_name, u.name AS actor_name
	FROM goods_receipts g JOIN purchase_orders o ON o.tenant_id = g.tenant_id AND o.id = g.purchase_order_id
	JOIN suppliers s ON s.tenant_id = o.tenant_id AND s.id = o.supplier_id
	LEFT JOIN users u ON u.tenant_id = g.tenant_id AND u.id = g.actor_id
	WHERE g.tenant_id = $1`

// GoodsReceipt reads one receipt with its lines.
func (s *Store) GoodsReceipt(ctx context.Context, id uuid.UUID) (GoodsReceiptView, error) {
	actor, _ := models.ActorFrom(ctx)
	v, err := readOne[GoodsReceiptView](ctx, s, "goods_receipt", goodsReceiptView+` AND g.id = $2`, actor.TenantID, id)
	if err != nil {
		return v, err
	}
	v.Lines, err = read[GoodsReceiptLineView](ctx, s, `SELECT `+columns[models.GoodsReceiptLine]("x")+`, l.line AS order_line, l.item_id,
		i.code AS item_code, i.name AS item_name, l.description, l.unit, p.code AS location_code, p.name AS location_name,
		a.code AS asset_code, a.name AS asset_name
		FROM goods_receipt_lines x JOIN purchase_order_lines l ON l.tenant_id = x.tenant_id AND l.id = x.purchase_order_line_id
		LEFT JOIN items i ON i.tenant_id = l.tenant_id AND i.id = l.item_id
		LEFT JOIN locations p ON p.tenant_id = x.tenant_id AND p.id = x.location_id
		LEFT JOIN assets a ON a.tenant_id = x.tenant_id AND a.id = x.asset_id
		WHERE x.tenant_id = $1 AND x.goods_receipt_id = $2 ORDER BY x.line`, actor.TenantID, id)
	return v, err
}

var goodsReceiptOrders = map[string]order[GoodsReceiptView]{
	"posted_at": byTime("g.posted_at", func(v GoodsReceiptView) time.Time { return v.PostedAt }),
}

// GoodsReceiptFilter narrows the list of receipts.
type GoodsReceiptFilter struct {
	PurchaseOrderIDs []uuid.UUID
	SupplierIDs      []uuid.UUID
	ItemIDs          []uuid.UUID
	Kinds            []string
	From, To         *time.Time // from From on and before To
}

// GoodsReceipts lists receipts without their lines by posted_at.
func (s *Store) GoodsReceipts(ctx context.Context, f GoodsReceiptFilter, p Page) (Rows[GoodsReceiptView], error) {
	l := newListing(ctx, goodsReceiptView, "g.id", func(v GoodsReceiptView) string { return v.ID.String() }, goodsReceiptOrders)
	in(l, "g.purchase_order_id", "uuid[]", f.PurchaseOrderIDs)
	in(l, "o.supplier_id", "uuid[]", f.SupplierIDs)
	in(l, "g.kind", "text[]", f.Kinds)
	if len(f.ItemIDs) > 0 {
		l.and(`EXISTS (SELECT FROM goods_receipt_lines x JOIN purchase_order_lines y ON y.tenant_id = x.tenant_id AND y.id = x.purchase_order_line_id
			WHERE x.tenant_id = g.tenant_id AND x.goods_receipt_id = g.id AND y.item_id = ANY ($%d::uuid[]))`, f.ItemIDs)
	}
	if f.From != nil {
		l.and("g.posted_at >= $%d", *f.From)
	}
	if f.To != nil {
		l.and("g.posted_at < $%d", *f.To)
	}
	return l.run(ctx, s, p)
}
