package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

// register is a plant with a second site and somebody who decides.
type register struct {
	t     *testing.T
	s     *store.Store
	db    storetest.Database
	p     storetest.Plant
	other uuid.UUID // a site in Madrid
	boss  uuid.UUID
}

func newRegister(t *testing.T) register {
	t.Helper()
	s, db := storetest.New(t)
	g := register{t: t, s: s, db: db, p: storetest.NewPlant(t, db, "one"), other: models.NewID()}
	g.boss = g.p.Tech
	g.exec(`UPDATE users SET roles = '{approver}' WHERE id = $1`, g.boss)
	g.exec(`INSERT INTO locations (tenant_id, id, code, name, kind, site_id, time_zone, created_at, updated_at)
		VALUES ($1, $2, 'SUR', 'Sur', 'site', $2, 'Europe/Madrid', now(), now())`, g.p.Tenant, g.other)
	g.exec(`INSERT INTO location_paths (tenant_id, ancestor_id, descendant_id, depth) VALUES ($1, $2, $2, 0)`, g.p.Tenant, g.other)
	g.exec(`UPDATE assets SET purchase_price = 900, purchase_currency = 'EUR' WHERE id = $1`, g.p.Asset)
	return g
}

func (g register) exec(query string, args ...any) {
	g.t.Helper()
	_, err := g.db.Owner.ExecContext(g.t.Context(), query, args...)
	require.NoError(g.t, err)
}

func (g register) ctx() context.Context { return keyed(g.p.Context(g.t.Context())) }

func (g register) decider() context.Context {
	return keyed(models.WithActor(g.t.Context(), models.Actor{
		TenantID: g.p.Tenant, UserID: g.boss, Kind: models.ActorUser, Roles: []models.Role{models.RoleApprover},
	}))
}

// policy makes requests of a kind from 500 EUR on need the boss.
func (g register) policy(kind models.AssetRequestKind) {
	g.t.Helper()
	_, err := g.s.CreateApprovalPolicy(g.ctx(), func(p *models.ApprovalPolicy) error {
		p.Subject = kind
		return p.SetRules([]models.ApprovalRule{{MinAmount: number("500"), Levels: []models.ApprovalLevel{
			{Mode: models.ApprovalByAll, UserIDs: []uuid.UUID{g.boss}},
		}}})
	})
	require.NoError(g.t, err)
}

func (g register) transferTo(location uuid.UUID) models.NewAssetRequest {
	return models.NewAssetRequest{Kind: models.ApprovalOfTransfer, AssetID: g.p.Asset, ToLocationID: &location, Reason: "They need it."}
}

func (g register) disposal() models.NewAssetRequest {
	return models.NewAssetRequest{
		Kind: models.ApprovalOfDisposal, AssetID: g.p.Asset, Method: models.DisposalSold, Proceeds: number("120"), Reason: "Worn out.",
	}
}

func (g register) create(n models.NewAssetRequest) (uuid.UUID, error) {
	g.t.Helper()
	ctx := g.ctx()
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	admitted, err := g.s.AdmitAssetRequest(ctx, id, n)
	if err != nil {
		return id, err
	}
	out, err := g.s.RunAssetRequestCommand(ctx, id, admitted.ID, models.AssetRequestCreate)
	if err == nil {
		again, err := g.s.RunAssetRequestCommand(ctx, id, admitted.ID, models.AssetRequestCreate)
		require.NoError(g.t, err)
		require.Equal(g.t, out, again, "a repeat answers the first outcome")
	}
	return id, err
}

func (g register) asked(n models.NewAssetRequest) uuid.UUID {
	g.t.Helper()
	id, err := g.create(n)
	require.NoError(g.t, err)
	return id
}

func (g register) ask(kind models.AssetRequestKind, id uuid.UUID, name models.AssetRequestCommandName, c models.AssetRequestCommand) error {
	g.t.Helper()
	ctx := g.ctx()
	_, admitted, err := g.s.AdmitAssetRequestCommand(ctx, kind, id, name, c)
	require.NoError(g.t, err)
	_, err = g.s.RunAssetRequestCommand(ctx, id, admitted.ID, name)
	return err
}

