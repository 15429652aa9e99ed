package store_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

func TestEveryListIsReadInPagesAndWithinItsTenant(t *testing.T) {
	t.Parallel()
	i, db, p := newImports(t)
	i.file(models.ImportWorkOrders, excavatorMapping(), excavatorHeader,
		[]string{"1", "P-1", "Bucket", "183.05", "2004-07-01", "10"}, []string{"2", "P-1", "Credit", "-3.00", "2004-07-02", ""})
	stranger := storetest.NewPlant(t, db, "stranger").Context(t.Context())
	for _, kind := range models.ExportKinds() {
		require.True(t, kind.Permission().Valid(), kind)
		header := store.ExportColumns(kind)
		require.NotEmpty(t, header, kind)
		rows, err := i.store.ExportRows(i.ctx, kind, models.ExportFilter{}, uuid.Nil, 100)
		require.NoError(t, err, kind)
		var paged []store.ExportRow
		after := uuid.Nil
		for {
			page, err := i.store.ExportRows(i.ctx, kind, models.ExportFilter{}, after, 1)
			require.NoError(t, err, kind)
			if len(page) == 0 {
				break
			}
			require.Len(t, page[0].Cells, len(header), kind)
			paged = append(paged, page...)
			after = page[0].ID
		}
		require.ElementsMatch(t, rows, paged, kind)
		others, err := i.store.ExportRows(stranger, kind, models.ExportFilter{}, uuid.Nil, 100)
		require.NoError(t, err, kind)
		for _, row := range others {
			require.NotContains(t, rows, row, kind)
		}
	}
	orders, err := i.store.ExportRows(i.ctx, models.ExportWorkOrders, models.ExportFilter{
		"status": {"closed"}, "location_id": {p.Site.String()}, "asset_id": {p.Asset.String()},
	}, uuid.Nil, 100)
	require.NoError(t, err)
	require.Len(t, orders, 2)
	costs, err := i.store.ExportRows(i.ctx, models.ExportCosts, models.ExportFilter{"kind": {"services"}}, uuid.Nil, 100)
	require.NoError(t, err)
	var amounts []string
	for _, row := range costs {
		amounts = append(amounts, row.Cells[3])
	}
	require.ElementsMatch(t, []string{"183.05", "-3.00"}, amounts)
	none, err := i.store.ExportRows(i.ctx, models.ExportWorkOrders, models.ExportFilter{"status": {"approved"}}, uuid.Nil, 100)
	require.NoError(t, err)
	require.Empty(t, none)
}

func TestEveryFilterOfEveryListIsSound(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	ctx := storetest.NewPlant(t, db, "plant").Context(t.Context())
	for _, kind := range models.ExportKinds() {
		for _, name := range store.ExportFilters(kind) {
			_, err := s.ExportRows(ctx, kind, models.ExportFilter{name: {uuid.NewString()}}, uuid.Nil, 1)
			require.NoError(t, err, "%s by %s", kind, name)
		}
	}
}

func TestExportKeepsToItsOwnersLocations(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	p := storetest.NewPlant(t, db, "plant")
	ctx := models.WithActor(t.Context(), models.Actor{TenantID: p.Tenant, UserID: p.Tech, Kind: models.ActorUser, LocationIDs: []uuid.UUID{p.Area}})
	rows, err := s.ExportRows(ctx, models.ExportLocations, nil, uuid.Nil, 10)
	require.NoError(t, err)
	require.Len(t, rows, 1)
	require.Equal(t, "AREA", rows[0].Cells[0])
}

func TestAnExportIsItsOwnersAndRefusesWhatItCannotFilter(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	p := storetest.NewPlant(t, db, "plant")
	ctx := p.Context(t.Context())
	id := models.NewID()
	require.NoError(t, s.CreateExport(ctx, id, models.ExportAssets, models.ExportCSV, models.ExportFilter{"code": {"P-1"}}))
	x, err := s.Export(ctx, id)
	require.NoError(t, err)
	require.Equal(t, models.ExportRunning, x.Status)
	colleague := models.WithActor(t.Context(), models.Actor{TenantID: p.Tenant, UserID: p.Tech, Kind: models.ActorUser})
	_, err = s.Export(colleague, id)
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	ended, err := s.EndExport(ctx, id, models.ExportCancelled, 0, "", "")
	require.NoError(t, err)
	require.True(t, ended)
	ended, err = s.EndExport(ctx, id, models.ExportCompleted, 1, "key", "")
	require.NoError(t, err)
	require.False(t, ended)
	running, err := s.ExportProgress(ctx, id, 5)
	require.NoError(t, err)
	require.False(t, running)
	for pointer, f := range map[string]models.ExportFilter{
		"/filter/colour": {"colour": {"red"}}, "/filter/code": {"code": {}}, "/filter/category_id": {"category_id": {"x"}},
	} {
		err := models.AsError(s.CreateExport(ctx, models.NewID(), models.ExportAssets, models.ExportCSV, f))
		require.NotNil(t, err, pointer)
		require.Equal(t, pointer, err.Fields[0].Pointer)
	}
	require.Equal(t, models.CodeInvalid, models.ErrorCode(s.CreateExport(ctx, models.NewID(), "potatoes", models.ExportCSV, nil)))
}
