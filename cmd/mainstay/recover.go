package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5"

	"mainstay/internal/config"
	"mainstay/internal/pgbackrest"
	"mainstay/internal/postgres"
	"mainstay/internal/recovery"
	"mainstay/internal/stack"
	"mainstay/models"
	"mainstay/models/store"
	"mainstay/workflows"
)

type recoverCommand struct {
	To     string `placeholder:"TIME" help:"Recover to this moment (2026-11-30T14:05:00Z) instead of the last transaction that was archived."`
	Backup string `placeholder:"LABEL" help:"Begin with this backup instead of the newest that serves."`
	System string `placeholder:"ID" help:"The lost cluster's system identifier, where the repository has several clusters and pgBackRest's configuration is lost too."`
	Accept bool   `help:"Switch although a check of the recovered database failed."`
	Anew   bool   `help:"Forget a recovery that was broken off before it switched, and choose again."`
	List   bool   `help:"Only list the backups that there are."`
	Settle bool   `help:"Behind a restore of a PostgreSQL of your own: prove the rows, hold back what may have been sent, and name Temporal's new namespace."`
	Finish bool   `help:"Only start the open processes again, behind a switch; the stack does it by itself."`
	Output string `enum:"text,json" default:"text" help:"text or json."`
}

// Help implements kong.HelpProvider.
func (recoverCommand) Help() string {
	return "Brings the local stack's database back after a disaster, with PostgreSQL and Temporal down: restores the newest physical backup beside " +
		"what is left, replays the archived WAL to its last transaction (or --to a moment), checks what came out and puts it in place of the lost " +
		"cluster, which is kept aside. Needs the repository and the folder `secrets` of MAINSTAY_DATA_DIR. Each step stands in a journal: killed " +
		"at any moment and run again it goes on where it was. Then start the stack: Temporal begins anew in a namespace of its own, and every " +
		"open process starts again from its row. Mail and orders that waited at that moment may have been sent since: they are held back and " +
		"listed. A PostgreSQL of your own is restored with pgBackRest where it runs; --settle does the rest (docs/backup.md). " +
		"Exit codes: 0 recovered, 1 a check failed or the archive has a gap, 2 usage, 3 pgBackRest, the repository or PostgreSQL's programs are away."
}

// Run recovers, or goes on with what was broken off.
func (c *recoverCommand) Run(ctx context.Context) error {
	if c.Finish {
		return c.finish(ctx)
	}
	if c.Settle {
		return c.settle(ctx)
	}
	cfg, err := config.Load(os.LookupEnv)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	var to *time.Time
	if c.To != "" {
		at, err := time.Parse(time.RFC3339Nano, c.To)
		if err != nil {
			return &exitError{exitUsage, fmt.Errorf("--to takes a moment like 2026-11-30T14:05:00Z: %w", err)}
		}
		at = at.UTC()
		to = &at
	}
	down, err := stack.OpenDown(ctx, cfg)
	if err != nil {
		return &exitError{exitDependency, err}
	}
	defer down.Close()
	client, err := down.Repository(c.System)
	if err != nil {
		return &exitError{exitDependency, err}
	}
	if c.List {
		return listBackups(ctx, client)
	}
	journal, err := recovery.Read(down.Journal())
	if err != nil {
		return err
	}
	r := &recoverer{command: c, down: down, client: client, journal: journal, to: to}
	defer r.stop()
	return r.run(ctx)
}