// follow does every step that is due, each twice.
func (g register) follow(kind models.AssetRequestKind, id uuid.UUID) store.AssetRequestView {
	g.t.Helper()
	system := models.WithActor(g.t.Context(), models.SystemActor(g.p.Tenant))
	for range 3 {
		r, approval, err := g.s.LoadAssetRequest(system, id)
		require.NoError(g.t, err)
		action, at := r.NextAction()
		if step := r.ApprovalStep(approval); step != "" {
			action, at = step, time.Time{}
		}
		if at.After(time.Now()) {
			break
		}
		for range 2 {
			_, err := g.s.RunAssetRequestAction(system, id, action)
			require.NoError(g.t, err)
		}
	}
	return g.read(kind, id)
}

func (g register) read(kind models.AssetRequestKind, id uuid.UUID) store.AssetRequestView {
	g.t.Helper()
	v, err := g.s.AssetRequest(g.ctx(), kind, id)
	require.NoError(g.t, err)
	return v
}

func (g register) asset() models.Asset {
	g.t.Helper()
	v, err := g.s.Asset(g.ctx(), g.p.Asset)
	require.NoError(g.t, err)
	return v.Asset
}

// audited lists what happened to the asset.
func (g register) audited(subject uuid.UUID) []string {
	g.t.Helper()
	rows, err := g.db.Owner.QueryContext(g.t.Context(), `SELECT action FROM audit_events WHERE subject_id = $1 ORDER BY id`, subject)
	require.NoError(g.t, err)
	defer func() { _ = rows.Close() }()
	var actions []string
	for rows.Next() {
		var action string
		require.NoError(g.t, rows.Scan(&action))
		actions = append(actions, action)
	}
	require.NoError(g.t, rows.Err())
	return actions
}

func TestATransferIsApprovedAndCarriedOut(t *testing.T) {
	t.Parallel()
	g := newRegister(t)
	g.policy(models.ApprovalOfTransfer)
	part := models.NewID()
	g.exec(`INSERT INTO assets (tenant_id, id, code, name, category_id, location_id, site_id, parent_id, lifecycle_state, operating_state, custody,
		created_at, updated_at) VALUES ($1, $2, 'P-1-M', 'Motor', $3, $4, $5, $6, 'in_service', 'up', 'available', now(), now())`,
		g.p.Tenant, part, g.p.Category, g.p.Area, g.p.Site, g.p.Asset)
	id := g.asked(g.transferTo(g.other))
	v := g.read(models.ApprovalOfTransfer, id)
	require.Equal(t, models.AssetRequestPendingApproval, v.Status)
	require.Equal(t, "900", v.Amount.String())
	require.Equal(t, models.CustodyReserved, g.asset().Custody, "nobody lends it meanwhile")
	_, err := g.create(g.disposal())
	require.ErrorContains(t, err, "reserved", "one open request for an asset")

	require.Error(t, g.s.DecideApproval(g.ctx(), *v.ApprovalCaseID, models.DecideApprove, ""), "who asked does not decide")
	require.NoError(t, g.s.DecideApproval(g.decider(), *v.ApprovalCaseID, models.DecideApprove, ""))
	require.Equal(t, models.AssetRequestCompleted, g.follow(models.ApprovalOfTransfer, id).Status)
	a := g.asset()
	require.Equal(t, []any{g.other, g.other, models.CustodyAvailable}, []any{a.LocationID, a.SiteID, a.Custody})
	moves, err := g.s.AssetMoves(g.ctx(), g.p.Asset, store.Page{Limit: 10, Sort: "moved_at"})
	require.NoError(t, err)
	require.Len(t, moves.Items, 1)
	require.Equal(t, "AT-000001: They need it.", moves.Items[0].Reason)
	below, err := g.s.Asset(g.ctx(), part)
	require.NoError(t, err)
	require.Equal(t, g.other, below.LocationID, "what is below it goes with it")
	require.Equal(t, []string{"asset.reserve", "asset.transfer"}, g.audited(g.p.Asset))
	require.Equal(t, []string{"asset_transfer.create", "asset_transfer.agree", "asset_transfer.carry_out"}, g.audited(id))
}

