package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"mainstay/activities"
	"mainstay/api"
	"mainstay/internal/auth"
	"mainstay/internal/blob"
	"mainstay/internal/config"
	"mainstay/internal/mail"
	"mainstay/internal/pgbackrest"
	"mainstay/internal/telemetry"
	"mainstay/models"
	"mainstay/models/store"
	"mainstay/web"
	"mainstay/workers"
	"mainstay/workflows"
)

type workerCommand struct{}

// Help implements kong.HelpProvider.
func (workerCommand) Help() string {
	return "Runs the processes: workers on every task queue, the relay of the outbox, the sweeper and the sequencer of the audit log, until SIGTERM, which drains."
}

// Run works until ctx is done and serves health and metrics meanwhile. While Temporal is away it waits for it.
func (c *workerCommand) Run(ctx context.Context) error {
	collectLess()
	d, err := open(ctx, "worker")
	if err != nil {
		return err
	}
	defer d.close()
	processes := workflows.NewClient(d.temporal)
	var polling atomic.Bool
	operations := d.telemetry.Operations(map[string]telemetry.Check{
		"database": d.store.Ping, "temporal": processes.Check, "workers": pollingCheck(&polling),
	})
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return serve(ctx, d.config.OpsAddr, operations) })
	group.Go(func() error { return work(ctx, d, processes, &polling) })
	return group.Wait()
}

// work runs the workers, the relay, the sweeper and the sequencer of the audit log; polling becomes true once every task queue is polled.
func work(ctx context.Context, d *dependencies, processes *workflows.Client, polling *atomic.Bool) error {
	if err := untilTemporal(ctx, d, processes); err != nil {
		return nil // asked to stop before Temporal came
	}
	sender, err := mail.Open(d.config.SMTPURL.Reveal())
	if err != nil {
		return &exitError{exitUsage, err}
	}
	files, err := openBlob(d.config)
	if err != nil {
		return err
	}
	archive, err := openArchive(d.config)
	if err != nil {
		return err
	}
	buildID := ""
	if d.config.WorkerVersioning {
		buildID = version
	}
	running, err := workers.Start(d.temporal, workers.Activities{
		Approvals: &activities.Approvals{Store: d.store},
		Delivery: &activities.Delivery{
			Store: d.store, Mail: sender, From: d.config.SMTPFrom, PublicURL: d.config.PublicURL,
		},
		Exchange:    &activities.Exchange{Store: d.store, Blob: files},
		Maintenance: &activities.Maintenance{Store: d.store, Wake: processes},
		Operations: &activities.Operations{
			Store: d.store, Blob: files, DatabaseURL: d.config.BackupDatabaseURL, RecoveryKey: d.config.RecoveryKey,
			Retention: d.config.Retention, Archive: archive, ArchiveFor: time.Duration(d.config.ArchiveDays) * 24 * time.Hour,
			OrphansAfter: time.Duration(d.config.FileOrphanDays) * 24 * time.Hour, PgBackRest: openPgBackRest(ctx, d), ScratchDir: os.TempDir(),
			AuditKeys: auditKeys(d.config), Version: version, Image: d.config.Image, WebLockFile: web.LockFile(), Settings: d.config.String(), Paths: d.config.BackupPaths,
			API: func(restored *store.Store) (http.Handler, error) { return restoredAPI(ctx, d, files, restored) },
		},
		Assets:     &activities.Assets{Store: d.store},
		Purchasing: &activities.Purchasing{Store: d.store, Blob: files, Mail: sender, From: d.config.SMTPFrom},
	}, models.Queues(), buildID)
	if err != nil {
		return &exitError{exitDependency, err}
	}
	defer running.Stop()
	polling.Store(true)
	relay := &workers.Relay{Store: d.store, Wake: processes, StartRate: d.config.StartRate, Log: d.telemetry.Logger}
	sweeper := &workers.Sweeper{Store: d.store, Wake: processes, Log: d.telemetry.Logger}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { relay.Run(ctx); return nil })
	group.Go(func() error { sweeper.Run(ctx); return nil })
	group.Go(func() error { sealAudit(ctx, d, files, archive); return nil })
	group.Go(func() error { ensureBucket(ctx, d, files); return nil })
	group.Go(func() error { keepSchedules(ctx, d); return nil })
	group.Go(func() error { <-ctx.Done(); return nil })
	return group.Wait()
}

