package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"mainstay/models"
	"mainstay/models/store"
)

// crowd posts movements one behind the other while somebody else holds the item, so that all but the first two wait, and then lets them
// go on.
func (r stockroom) crowd(posts ...func() error) []error {
	r.t.Helper()
	holder, err := r.db.Owner.BeginTx(r.t.Context(), nil)
	require.NoError(r.t, err)
	_, err = holder.ExecContext(r.t.Context(), `SELECT FROM stock_values WHERE item_id = $1 FOR UPDATE`, r.item)
	require.NoError(r.t, err)
	results := make([]error, len(posts))
	var all errgroup.Group
	for i, post := range posts {
		all.Go(func() error {
			results[i] = post()
			return nil
		})
		require.Eventually(r.t, func() bool {
			waiting, groups := r.s.MovementsInLine()
			return waiting+groups == i+1
		}, 10*time.Second, time.Millisecond)
	}
	require.NoError(r.t, holder.Rollback())
	require.NoError(r.t, all.Wait())
	return results
}

func (r stockroom) issuer(ctx context.Context, center uuid.UUID) func() error {
	return func() error {
		return r.s.PostMovement(ctx, models.SubjectID(models.CommandKeyFrom(ctx).ID), models.NewMovement{
			Kind: models.MovementIssue, ItemID: r.item, LocationID: r.bins[0], Quantity: dec("1"), CostCenterID: &center,
		})
	}
}

func (r stockroom) count(query string) int {
	r.t.Helper()
	var n int
	require.NoError(r.t, r.db.Owner.QueryRowContext(r.t.Context(), query).Scan(&n))
	return n
}

func TestMovementsThatWaitArePostedTogether(t *testing.T) {
	t.Parallel()
	r := newStockroom(t, models.CostingMovingAverage, models.TrackingNone)
	r.receive("100", "0.33")
	center, err := store.CreateCoded[models.CostCenter](r.ctx(), r.s, func(c *models.Coded) { c.Code, c.Name = "CC-1", "Production" })
	require.NoError(t, err)
	var posts []func() error
	for range 20 {
		posts = append(posts, r.issuer(r.ctx(), center))
	}
	for _, err := range r.crowd(posts...) {
		require.NoError(t, err)
	}
	require.Equal(t, 20, r.count(`SELECT count(*) FROM stock_movements WHERE kind = 'issue'`))
	require.Equal(t, 3, r.count(`SELECT count(DISTINCT posted_at) FROM stock_movements WHERE kind = 'issue'`), "two alone, and the others in one transaction")
	require.Equal(t, 20, r.count(`SELECT count(DISTINCT command_id) FROM audit_events WHERE action = 'stock_movement.issue'`))
	r.proven()
}

func TestMovementIsRefusedAloneOutOfAGroup(t *testing.T) {
	t.Parallel()
	r := newStockroom(t, models.CostingFIFO, models.TrackingNone)
	r.receive("10", "0.33")
	center, err := store.CreateCoded[models.CostCenter](r.ctx(), r.s, func(c *models.Coded) { c.Code, c.Name = "CC-1", "Production" })
	require.NoError(t, err)
	again := r.ctx()
	actor, _ := models.ActorFrom(again)
	actor.LocationIDs = []uuid.UUID{r.bins[1]}
	posts := []func() error{r.issuer(r.ctx(), center), r.issuer(r.ctx(), center)}
	posts = append(posts, r.issuer(models.WithActor(r.ctx(), actor), center), r.issuer(again, center), r.issuer(again, center))
	for range 10 {
		posts = append(posts, r.issuer(r.ctx(), center))
	}
	results := r.crowd(posts...)
	require.Equal(t, models.CodeInvalid, models.ErrorCode(results[2]), "who does not see the bin takes nothing from it")
	require.Equal(t, models.ErrorCode(results[3]), models.ErrorCode(results[4]), "the request that came twice")
	refused := 0
	for i, err := range results {
		if i != 2 && i != 4 && err != nil {
			require.Equal(t, models.CodeConflict, models.ErrorCode(err), "more than lies there")
			refused++
		}
	}
	require.Equal(t, 3, refused)
	require.Equal(t, 10, r.count(`SELECT count(*) FROM stock_movements WHERE kind = 'issue'`))
	r.proven()
}