func TestARequestThatComesToNothingLeavesTheAssetFree(t *testing.T) {
	t.Parallel()
	g := newRegister(t)
	g.policy(models.ApprovalOfDisposal)
	id := g.asked(g.disposal())
	require.NoError(t, g.s.DecideApproval(g.decider(), *g.read(models.ApprovalOfDisposal, id).ApprovalCaseID, models.DecideReject, "We need it."))
	v := g.follow(models.ApprovalOfDisposal, id)
	require.Equal(t, []any{models.AssetRequestRejected, "We need it."}, []any{v.Status, v.RejectReason})
	require.Equal(t, models.CustodyAvailable, g.asset().Custody)

	id = g.asked(g.disposal())
	require.Error(t, g.ask(models.ApprovalOfDisposal, id, models.AssetRequestRetry, models.AssetRequestCommand{}), "nothing stands in its way")
	require.NoError(t, g.ask(models.ApprovalOfDisposal, id, models.AssetRequestCancel, models.AssetRequestCommand{Reason: "We keep it."}))
	v = g.follow(models.ApprovalOfDisposal, id)
	require.Equal(t, models.AssetRequestCancelled, v.Status)
	a := g.asset()
	require.Equal(t, []any{models.CustodyAvailable, models.AssetInService}, []any{a.Custody, a.LifecycleState})
	c, err := g.s.Approval(g.decider(), *v.ApprovalCaseID)
	require.NoError(t, err)
	require.Equal(t, models.ApprovalWithdrawn, c.Status)

	id = g.asked(g.disposal())
	g.exec(`UPDATE approval_cases SET status = 'expired', ended_at = now(), next_action_at = NULL, reason = 'Nobody decided in time.'
		WHERE subject_id = $1`, id)
	v = g.follow(models.ApprovalOfDisposal, id)
	require.Equal(t, []any{models.AssetRequestCancelled, "Nobody decided in time."}, []any{v.Status, v.CancelReason})
	require.Equal(t, models.CustodyAvailable, g.asset().Custody)
}

func TestADisposalIsBlockedByWhatStillCountsOnTheAsset(t *testing.T) {
	t.Parallel()
	g := newRegister(t)
	g.exec(`UPDATE assets SET operating_state = 'down' WHERE id = $1`, g.p.Asset)
	id := g.asked(g.disposal())
	order := models.NewID()
	g.exec(`INSERT INTO work_orders (tenant_id, id, number, title, status, type, priority, asset_id, location_id, site_id, created_at, updated_at)
		VALUES ($1, $2, 'WO-9', 'Repair', 'approved', 'corrective', 'low', $3, $4, $5, now(), now())`, g.p.Tenant, order, g.p.Asset, g.p.Area, g.p.Site)
	v := g.follow(models.ApprovalOfDisposal, id)
	require.Equal(t, []any{models.AssetRequestBlocked, "It still has an open work order."}, []any{v.Status, v.BlockReason})
	require.Equal(t, models.AssetInService, g.asset().LifecycleState, "nothing is done by halves")
	var told int
	require.NoError(t, g.db.Owner.QueryRowContext(t.Context(), `SELECT count(*) FROM notifications WHERE subject_id = $1 AND user_id = $2`, id, g.p.Admin).Scan(&told))
	require.Equal(t, 1, told)
	_, err := g.create(g.disposal())
	require.Error(t, err)

	g.exec(`UPDATE work_orders SET status = 'cancelled' WHERE id = $1`, order)
	require.NoError(t, g.ask(models.ApprovalOfDisposal, id, models.AssetRequestRetry, models.AssetRequestCommand{}))
	require.Equal(t, models.AssetRequestCompleted, g.follow(models.ApprovalOfDisposal, id).Status)
	a := g.asset()
	require.Equal(t, []any{models.AssetDisposed, models.AssetDisabled, models.CustodyAvailable}, []any{a.LifecycleState, a.OperatingState, a.Custody})
	_, err = g.create(g.disposal())
	require.ErrorContains(t, err, "disposed")
}

