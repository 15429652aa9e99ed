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

// createWorkOrder admits and runs a create, as the API and the workflow do.
func createWorkOrder(t *testing.T, s *store.Store, p storetest.Plant, title string) store.CommandOutcome {
	t.Helper()
	ctx := models.WithCommandKey(p.Context(t.Context()), models.CommandKey{ID: models.NewID(), Hash: []byte{1}, Sent: true})
	key := models.CommandKeyFrom(ctx)
	_, command, err := s.AdmitWorkOrder(ctx, models.SubjectID(key.ID), models.NewWorkOrder{
		Title: title, AssetID: &p.Asset, Type: models.WorkCorrective, Priority: models.PriorityHigh,
	})
	require.NoError(t, err)
	out, err := s.RunWorkOrderCommand(ctx, models.SubjectID(key.ID), command.ID, models.WorkOrderCreate)
	require.NoError(t, err)
	return out
}

func command(t *testing.T, s *store.Store, p storetest.Plant, out store.CommandOutcome, name models.WorkOrderCommandName, c models.WorkOrderCommand) (store.CommandOutcome, error) {
	t.Helper()
	return runCommand(keyed(p.Context(t.Context())), s, out.ID, name, c)
}

// runCommand admits and runs a command on a work order.
func runCommand(
	ctx context.Context, s *store.Store, id uuid.UUID, name models.WorkOrderCommandName, c models.WorkOrderCommand,
) (store.CommandOutcome, error) {
	_, admitted, err := s.AdmitWorkOrderCommand(ctx, id, name, c)
	if err != nil {
		return store.CommandOutcome{}, err
	}
	return s.RunWorkOrderCommand(ctx, id, admitted.ID, name)
}

func TestWorkOrderThroughItsStates(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	p := storetest.NewPlant(t, db, "one")
	out := createWorkOrder(t, s, p, "Fix the seal")
	require.Equal(t, "WO-000001", out.Number)
	require.Equal(t, "approved", out.Status)

	_, err := command(t, s, p, out, models.WorkOrderClose, models.WorkOrderCommand{})
	require.Equal(t, models.CodeConflict, models.ErrorCode(err))

	out, err = command(t, s, p, out, models.WorkOrderAssign, models.WorkOrderCommand{AssigneeIDs: ids(p.Tech)})
	require.NoError(t, err)
	out, err = command(t, s, p, out, models.WorkOrderStart, models.WorkOrderCommand{})
	require.NoError(t, err)
	out, err = command(t, s, p, out, models.WorkOrderComplete, models.WorkOrderCommand{Resolution: "New seal"})
	require.NoError(t, err)
	out, err = command(t, s, p, out, models.WorkOrderClose, models.WorkOrderCommand{})
	require.NoError(t, err)
	require.Equal(t, "closed", out.Status)
	require.True(t, out.Over)

	w, err := s.WorkOrder(p.Context(t.Context()), out.ID)
	require.NoError(t, err)
	require.Equal(t, []store.Person{{ID: p.Tech, Name: "Theo Tech"}}, w.Assignees)
	require.Equal(t, "New seal", w.Resolution)
	require.Equal(t, 5, w.Version)

	var events int
	require.NoError(t, db.Owner.QueryRowContext(t.Context(),
		`SELECT count(*) FROM audit_events WHERE tenant_id = $1 AND subject_id = $2`, p.Tenant, out.ID).Scan(&events))
	require.Equal(t, 5, events)
}

func TestWorkOrderOfAnotherTenant(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	one, two := storetest.NewPlant(t, db, "one"), storetest.NewPlant(t, db, "two")
	out := createWorkOrder(t, s, one, "Fix the seal")

	_, err := s.WorkOrder(two.Context(t.Context()), out.ID)
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))

	key := models.CommandKey{ID: models.NewID(), Hash: []byte{1}, Sent: true}
	ctx := models.WithCommandKey(two.Context(t.Context()), key)
	_, _, err = s.AdmitWorkOrder(ctx, models.SubjectID(key.ID), models.NewWorkOrder{
		Title: "x", AssetID: &one.Asset, Type: models.WorkCorrective, Priority: models.PriorityLow,
	})
	require.Equal(t, models.CodeInvalid, models.ErrorCode(err))
	require.ErrorContains(t, err, "/asset_id")
}

