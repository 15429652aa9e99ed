package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"mainstay/models"
)

const (
	movementGroups  = 2  // of one item at once: one that holds its lock, and one that waits for it
	movementsAtOnce = 32 // of one group
	// movementTime bounds a group, which no single request's end may end.
	movementTime = 30 * time.Second
)

// movementQueue brings movements of one item that would wait for each other into one transaction: they share its locks and its flush of
// the log, so that many clients at one bin are no slower than few. It is for speed alone: the rows' locks decide, and another process
// has a queue of its own.
type movementQueue struct {
	mu    sync.Mutex
	items map[stockKey]*movementLine
}

type stockKey struct{ tenant, item uuid.UUID }

// movementLine is the line at one item.
type movementLine struct {
	waiting []*waitingMovement
	groups  int // under way
}

// waitingMovement is a request's movement. The request of the first one in the line posts its whole group.
type waitingMovement struct {
	ctx  context.Context //nolint:containedctx // the request's, whose actor and key another request's transaction needs
	id   uuid.UUID
	n    models.NewMovement
	lead chan []*waitingMovement
	done chan struct{}
	err  error
}

var errGroupFailed = errors.New("store: the group that the movement was posted with failed")

// post waits until the movement is posted, alone or with others.
func (q *movementQueue) post(s *Store, m *waitingMovement) error {
	actor, _ := models.ActorFrom(m.ctx)
	key := stockKey{actor.TenantID, m.n.ItemID}
	m.lead, m.done, m.err = make(chan []*waitingMovement, 1), make(chan struct{}), errGroupFailed
	q.join(key, m)
	select {
	case group := <-m.lead:
		defer q.leave(key)
		s.postGroup(group)
	case <-m.done:
	}
	return m.err
}

func (q *movementQueue) join(key stockKey, m *waitingMovement) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.items == nil {
		q.items = map[stockKey]*movementLine{}
	}
	if q.items[key] == nil {
		q.items[key] = &movementLine{}
	}
	line := q.items[key]
	line.waiting = append(line.waiting, m)
	line.next()
}

func (q *movementQueue) leave(key stockKey) {
	q.mu.Lock()
	defer q.mu.Unlock()
	line := q.items[key]
	line.groups--
	line.next()
	if line.groups == 0 {
		delete(q.items, key)
	}
}

// next sends the first of those who wait ahead with its group, where there is room.
func (l *movementLine) next() {
	if l.groups == movementGroups || len(l.waiting) == 0 {
		return
	}
	size := 1
	for size < min(len(l.waiting), movementsAtOnce) && l.waiting[0].groups() && l.waiting[size].groups() {
		size++
	}
	group := slices.Clone(l.waiting[:size])
	l.waiting = slices.Delete(l.waiting, 0, size)
	l.groups++
	group[0].lead <- group
}

// groups reports whether the movement may be posted with others: a return asks the ledger what was issued before, a put-away which
// storeroom its places belong to.
func (m *waitingMovement) groups() bool {
	return m.n.Kind != models.MovementReturn && m.n.Kind != models.MovementPutAway
}

// postGroup posts movements of one item in one transaction and, where one of them is refused, was posted before, or anything else is
// in the way, each in its own.
func (s *Store) postGroup(group []*waitingMovement) {
	defer func() {
		for _, m := range group {
			close(m.done)
		}
	}()
	if len(group) > 1 && s.postTogether(group) == nil {
		for _, m := range group {
			m.err = nil
		}
		return
	}
	for _, m := range group {
		m.err = s.postMovement(m.ctx, m.id, m.n)
	}
}

func (s *Store) postTogether(group []*waitingMovement) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(group[0].ctx), movementTime)
	defer cancel()
	return s.InTx(ctx, func(tx *Tx) error {
		g := tx.newMovementGroup(group)
		if err := tx.send(g.reads()); err != nil {
			return err
		}
		for i, p := range g.postings {
			if !*g.claims[i] {
				return errGroupFailed
			}
			seen := g.seen[scopeName(p.tx.Actor)]
			p.refs.items, p.refs.places = seen.items, seen.places
			if err := p.post(group[i].n); err != nil {
				return err
			}
		}
		return g.state.save(tx, g.item)
	})
}

// movementGroup is a group on its way into the ledger.
type movementGroup struct {
	tx       *Tx
	item     uuid.UUID
	state    *stockState
	postings []*posting
	claims   []*bool
	seen     map[string]*stockReferences // the item and all places, as each scope sees them
}

func (tx *Tx) newMovementGroup(group []*waitingMovement) *movementGroup {
	g := &movementGroup{tx: tx, item: group[0].n.ItemID, state: &stockState{}, seen: map[string]*stockReferences{}}
	for _, m := range group {
		actor, _ := models.ActorFrom(m.ctx)
		own := tx.as(actor, models.CommandKeyFrom(m.ctx))
		g.postings = append(g.postings, own.newPosting(m.id, m.n, g.state))
		g.seen[scopeName(actor)] = &stockReferences{}
	}
	return g
}

// reads claims the keys, reads what the movements refer to and locks what they move.
func (g *movementGroup) reads() *pgx.Batch {
	batch := &pgx.Batch{}
	var places []uuid.UUID
	for _, p := range g.postings {
		g.claims = append(g.claims, p.tx.queueClaim(batch, "stock_movement.create", "stock_movement", p.movement.ID))
		places = append(places, p.places()...)
	}
	slices.SortFunc(places, compareIDs)
	places = slices.Compact(places)
	asked := map[string]bool{}
	for _, p := range g.postings {
		if scope := scopeName(p.tx.Actor); !asked[scope] {
			asked[scope] = true
			p.tx.queueReferences(batch, g.seen[scope], g.item, places)
		}
		p.queueCharged(batch)
	}
	g.state.queueLocks(g.tx, batch, g.item, places)
	return batch
}

// scopeName tells apart what actors see.
func scopeName(a models.Actor) string { return fmt.Sprint(a.LocationIDs) }