func TestATransferWaitsForItsDayAndForWorkInProgress(t *testing.T) {
	t.Parallel()
	g := newRegister(t)
	n := g.transferTo(g.other)
	tomorrow := models.DateOf(time.Now(), time.UTC).AddDays(2)
	n.OnDay = &tomorrow
	id := g.asked(n)
	v := g.follow(models.ApprovalOfTransfer, id)
	require.Equal(t, models.AssetRequestApproved, v.Status)
	berlin, err := models.Zone("Europe/Berlin")
	require.NoError(t, err)
	require.Equal(t, tomorrow.In(berlin).UTC(), v.NextActionAt.UTC(), "the day begins where the asset stands")

	g.exec(`UPDATE asset_requests SET due_at = now() - interval '1 hour' WHERE id = $1`, id)
	g.exec(`INSERT INTO work_orders (tenant_id, id, number, title, status, type, priority, asset_id, location_id, site_id, created_at, updated_at)
		VALUES ($1, $2, 'WO-9', 'Repair', 'in_progress', 'corrective', 'low', $3, $4, $5, now(), now())`,
		g.p.Tenant, models.NewID(), g.p.Asset, g.p.Area, g.p.Site)
	require.Equal(t, "Work order WO-9 is in progress on it.", g.follow(models.ApprovalOfTransfer, id).BlockReason)
	g.exec(`UPDATE work_orders SET status = 'on_hold'`)
	require.NoError(t, g.ask(models.ApprovalOfTransfer, id, models.AssetRequestRetry, models.AssetRequestCommand{}))
	require.Equal(t, models.AssetRequestCompleted, g.follow(models.ApprovalOfTransfer, id).Status)
	var site uuid.UUID
	require.NoError(t, g.db.Owner.QueryRowContext(t.Context(), `SELECT site_id FROM work_orders WHERE number = 'WO-9'`).Scan(&site))
	require.Equal(t, g.other, site, "the open order follows")
}

func TestADecisionIsAboutWhatTheAssetIsNow(t *testing.T) {
	t.Parallel()
	g := newRegister(t)
	g.policy(models.ApprovalOfTransfer)
	approval := *g.read(models.ApprovalOfTransfer, g.asked(g.transferTo(g.other))).ApprovalCaseID
	g.exec(`UPDATE assets SET purchase_price = 90000 WHERE id = $1`, g.p.Asset)
	err := g.s.DecideApproval(g.decider(), approval, models.DecideApprove, "")
	require.ErrorContains(t, err, "changed since you saw it", "it is worth more than was shown")
	g.exec(`UPDATE assets SET purchase_price = 900, location_id = $2 WHERE id = $1`, g.p.Asset, g.p.Site)
	err = g.s.DecideApproval(g.decider(), approval, models.DecideApprove, "")
	require.ErrorContains(t, err, "changed since you saw it", "it stands elsewhere")
	g.exec(`UPDATE assets SET location_id = $2 WHERE id = $1`, g.p.Asset, g.p.Area)
	require.NoError(t, g.s.DecideApproval(g.decider(), approval, models.DecideApprove, ""))
}

func TestNobodyGoesAroundTheApproval(t *testing.T) {
	t.Parallel()
	g := newRegister(t)
	dispose := func(a *models.Asset) error { a.LifecycleState = models.AssetDisposed; return nil }
	g.policy(models.ApprovalOfTransfer)
	g.policy(models.ApprovalOfDisposal)
	move := models.NewAssetMove{LocationID: g.other, Reason: "quickly"}
	require.ErrorContains(t, g.s.MoveAsset(g.ctx(), g.p.Asset, nil, move), "has to be approved")
	move.LocationID = g.p.Site
	require.NoError(t, g.s.MoveAsset(g.ctx(), g.p.Asset, nil, move), "within the site it is but a move")
	g.exec(`UPDATE assets SET lifecycle_state = 'decommissioned', operating_state = 'disabled' WHERE id = $1`, g.p.Asset)
	_, err := g.s.ChangeAsset(g.ctx(), g.p.Asset, g.asset().Version, dispose, nil)
	require.ErrorContains(t, err, "has to be approved")
	g.exec(`UPDATE assets SET purchase_price = 499 WHERE id = $1`, g.p.Asset)
	_, err = g.s.ChangeAsset(g.ctx(), g.p.Asset, g.asset().Version, dispose, nil)
	require.NoError(t, err, "below the policy's amount nobody has to be asked")
}