func TestSameCommandTwiceActsOnce(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	p := storetest.NewPlant(t, db, "one")
	key := models.CommandKey{ID: models.NewID(), Hash: []byte{1}, Sent: true}
	ctx := models.WithCommandKey(p.Context(t.Context()), key)
	order := models.NewWorkOrder{Title: "Once", AssetID: &p.Asset, Type: models.WorkCorrective, Priority: models.PriorityLow}
	_, first, err := s.AdmitWorkOrder(ctx, models.SubjectID(key.ID), order)
	require.NoError(t, err)
	require.Nil(t, first.DoneAt)
	one, err := s.RunWorkOrderCommand(ctx, models.SubjectID(key.ID), key.ID, models.WorkOrderCreate)
	require.NoError(t, err)
	two, err := s.RunWorkOrderCommand(ctx, models.SubjectID(key.ID), key.ID, models.WorkOrderCreate)
	require.NoError(t, err)
	require.Equal(t, one, two)

	_, again, err := s.AdmitWorkOrder(ctx, models.SubjectID(key.ID), order)
	require.NoError(t, err)
	require.NotNil(t, again.DoneAt)

	key.Hash = []byte{2}
	_, _, err = s.AdmitWorkOrder(models.WithCommandKey(ctx, key), models.SubjectID(key.ID), order)
	require.Equal(t, models.CodeKeyReused, models.ErrorCode(err))
}

func TestNothingWithoutTenant(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	p := storetest.NewPlant(t, db, "one")
	out := createWorkOrder(t, s, p, "x")
	_, err := s.WorkOrder(t.Context(), out.ID)
	require.ErrorContains(t, err, "no actor")
	require.ErrorContains(t, s.InTx(t.Context(), func(*store.Tx) error { return nil }), "no actor")
}

func TestAssignNamesWhoIsNotThere(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	p, other := storetest.NewPlant(t, db, "one"), storetest.NewPlant(t, db, "two")
	_, err := db.Owner.ExecContext(t.Context(), `UPDATE users SET disabled_at = now() WHERE id = $1`, p.Admin)
	require.NoError(t, err)
	out := createWorkOrder(t, s, p, "Fix the seal")
	_, err = command(t, s, p, out, models.WorkOrderAssign, models.WorkOrderCommand{AssigneeIDs: ids(p.Tech, other.Tech, p.Admin)})
	require.Equal(t, models.CodeInvalid, models.ErrorCode(err))
	require.ErrorContains(t, err, "/assignee_ids/1")
	require.ErrorContains(t, err, "/assignee_ids/2")
	w, err := s.WorkOrder(p.Context(t.Context()), out.ID)
	require.NoError(t, err)
	require.Empty(t, w.Assignees)
}

func TestFailureCodesComeFromTheSets(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	p := storetest.NewPlant(t, db, "one")
	_, err := db.Owner.ExecContext(t.Context(), `INSERT INTO failure_codes (tenant_id, id, kind, code, name, created_at, updated_at)
		VALUES ($1, gen_random_uuid(), 'mode', 'ELU', 'External leakage', now(), now())`, p.Tenant)
	require.NoError(t, err)
	out := createWorkOrder(t, s, p, "Fix the seal")
	_, err = command(t, s, p, out, models.WorkOrderStart, models.WorkOrderCommand{})
	require.NoError(t, err)
	complete := func(mode string) error {
		_, err := command(t, s, p, out, models.WorkOrderComplete, models.WorkOrderCommand{
			Resolution: "New seal", Failure: &models.Failure{Mode: mode, Cause: "any: this set is empty"},
		})
		return err
	}
	require.ErrorContains(t, complete("XXX"), "/failure/mode")
	require.NoError(t, complete("ELU"))
}

func TestDowntimeNeedsAnAsset(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	p := storetest.NewPlant(t, db, "one")
	out := createWorkOrder(t, s, p, "Sweep")
	_, err := db.Owner.ExecContext(t.Context(), `UPDATE work_orders SET asset_id = NULL`)
	require.NoError(t, err)
	_, err = command(t, s, p, out, models.WorkOrderStart, models.WorkOrderCommand{})
	require.NoError(t, err)
	_, err = command(t, s, p, out, models.WorkOrderComplete, models.WorkOrderCommand{
		Resolution: "Swept", Downtime: &models.NewDowntime{StartedAt: time.Now(), Kind: models.DowntimePlanned},
	})
	require.ErrorContains(t, err, "/downtime")
	w, err := s.WorkOrder(p.Context(t.Context()), out.ID)
	require.NoError(t, err)
	require.Equal(t, models.WorkOrderInProgress, w.Status)
}