// restoredAPI is the API on the rows that a drill has restored, with a key of its own: no token of theirs holds elsewhere.
func restoredAPI(ctx context.Context, d *dependencies, files *blob.Store, restored *store.Store) (http.Handler, error) {
	seed := make([]byte, ed25519.SeedSize)
	_, _ = rand.Read(seed) // it does not fail
	keys, err := auth.NewKeys(seed)
	if err != nil {
		return nil, err
	}
	quiet, err := telemetry.Start(ctx, telemetry.Options{Process: "drill", Version: version, Log: io.Discard})
	if err != nil {
		return nil, err
	}
	return api.New(api.Options{
		Store: restored, Processes: workflows.NewClient(d.temporal), Blob: files, Keys: keys, Telemetry: quiet, Version: version,
		Namespace: d.config.TemporalNamespace,
	})
}

// openPgBackRest returns nil where there are no physical backups.
func openPgBackRest(ctx context.Context, d *dependencies) *pgbackrest.Client {
	if d.config.PgBackRestConfig == "" {
		return nil
	}
	program, err := pgbackrest.Find()
	if err != nil {
		d.telemetry.Logger.WarnContext(ctx, "no physical backups", "error", err)
		return nil
	}
	return &pgbackrest.Client{
		Program: program, Config: d.config.PgBackRestConfig, Stanza: d.config.PgBackRestStanza, DatabaseURL: d.config.BackupDatabaseURL.Reveal(),
	}
}

// everyMinute is no setting: the metrics and alerts of the WAL archive count on it.
const everyMinute = "* * * * *"

// clocksOf are the times of the settings; none where backups are not configured.
func clocksOf(c config.Config) workers.Clocks {
	if c.BackupDatabaseURL == "" || c.RecoveryKey == "" {
		return workers.Clocks{}
	}
	clocks := workers.Clocks{Dump: c.DumpCron, Drill: c.DrillCron, FaultDrill: c.FaultDrillCron, Retention: c.RetentionCron, FileCheck: c.FileCheckCron}
	if c.PgBackRestConfig != "" {
		clocks.Full, clocks.Incremental, clocks.SegmentDrill = c.FullCron, c.IncrementalCron, c.FaultDrillCron
		clocks.WALCheck = everyMinute
	}
	if c.S3ArchiveBucket != "" {
		clocks.Archive = c.ArchiveCron
	}
	return clocks
}

// keepSchedules tries until Temporal has the schedules; the other processes run without them.
func keepSchedules(ctx context.Context, d *dependencies) {
	for {
		err := workers.KeepSchedules(ctx, d.temporal, clocksOf(d.config))
		if err == nil || ctx.Err() != nil {
			return
		}
		d.telemetry.Logger.WarnContext(ctx, "the schedules are not kept", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(5 * time.Second):
		}
	}
}

// openArchive opens the bucket with object lock; nil where none is set.
func openArchive(c config.Config) (*blob.Store, error) {
	if c.S3ArchiveBucket == "" {
		return nil, nil
	}
	c.S3Bucket = c.S3ArchiveBucket
	return openBlob(c)
}

// ensureBucket tries until the storage has the bucket; the other processes run without it.
func ensureBucket(ctx context.Context, d *dependencies, files *blob.Store) {
	for {
		err := files.EnsureBucket(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		d.telemetry.Logger.WarnContext(ctx, "the bucket is not ready", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(5 * time.Second):
		}
	}
}

func pollingCheck(polling *atomic.Bool) telemetry.Check {
	return func(context.Context) error {
		if polling.Load() {
			return nil
		}
		return errors.New("the task queues are not polled yet")
	}
}

// untilTemporal waits until the namespace answers.
func untilTemporal(ctx context.Context, d *dependencies, processes *workflows.Client) error {
	for {
		err := processes.Check(ctx)
		if err == nil {
			return nil
		}
		d.telemetry.Logger.InfoContext(ctx, "waiting for Temporal", "error", err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}