func TestWhatAnAssetIsWorth(t *testing.T) {
	t.Parallel()
	g := newRegister(t)
	g.exec(`UPDATE assets SET purchase_currency = 'USD', replacement_price = 1000.01 WHERE id = $1`, g.p.Asset)
	_, err := g.create(g.disposal())
	require.ErrorContains(t, err, "no exchange rate of USD to EUR")
	g.exec(`INSERT INTO exchange_rates (tenant_id, id, currency, valid_from, rate, created_at, updated_at)
		VALUES ($1, $2, 'USD', '2020-01-01', 0.9, now(), now())`, g.p.Tenant, models.NewID())
	require.Equal(t, "900.01", g.read(models.ApprovalOfDisposal, g.asked(g.disposal())).Amount.StringFixed(2))
}

func TestAssetRequestsOfAnotherTenant(t *testing.T) {
	t.Parallel()
	g := newRegister(t)
	id := g.asked(g.disposal())
	stranger := storetest.NewPlant(t, g.db, "two")
	ctx := keyed(stranger.Context(t.Context()))
	_, err := g.s.AssetRequest(ctx, models.ApprovalOfDisposal, id)
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	_, err = g.s.AssetRequest(g.ctx(), models.ApprovalOfTransfer, id)
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err), "a disposal is no transfer")
	rows, err := g.s.AssetRequests(ctx, models.ApprovalOfDisposal, store.AssetRequestFilter{}, store.Page{Limit: 10, Sort: "number"})
	require.NoError(t, err)
	require.Empty(t, rows.Items)
	_, _, err = g.s.AdmitAssetRequestCommand(ctx, models.ApprovalOfDisposal, id, models.AssetRequestCancel, models.AssetRequestCommand{Reason: "x"})
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	n := g.disposal()
	_, err = g.s.AdmitAssetRequest(ctx, models.NewID(), n)
	require.Error(t, err, "another tenant's asset")
	r, _, err := g.s.LoadAssetRequest(models.WithActor(t.Context(), models.SystemActor(stranger.Tenant)), id)
	require.NoError(t, err)
	require.Nil(t, r)

	rows, err = g.s.AssetRequests(g.ctx(), models.ApprovalOfDisposal, store.AssetRequestFilter{
		Text: "Pump", Status: []string{"approved"}, AssetIDs: []uuid.UUID{g.p.Asset}, LocationIDs: []uuid.UUID{g.p.Site},
	}, store.Page{Limit: 10, Sort: "number"})
	require.NoError(t, err)
	require.Len(t, rows.Items, 1)
	for kind, want := range map[models.ExportKind]int{models.ExportAssetDisposals: 1, models.ExportAssetTransfers: 0} {
		own, err := g.s.ExportRows(g.ctx(), kind, nil, uuid.Nil, 10)
		require.NoError(t, err)
		require.Len(t, own, want, kind)
		others, err := g.s.ExportRows(ctx, kind, nil, uuid.Nil, 10)
		require.NoError(t, err)
		require.Empty(t, others, kind)
	}
	elsewhere := keyed(models.WithActor(t.Context(), models.Actor{
		TenantID: g.p.Tenant, UserID: g.p.Admin, Kind: models.ActorUser, Roles: []models.Role{models.RoleAdmin}, LocationIDs: []uuid.UUID{g.other},
	}))
	_, err = g.s.AssetRequest(elsewhere, models.ApprovalOfDisposal, id)
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
}
