package workers

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"mainstay/internal/blob"
	"mainstay/models"
	"mainstay/models/store"
)

const (
	sealFirst      = 10 * time.Second // a start is spared the sealing of what waited
	sealEvery      = 5 * time.Second
	anchorFirst    = 20 * time.Second // behind the first checkpoints
	sealWideEvery  = 5 * time.Minute
	sealBatches    = 20          // of one tenant in one look: a backlog leaves time for others
	anchorEvery    = time.Hour   // of one tenant
	anchorLook     = time.Minute // what is due, or failed before
	anchorDeadline = 30 * time.Second
)

// AuditSealer is the sequencer of the audit log: it seals the events of every tenant in checkpoints, behind those who wrote them, and anchors
// the newest checkpoint of each outside of the database, once an hour. Several may run: of one tenant one seals at a time.
type AuditSealer struct {
	Store *store.Store
	Keys  models.AuditKeys
	// Anchors is where heads are kept; LockFor is how long under lock, 0 where the bucket has none.
	Anchors *blob.Store
	LockFor time.Duration
	Log     *slog.Logger
}

// Run works until ctx is done. Storage that is away holds no sealing up.
func (a *AuditSealer) Run(ctx context.Context) {
	anchored := make(chan struct{})
	go func() {
		defer close(anchored)
		a.loop(ctx, anchorFirst, anchorLook, "anchor", func() error { return a.Anchor(ctx) })
	}()
	var wideAt time.Time
	a.loop(ctx, sealFirst, sealEvery, "seal", func() error {
		wide := time.Since(wideAt) >= sealWideEvery
		_, err := a.Seal(ctx, wide)
		if err == nil && wide {
			wideAt = time.Now()
		}
		return err
	})
	<-anchored
}

func (a *AuditSealer) loop(ctx context.Context, first, every time.Duration, doing string, step func() error) {
	for pause := first; ; pause = every {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		if err := step(); err != nil && ctx.Err() == nil {
			a.Log.WarnContext(ctx, "audit log", "doing", doing, "error", err)
		}
	}
}

// Seal seals what is due of every tenant and returns how many events. wide looks at each tenant, and for events that committed long behind their
// time. Of what waits behind a fault in one tenant the others know nothing; the first fault is returned.
func (a *AuditSealer) Seal(ctx context.Context, wide bool) (int, error) {
	tenants, err := a.Store.UnsealedAudits(ctx)
	if err != nil {
		return 0, err
	}
	total := 0
	for _, t := range tenants {
		if !wide && !t.Active && t.Oldest == nil {
			continue
		}
		n, fault := a.sealTenant(models.WithActor(ctx, models.SystemActor(t.TenantID)), wide)
		total += n
		if fault != nil && err == nil {
			err = fault
		}
	}
	return total, err
}

func (a *AuditSealer) sealTenant(ctx context.Context, wide bool) (int, error) {
	total := 0
	for range sealBatches {
		n, more, err := a.Store.SealAudit(ctx, a.Keys, wide)
		total += n
		if err != nil || !more {
			return total, err
		}
	}
	return total, nil
}

// Anchor puts the newest checkpoint of each tenant into storage of which none was put there within the hour. Checkpoints that are not anchored
// while storage is away are vouched for by the next.
func (a *AuditSealer) Anchor(ctx context.Context) error {
	due, err := a.Store.UnanchoredAudits(ctx, time.Now().Add(-anchorEvery))
	if err != nil || len(due) == 0 {
		return err
	}
	within, cancel := context.WithTimeout(ctx, anchorDeadline)
	defer cancel()
	if a.LockFor > 0 {
		err = a.Anchors.EnsureLockedBucket(within)
	} else {
		err = a.Anchors.EnsureBucket(within)
	}
	if err != nil {
		return err
	}
	for _, tenant := range due {
		if err := a.anchorTenant(models.WithActor(within, models.SystemActor(tenant)), tenant); err != nil {
			return err
		}
	}
	return nil
}

func (a *AuditSealer) anchorTenant(ctx context.Context, tenant uuid.UUID) error {
	head, err := a.Store.AuditHead(ctx)
	if err != nil {
		return err
	}
	anchor := models.AuditAnchor{TenantID: tenant, Sequence: head.Sequence, Bucket: a.Anchors.Bucket(), Object: blob.AnchorKey(head).String()}
	var until time.Time
	if a.LockFor > 0 {
		until = time.Now().Add(a.LockFor)
		anchor.LockedUntil = &until
	}
	put, err := a.Anchors.PutAuditAnchor(ctx, head, until)
	if err != nil {
		return err
	}
	anchor.VersionID = put.VersionID
	return a.Store.RecordAuditAnchor(ctx, anchor)
}