func listBackups(ctx context.Context, client *pgbackrest.Client) error {
	info, err := client.Info(ctx)
	if err != nil {
		return &exitError{exitDependency, err}
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, b := range info.Backups {
		_, _ = fmt.Fprintf(table, "%s\t%s\tended %s\t%d bytes\n", b.Label, b.Kind, b.StoppedAt.Format(time.RFC3339), b.DatabaseBytes)
	}
	return table.Flush()
}

// recoverer is one recovery at work.
type recoverer struct {
	command *recoverCommand
	down    *stack.Down
	client  *pgbackrest.Client
	journal *recovery.Journal
	to      *time.Time
	id      string
	plan    recovery.Plan
	server  *stack.Postgres // of the restored cluster, while it runs
}

// held is what the step [recovery.Hold] found.
type held struct {
	Epoch      int                   `json:"epoch"`
	Deliveries []models.HeldDelivery `json:"deliveries"`
}

func (r *recoverer) run(ctx context.Context) error {
	r.id = r.journal.Open()
	if r.id != "" && r.journal.Done(recovery.Switch) {
		return r.report()
	}
	if r.id != "" && !r.command.Anew {
		say("going on with the recovery %s", r.id)
		if r.journal.Done(recovery.Choose) && (r.to != nil || r.command.Backup != "") {
			return &exitError{exitUsage, errors.New("a recovery was broken off: leave --to and --backup out to go on with it, or add --anew to choose again")}
		}
	} else {
		r.id = time.Now().UTC().Format("20060102T150405.000Z")
	}
	for _, step := range []struct {
		name recovery.Step
		take func(context.Context) (any, error)
	}{
		{recovery.Choose, r.choose},
		{recovery.Fetch, r.fetch},
		{recovery.Replay, r.replay},
		{recovery.Check, r.check},
		{recovery.Hold, r.hold},
		{recovery.Switch, r.change},
	} {
		if r.journal.Done(step.name) && r.journal.Open() == r.id {
			continue
		}
		if step.name != recovery.Choose {
			if err := r.journal.Found(recovery.Choose, &r.plan); err != nil {
				return err
			}
		}
		if err := r.journal.Begin(r.id, step.name); err != nil {
			return err
		}
		found, err := step.take(ctx)
		if err != nil {
			return err
		}
		if err := r.journal.Complete(r.id, step.name, found); err != nil {
			return err
		}
	}
	return r.report()
}

func say(format string, args ...any) { fmt.Fprintf(os.Stderr, "mainstay: "+format+"\n", args...) }

// choose reads the repository and the end of the archive.
func (r *recoverer) choose(ctx context.Context) (any, error) {
	say("reading the repository")
	info, err := r.client.Info(ctx)
	if err != nil {
		return nil, &exitError{exitDependency, err}
	}
	segments, err := r.client.Segments(ctx, info)
	if err != nil {
		return nil, &exitError{exitDependency, err}
	}
	tools, err := postgres.FindTools(ctx)
	if err != nil {
		return nil, &exitError{exitDependency, err}
	}
	plan, err := recovery.ChoosePlan(ctx, recovery.Archive{
		Backups: info.Backups, Segments: segments, SegmentBytes: segmentBytes,
		LastCommit: func(ctx context.Context, segment pgbackrest.Segment) (*recovery.Commit, error) {
			return tools.LastArchivedCommit(ctx, r.client, segment, r.down.SegmentFile(segment.Name))
		},
	}, r.command.Backup, r.to)
	return plan, err
}

// segmentBytes is the size of a WAL segment of the stack's clusters.
const segmentBytes = 16 << 20

func (r *recoverer) fetch(ctx context.Context) (any, error) {
	say("restoring the backup %s, to replay to %s", r.plan.Label, r.target())
	r.stop()
	if err := r.down.Fetch(ctx, r.client, r.plan.Label, r.plan.Target()); err != nil {
		return nil, fmt.Errorf("the lost cluster is untouched, run the command again or name another --backup with --anew: %w", err)
	}
	return struct{}{}, nil
}

func (r *recoverer) target() string {
	switch {
	case r.plan.Commit != nil:
		return "the transaction of " + r.plan.Commit.At.Format(time.RFC3339Nano)
	case r.plan.To != nil:
		return r.plan.To.Format(time.RFC3339Nano)
	}
	return "the end of the archive"
}

// start starts the restored cluster's server where it does not run.
func (r *recoverer) start(ctx context.Context) error {
	if r.server != nil {
		return nil
	}
	server, err := r.down.Start(ctx, io.Discard)
	if err != nil {
		return fmt.Errorf("the lost cluster is untouched: %w", err)
	}
	r.server = server
	return nil
}

func (r *recoverer) stop() {
	if r.server != nil {
		_ = r.server.Stop()
		r.server = nil
	}
}

func (r *recoverer) replay(ctx context.Context) (any, error) {
	say("replaying the WAL")
	if err := r.start(ctx); err != nil {
		return nil, err
	}
	return struct{}{}, nil
}

// check looks at the recovered database.
func (r *recoverer) check(ctx context.Context) (any, error) {
	say("checking what came out")
	if err := r.start(ctx); err != nil {
		return nil, err
	}
	if _, err := postgres.FindTools(ctx); err != nil {
		return nil, &exitError{exitDependency, err}
	}
	p := proof{owner: r.server.DatabaseURL(), reader: r.server.DatabaseURL(), application: r.server.DatabaseURL(), keys: models.NewAuditKeys(r.down.AuditKey(), r.down.AuditPublicKeys()...)}
	p.judge("target", r.reached(ctx), "Replayed to "+r.target()+".")
	if err := p.look(ctx); err != nil {
		return nil, err
	}
	if models.DrillVerdictOf(p.checks) == models.DrillFail && !r.command.Accept {
		return nil, &exitError{exitFound, errors.New("a check failed, the lost cluster is untouched: recover to an earlier moment with --anew --to, or switch in spite of it with --accept")}
	}
	return p.checks, nil
}

// reached proves that the transaction came back which the archive has last.
func (r *recoverer) reached(ctx context.Context) error {
	if r.plan.Commit == nil {
		return nil // the server has ended where it does not reach a time
	}
	conn, err := pgx.Connect(ctx, r.server.DatabaseURL())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var status string
	if err := conn.QueryRow(ctx, `SELECT coalesce(pg_xact_status((((n - $1::bigint) / 4294967296) * 4294967296 + $1::bigint)::text::xid8), 'forgotten')
		FROM (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS n) now`, int64(r.plan.Commit.XID)).Scan(&status); err != nil {
		return err
	}
	if status != "committed" {
		return fmt.Errorf("the archive's last transaction %d is %s", r.plan.Commit.XID, status)
	}
	return nil
}

func (r *recoverer) open(ctx context.Context) (*store.Store, error) {
	return store.Open(ctx, store.Options{URL: r.server.DatabaseURL(), MaxConns: 2})
}

// hold keeps back what may have been sent, and throws Temporal's state away, which lies in the same cluster.
func (r *recoverer) hold(ctx context.Context) (any, error) {
	say("holding back what may have been sent, throwing away Temporal's state")
	if err := r.start(ctx); err != nil {
		return nil, err
	}
	s, err := r.open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.Close() }()
	found := held{}
	tenants, err := s.TenantIDs(ctx)
	if err != nil {
		return nil, err
	}
	for _, tenant := range tenants {
		deliveries, err := s.HoldDeliveries(models.WithActor(ctx, models.SystemActor(tenant)), r.id, r.recoveredTo())
		if err != nil {
			return nil, err
		}
		found.Deliveries = append(found.Deliveries, deliveries...)
	}
	conn, err := pgx.Connect(ctx, r.server.URL("postgres"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	for _, name := range []string{"temporal", "temporal_visibility"} {
		if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			return nil, err
		}
	}
	found.Epoch, err = r.raiseEpoch(ctx)
	return found, err
}

// recoveredTo is the moment whose rows there are.
func (r *recoverer) recoveredTo() time.Time {
	switch {
	case r.plan.Commit != nil:
		return r.plan.Commit.At
	case r.plan.To != nil:
		return *r.plan.To
	}
	return r.journal.Began()
}

// raiseEpoch names the epoch by the cluster's timeline, which each recovery raises by one: a repeat finds the same.
func (r *recoverer) raiseEpoch(ctx context.Context) (epoch int, err error) {
	conn, err := pgx.Connect(ctx, r.server.DatabaseURL())
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	err = conn.QueryRow(ctx, `UPDATE installation SET epoch = greatest(epoch, ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer - 1)
		RETURNING epoch`).Scan(&epoch)
	return epoch, err
}

func (r *recoverer) change(context.Context) (any, error) {
	say("putting the recovered cluster in the place of the lost one")
	var found held
	if err := r.journal.Found(recovery.Hold, &found); err != nil {
		return nil, err
	}
	if r.server != nil {
		err := r.server.Stop()
		r.server = nil
		if err != nil {
			return nil, err
		}
	}
	return struct{}{}, r.down.Switch(r.id, found.Epoch)
}

// report says what was recovered.
func (r *recoverer) report() error {
	e, err := evidenceOf(r.journal)
	if err != nil {
		return err
	}
	if r.command.Output == "json" {
		return json.NewEncoder(os.Stdout).Encode(e)
	}
	fmt.Printf("Recovered to %s from the backup %s.\n", e.RecoveredTo.Format(time.RFC3339Nano), e.Backup)
	printHeld(e.Held)
	if aside := r.down.Aside(r.journal.Open()); exists(aside) {
		fmt.Printf("What was left of the lost cluster is in %s; delete it when nobody needs it.\n", aside)
	}
	fmt.Println("Start the stack now, with `make run` or `mainstay stack up`: it starts every open process again.")
	return nil
}

func printHeld(held []models.HeldDelivery) {
	if len(held) > 0 {
		fmt.Printf("Held back, since they may have been sent already; look at each and send again what did not arrive:\n")
	}
	for _, h := range held {
		fmt.Printf("  %s to %s: %s\n", h.Kind, h.To, h.Subject)
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// evidenceOf reads the newest recovery's evidence out of its journal.
func evidenceOf(j *recovery.Journal) (models.RecoveryEvidence, error) {
	var plan recovery.Plan
	var hold held
	var checks []models.DrillCheck
	if err := errors.Join(j.Found(recovery.Choose, &plan), j.Found(recovery.Check, &checks), j.Found(recovery.Hold, &hold)); err != nil {
		return models.RecoveryEvidence{}, err
	}
	r := recoverer{journal: j, plan: plan}
	e := models.RecoveryEvidence{
		Backup: plan.Label, RecoveredTo: r.recoveredTo(), Checks: checks, Epoch: hold.Epoch, Held: hold.Deliveries,
		FetchSeconds: j.Took(recovery.Fetch).Seconds(), ReplaySeconds: j.Took(recovery.Replay).Seconds(), CheckSeconds: j.Took(recovery.Check).Seconds(),
		RTOSeconds: time.Since(j.Began()).Seconds(),
	}
	if plan.Last {
		rpo := j.Began().Sub(e.RecoveredTo).Seconds()
		e.RPOSeconds = &rpo
	}
	return e, nil
}

// finish starts the open processes again, on the stack that runs, and keeps the evidence.
func (c *recoverCommand) finish(ctx context.Context) error {
	dataDir := cmp.Or(os.Getenv("MAINSTAY_DATA_DIR"), ".mainstay")
	journal, err := recovery.Read(stack.JournalOf(dataDir))
	if err != nil {
		return err
	}
	id := journal.Open()
	if id == "" || !journal.Done(recovery.Switch) {
		return &exitError{exitUsage, errors.New("no recovery waits for its end: run `mainstay recover` without --finish first")}
	}
	if err := journal.Begin(id, recovery.Finish); err != nil {
		return err
	}
	d, err := open(ctx, "recover")
	if err != nil {
		return err
	}
	defer d.close()
	poked, err := reconcile(ctx, workflows.NewClient(d.temporal), d.config.TemporalNamespace, d.store, func(int) {})
	if err != nil {
		return &exitError{exitDependency, err}
	}
	e, err := evidenceOf(journal)
	if err != nil {
		return err
	}
	e.ProcessesPoked = poked
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if err := d.store.RecordRecovery(ctx, models.Recovery{ID: id, BeganAt: journal.Began(), FinishedAt: time.Now().UTC(), Evidence: text}); err != nil {
		return err
	}
	say("recovered to %s in %.0f s; %d open processes started again", e.RecoveredTo.Format(time.RFC3339Nano), e.RTOSeconds, poked)
	return journal.Complete(id, recovery.Finish, e)
}
