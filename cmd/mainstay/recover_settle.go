package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pgx/v5"

	"mainstay/internal/config"
	"mainstay/models"
	"mainstay/models/store"
)

// settle does on a database of the operator's own, which was restored and runs, what a recovery of the local stack does behind its replay:
// it proves the rows, holds back what may have been sent, and names the namespace in which Temporal begins anew. A repeat finds the same.
func (c *recoverCommand) settle(ctx context.Context) error {
	cfg, err := config.Load(os.LookupEnv)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	if err := cfg.Require("MAINSTAY_DATABASE_URL"); err != nil {
		return &exitError{exitUsage, err}
	}
	began := time.Now().UTC()
	owner := cmp.Or(cfg.MigrateDatabaseURL.Reveal(), cfg.DatabaseURL.Reveal())
	timeline, err := restoredTimeline(ctx, owner)
	if err != nil {
		return err
	}
	say("proving the rows")
	p := proof{owner: owner, reader: cmp.Or(cfg.BackupDatabaseURL.Reveal(), owner), application: cfg.DatabaseURL.Reveal(), keys: auditKeys(cfg)}
	if err := p.look(ctx); err != nil {
		return err
	}
	if models.DrillVerdictOf(p.checks) == models.DrillFail && !c.Accept {
		return &exitError{exitFound, errors.New("a check failed: restore to an earlier moment, or go on in spite of it with --accept")}
	}
	s, err := store.Open(ctx, store.Options{URL: cfg.DatabaseURL.Reveal(), MaxConns: 2})
	if err != nil {
		return &exitError{exitDependency, err}
	}
	defer func() { _ = s.Close() }()
	say("holding back what may have been sent")
	e := models.RecoveryEvidence{Checks: p.checks}
	id := fmt.Sprintf("timeline-%d", timeline)
	tenants, err := s.TenantIDs(ctx)
	if err != nil {
		return err
	}
	for _, tenant := range tenants {
		held, err := s.HoldDeliveries(models.WithActor(ctx, models.SystemActor(tenant)), id, began)
		if err != nil {
			return err
		}
		e.Held = append(e.Held, held...)
	}
	if e.RecoveredTo, e.Epoch, err = enterEpoch(ctx, owner, timeline); err != nil {
		return err
	}
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if err := s.RecordRecovery(ctx, models.Recovery{ID: id, BeganAt: began, FinishedAt: time.Now().UTC(), Evidence: text}); err != nil {
		return err
	}
	if c.Output == "json" {
		return json.NewEncoder(os.Stdout).Encode(e)
	}
	fmt.Printf("The newest row is of %s.\n", e.RecoveredTo.Format(time.RFC3339Nano))
	printHeld(e.Held)
	base := cfg.TemporalNamespace
	fmt.Printf("Temporal begins anew: create the namespace %[1]s-%[2]d, set MAINSTAY_TEMPORAL_NAMESPACE=%[1]s-%[2]d everywhere (for %[1]s use the name of before the "+
		"first recovery), run `mainstay migrate --temporal`, start api and workers, then `mainstay reconcile`.\n", base, e.Epoch)
	return nil
}

// A session outlives its program by a moment, one of this command that was just run among them.
const (
	settleLooks     = 10
	settleLookEvery = 200 * time.Millisecond
)

// restoredTimeline is the timeline of a cluster that a restore ended on, on which nobody works yet.
func restoredTimeline(ctx context.Context, url string) (timeline int, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return 0, &exitError{exitDependency, fmt.Errorf("the database is away: restore it and start it first (docs/backup.md): %w", err)}
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var replaying bool
	var sessions int
	for look := range settleLooks {
		if look > 0 {
			if err := pause(ctx, settleLookEvery); err != nil {
				return 0, err
			}
		}
		if err := conn.QueryRow(ctx, `SELECT pg_is_in_recovery(), (SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND application_name = 'mainstay')`).Scan(&replaying, &sessions); err != nil {
			return 0, err
		}
		if sessions == 0 {
			break
		}
	}
	switch {
	case replaying:
		return 0, &exitError{exitFound, errors.New("the server still replays, or waits at its target: `SELECT pg_promote()` ends that")}
	case sessions > 0:
		return 0, &exitError{exitFound, fmt.Errorf("%d sessions of api and workers are open: stop these first, they act on rows that may have been acted on", sessions)}
	}
	if err := conn.QueryRow(ctx, `SELECT ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer`).Scan(&timeline); err != nil {
		return 0, err
	}
	if timeline == 1 {
		return 0, &exitError{exitUsage, errors.New("the cluster is on its first timeline: nothing was restored to a moment, see docs/backup.md")}
	}
	return timeline, nil
}

// enterEpoch raises the epoch, which names Temporal's namespace, as [recoverer.raiseEpoch] does, and tells of when the newest row is.
func enterEpoch(ctx context.Context, url string, timeline int) (newest time.Time, epoch int, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return newest, 0, err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	err = conn.QueryRow(ctx, `UPDATE installation SET epoch = greatest(epoch, $1)
		RETURNING epoch, coalesce(greatest((SELECT max(at) FROM wal_heartbeats), (SELECT max(at) FROM audit_events)), created_at)`, timeline-1).Scan(&epoch, &newest)
	return newest.UTC(), epoch, err
}
