package store_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

func TestSparePartsOfAssetAndTemplate(t *testing.T) {
	t.Parallel()
	r := newStockroom(t, models.CostingMovingAverage, models.TrackingNone)
	r.receive("7", "2")
	belt, err := r.s.CreateItem(r.ctx(), func(i *models.Item) { i.Code, i.Name, i.Unit = "BELT-1", "Belt", "m" })
	require.NoError(t, err)
	template, err := r.s.CreateAssetTemplate(r.ctx(), func(m *models.AssetTemplate) error {
		m.Code, m.Name, m.CategoryID = "KSB", "Pump", r.p.Category
		return nil
	})
	require.NoError(t, err)
	_, err = r.db.Owner.ExecContext(t.Context(), `UPDATE assets SET template_id = $2 WHERE id = $1`, r.p.Asset, template)
	require.NoError(t, err)
	part := func(item uuid.UUID, quantity, note string) models.NewSparePart {
		return models.NewSparePart{ItemID: item, Quantity: dec(quantity), Note: note}
	}
	require.NoError(t, r.s.SetAssetTemplateSpareParts(r.ctx(), template, 0, []models.NewSparePart{part(r.item, "2", "shaft"), part(belt, "1.5", "")}))
	require.NoError(t, r.s.SetAssetSpareParts(r.ctx(), r.p.Asset, 0, []models.NewSparePart{part(r.item, "3", "shaft, doubled")}))
	list, err := r.s.AssetSpareParts(r.ctx(), r.p.Asset)
	require.NoError(t, err)
	require.Len(t, list, 2, "its own, and what the template says of other items")
	require.Equal(t, []string{"BELT-1", "SEAL-1"}, []string{list[0].ItemCode, list[1].ItemCode})
	require.Equal(t, []string{"1.5", "3", "7"}, []string{list[0].Quantity.String(), list[1].Quantity.String(), list[1].OnHand.String()})

	used, err := r.s.WhereUsed(r.ctx(), r.item, store.Page{Limit: 10, Sort: "code"})
	require.NoError(t, err)
	require.Len(t, used.Items, 2)
	require.Equal(t, []any{"asset_template", "KSB", 1}, []any{used.Items[0].Kind, used.Items[0].Code, used.Items[0].AssetCount})
	require.Equal(t, []any{"asset", "P-1", "3"}, []any{used.Items[1].Kind, used.Items[1].Code, used.Items[1].Quantity.String()})
	first, err := r.s.WhereUsed(r.ctx(), r.item, store.Page{Limit: 1, Sort: "code"})
	require.NoError(t, err)
	next, err := r.s.WhereUsed(r.ctx(), r.item, store.Page{Limit: 1, Sort: "code", After: first.Next})
	require.NoError(t, err)
	require.Equal(t, used.Items, append(first.Items, next.Items...))
	elsewhere := models.WithActor(r.ctx(), models.Actor{
		TenantID: r.p.Tenant, UserID: r.p.Admin, Kind: models.ActorUser, Roles: []models.Role{models.RoleAdmin}, LocationIDs: []uuid.UUID{r.bins[0]},
	})
	used, err = r.s.WhereUsed(elsewhere, r.item, store.Page{Limit: 10, Sort: "code"})
	require.NoError(t, err)
	require.Len(t, used.Items, 1, "the template, of which nothing stands there")
	require.Zero(t, used.Items[0].AssetCount)
	require.Equal(t, models.CodeNotFound, models.ErrorCode(r.s.SetAssetSpareParts(elsewhere, r.p.Asset, 1, nil)))

	r.inUnits(0)
	boxes := func(version int, parts ...models.NewSparePart) error {
		return r.s.SetAssetSpareParts(r.ctx(), r.p.Asset, version, parts)
	}
	entered := func() []string {
		list, err := r.s.AssetSpareParts(r.ctx(), r.p.Asset)
		require.NoError(t, err)
		mine := list[1]
		if mine.EnteredUnit == nil {
			return []string{mine.Quantity.String()}
		}
		return []string{mine.Quantity.String(), mine.EnteredQuantity.String(), *mine.EnteredUnit}
	}
	half := models.NewSparePart{ItemID: r.item, Quantity: dec("0.5"), Unit: "box", Note: "shaft, doubled"}
	require.NoError(t, boxes(1, half))
	require.Equal(t, []string{"6", "0.5", "box"}, entered())
	require.NoError(t, boxes(2, part(r.item, "6", "shaft")))
	require.Equal(t, []string{"6", "0.5", "box"}, entered(), "who leaves the quantity leaves how it was entered")
	half.Quantity = dec("0.3")
	requirePointer(t, boxes(3, half), "/items/0/quantity")
	half.Unit = "pallet"
	requirePointer(t, boxes(3, half), "/items/0/unit")
	half.Quantity, half.Unit = dec("3"), "pc"
	require.NoError(t, boxes(3, half))
	require.Equal(t, []string{"3"}, entered())

	item, err := r.s.Item(r.ctx(), belt)
	require.NoError(t, err)
	require.NoError(t, r.s.ArchiveItem(r.ctx(), belt, &item.Version))
	require.NoError(t, r.s.SetAssetTemplateSpareParts(r.ctx(), template, 1, []models.NewSparePart{part(belt, "2", "")}), "what was there may stay")
	err = r.s.SetAssetSpareParts(r.ctx(), r.p.Asset, 4, []models.NewSparePart{part(belt, "1", ""), part(belt, "0", ""), part(models.NewID(), "1", "")})
	require.Equal(t, models.CodeInvalid, models.ErrorCode(err))
	err = r.s.SetAssetSpareParts(r.ctx(), r.p.Asset, 4, []models.NewSparePart{part(belt, "1", ""), part(models.NewID(), "1", "")})
	require.Len(t, models.AsError(err).Fields, 2, "out of use, and not there")
	list, err = r.s.AssetSpareParts(r.ctx(), r.p.Asset)
	require.NoError(t, err)
	require.Len(t, list, 2, "nothing was changed by halves")
}

func TestSparePartsOfAnotherTenant(t *testing.T) {
	t.Parallel()
	r := newStockroom(t, models.CostingMovingAverage, models.TrackingNone)
	require.NoError(t, r.s.SetAssetSpareParts(r.ctx(), r.p.Asset, 0, []models.NewSparePart{{ItemID: r.item, Quantity: dec("1")}}))
	stranger := storetest.NewPlant(t, r.db, "two")
	ctx := keyed(stranger.Context(t.Context()))
	for _, err := range []error{
		r.s.SetAssetSpareParts(ctx, r.p.Asset, 1, nil), r.s.SetAssetTemplateSpareParts(ctx, models.NewID(), 0, nil),
		func() error { _, err := r.s.AssetSpareParts(ctx, r.p.Asset); return err }(),
		func() error { _, err := r.s.WhereUsed(ctx, r.item, store.Page{Limit: 10, Sort: "code"}); return err }(),
	} {
		require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	}
	require.Error(t, r.s.SetAssetSpareParts(ctx, stranger.Asset, 0, []models.NewSparePart{{ItemID: r.item, Quantity: dec("1")}}), "another tenant's item")
}
