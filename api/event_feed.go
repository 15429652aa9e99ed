package api

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/models/store"
)

const (
	feedPoll      = time.Second
	feedOverlap   = 10 * time.Second // a transaction may commit this long after its events got their ids
	feedBatch     = 1000
	feedBuffer    = 1000 // events a slow reader may lag behind before it is sent away
	streamsTotal  = 500
	streamsByUser = 10
)

// eventFeed reads each tenant's new events once, however many people follow them. A tenant that nobody follows is not read.
type eventFeed struct {
	store *store.Store
	log   *slog.Logger

	lock    sync.Mutex
	tenants map[uuid.UUID]*tenantFeed
	open    int
	byUser  map[uuid.UUID]int
}

// tenantFeed is one tenant's part. seen holds the ids of the overlap that were sent.
type tenantFeed struct {
	readers map[chan store.Event]struct{}
	seen    map[uuid.UUID]struct{}
	stop    context.CancelFunc
}

func newEventFeed(s *store.Store, log *slog.Logger) *eventFeed {
	return &eventFeed{store: s, log: log, tenants: map[uuid.UUID]*tenantFeed{}, byUser: map[uuid.UUID]int{}}
}

// follow returns the actor's tenant's events from now on. The channel is closed when the reader lags too far behind; leave ends it.
func (f *eventFeed) follow(ctx context.Context, actor models.Actor) (events <-chan store.Event, leave func(), err error) {
	f.lock.Lock()
	defer f.lock.Unlock()
	if f.open >= streamsTotal || f.byUser[actor.UserID] >= streamsByUser {
		return nil, nil, &models.Error{Code: models.CodeRateLimited, Detail: "Too many event streams are open."}
	}
	tenant, ok := f.tenants[actor.TenantID]
	if !ok {
		if tenant, err = f.begin(ctx, actor.TenantID); err != nil {
			return nil, nil, err
		}
	}
	reader := make(chan store.Event, feedBuffer)
	tenant.readers[reader] = struct{}{}
	f.open++
	f.byUser[actor.UserID]++
	return reader, sync.OnceFunc(func() { f.leave(actor, tenant, reader) }), nil
}

// begin takes what is there as seen, so that everything committed after it is sent, and reads on until the last reader leaves.
func (f *eventFeed) begin(ctx context.Context, id uuid.UUID) (*tenantFeed, error) {
	ctx, stop := context.WithCancel(models.WithActor(context.WithoutCancel(ctx), models.SystemActor(id)))
	tenant := &tenantFeed{readers: map[chan store.Event]struct{}{}, seen: map[uuid.UUID]struct{}{}, stop: stop}
	recent, err := f.recent(ctx)
	if err != nil {
		stop()
		return nil, err
	}
	for _, e := range recent {
		tenant.seen[e.ID] = struct{}{}
	}
	f.tenants[id] = tenant
	go f.run(ctx, tenant)
	return tenant, nil
}

func (f *eventFeed) leave(actor models.Actor, tenant *tenantFeed, reader chan store.Event) {
	f.lock.Lock()
	defer f.lock.Unlock()
	delete(tenant.readers, reader)
	f.open--
	if f.byUser[actor.UserID]--; f.byUser[actor.UserID] == 0 {
		delete(f.byUser, actor.UserID)
	}
	if len(tenant.readers) == 0 && f.tenants[actor.TenantID] == tenant {
		tenant.stop()
		delete(f.tenants, actor.TenantID)
	}
}

func (f *eventFeed) run(ctx context.Context, tenant *tenantFeed) {
	ticker := time.NewTicker(feedPoll)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		recent, err := f.recent(ctx)
		if err != nil && ctx.Err() == nil {
			f.log.WarnContext(ctx, "event feed", "error", err)
			continue // what is missed now is still in the overlap of the next turn
		}
		f.send(tenant, recent)
	}
}

// recent reads the events of the overlap.
func (f *eventFeed) recent(ctx context.Context) ([]store.Event, error) {
	var all []store.Event
	for after := models.FirstIDAt(time.Now().Add(-feedOverlap)); ; after = all[len(all)-1].ID {
		page, err := f.store.Events(ctx, after, feedBatch)
		all = append(all, page...)
		if err != nil || len(page) < feedBatch {
			return all, err
		}
	}
}

func (f *eventFeed) send(tenant *tenantFeed, recent []store.Event) {
	f.lock.Lock()
	defer f.lock.Unlock()
	seen := make(map[uuid.UUID]struct{}, len(recent))
	for _, e := range recent {
		seen[e.ID] = struct{}{}
		if _, before := tenant.seen[e.ID]; before {
			continue
		}
		for reader := range tenant.readers {
			select {
			case reader <- e:
			default:
				close(reader)
				delete(tenant.readers, reader)
			}
		}
	}
	tenant.seen = seen
}
