package activities

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/google/uuid"

	"mainstay/internal/blob"
	"mainstay/internal/pgbackrest"
	"mainstay/internal/postgres"
	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/migrations"
)

// LoadRestoreDrill reads where the drill stands and notes that its process runs.
func (o *Operations) LoadRestoreDrill(ctx context.Context, in ProcessInput) (ProcessState, error) {
	d, err := o.Store.LoadRestoreDrill(in.context(ctx), in.ID)
	return stateOf(d, err, drillState)
}

// RunRestoreDrillCommand carries out an admitted command in one transaction. A repeat answers the first outcome.
func (o *Operations) RunRestoreDrillCommand(ctx context.Context, in CommandInput) (CommandResult, error) {
	return answered(o.Store.RunRestoreDrillCommand(in.context(ctx), in.ID, in.CommandID))
}

func drillState(d models.RestoreDrill) ProcessState {
	return operationState(d.Head(), d.Over(), string(d.Status))
}

// CarryOutRestoreDrill restores what the row asks for into a server of its own and looks at what came out. What it finds completes
// the row with a verdict; what keeps it from finding out, in several tries, makes the verdict inconclusive.
func (o *Operations) CarryOutRestoreDrill(ctx context.Context, in ActionInput) (ProcessState, error) {
	var found drill
	return carryOut(ctx, o, in, operationStep[models.RestoreDrill]{
		load: o.Store.LoadRestoreDrill, lives: o.Store.RestoreDrillLives, state: drillState,
		do: func(ctx context.Context, row models.RestoreDrill) (models.RestoreDrill, error) {
			row, err := o.Store.StepRestoreDrill(ctx, row.ID, models.RestoreDrillBegin, func(*models.RestoreDrill) {})
			if err != nil {
				return row, err
			}
			found = drill{operations: o, id: row.ID, source: row.Source, target: row.TargetTime, fault: row.Fault, began: time.Now()}
			if err := found.run(ctx); err != nil {
				return row, err
			}
			return o.Store.StepRestoreDrill(ctx, row.ID, models.RestoreDrillComplete, found.fill)
		},
		fail: func(ctx context.Context, failure string) (models.RestoreDrill, error) {
			found.note("drill", models.DrillInconclusive, "%s", failure)
			return o.Store.StepRestoreDrill(ctx, in.ID, models.RestoreDrillComplete, found.fill)
		},
	})
}

// drill is one drill at work.
type drill struct {
	operations *Operations
	id         uuid.UUID
	source     models.DrillSource
	target     *time.Time // that was asked for
	fault      models.DrillFault
	spoilt     string         // what was spoilt for it, in words
	shows      *regexp.Regexp // what the check says that goes red for it; nil: whatever it says
	began      time.Time
	rpoAt      time.Time // of the newest rows that a disaster at the beginning would have left
	backup     *models.BackupRun
	checks     []models.DrillCheck
	evidence   models.DrillEvidence
	restored   bool
}

func (d *drill) note(name string, verdict models.DrillVerdict, format string, args ...any) {
	d.checks = append(d.checks, models.DrillCheck{Name: name, Verdict: verdict, Detail: fmt.Sprintf(format, args...)})
}

// judge notes a pass with detail, or what was found instead.
func (d *drill) judge(name, fault, detail string) {
	if fault != "" {
		d.note(name, models.DrillFail, "%s", fault)
		return
	}
	d.note(name, models.DrillPass, "%s", detail)
}

// fill writes what was found into the row. Only a restore that was made has an RTO.
func (d *drill) fill(row *models.RestoreDrill) {
	d.fault = row.Fault // also where it did not begin
	row.FaultFound = d.judgeFault()
	row.Source, row.Verdict = d.source, models.DrillVerdictOf(d.checks)
	row.Checks, _ = json.Marshal(d.checks) // of strings
	if d.checks == nil {
		row.Checks = json.RawMessage(`[]`)
	}
	row.Evidence, _ = json.Marshal(d.evidence) // of strings and numbers
	if d.backup == nil {
		return
	}
	row.BackupRunID = &d.backup.ID
	if !d.ahead() {
		rpo := max(0, d.began.Sub(d.rpoAt).Seconds())
		row.RPOSeconds = &rpo
	}
	if d.restored {
		rto := d.evidence.FetchSeconds + d.evidence.RestoreSeconds + d.evidence.ValidateSeconds
		row.RTOSeconds = &rto
	}
}

// ahead reports that the newest rows are of a moment that this worker's clock has not reached: what would be lost cannot be told.
func (d *drill) ahead() bool { return d.rpoAt.After(d.began.Add(models.ClockTolerance)) }

func (d *drill) compareClocks() {
	if d.ahead() {
		d.note("clock", models.DrillInconclusive, "The newest rows that can be restored are of %s, which is ahead of this worker's clock: %s.",
			d.rpoAt.UTC().Format(time.RFC3339), d.began.UTC().Format(time.RFC3339))
	}
}

// run restores what was asked for, or else what loses least.
func (d *drill) run(ctx context.Context) (err error) {
	if d.fault != models.DrillNoFault {
		defer func() { err = errors.Join(err, os.RemoveAll(d.spoiltDir())) }()
	}
	if d.source == models.DrillOfEither {
		if d.source, err = d.choose(ctx); err != nil {
			return err
		}
	}
	if d.source == models.DrillOfPhysical {
		return d.runPhysical(ctx)
	}
	return d.runDump(ctx)
}

// runDump fetches, restores and validates. It ends early where a check failed: nothing is learned from the rest.
func (d *drill) runDump(ctx context.Context) error {
	backup, err := d.operations.Store.NewestDump(ctx)
	if models.ErrorCode(err) == models.CodeNotFound {
		d.note("backup", models.DrillInconclusive, "There is no completed dump to restore.")
		return nil
	}
	if err != nil {
		return err
	}
	d.backup, d.rpoAt = &backup, *backup.SnapshotAt
	d.compareClocks()
	key, err := d.operations.key()
	if err != nil {
		return err
	}
	tools, err := postgres.FindTools(ctx)
	if err != nil {
		return err
	}
	dir := filepath.Join(d.operations.ScratchDir, "mainstay-drill-"+d.id.String())
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.MkdirAll(dir, 0o711); err != nil { //nolint:gosec // the unprivileged server walks through it
		return err
	}
	file := filepath.Join(dir, "dump")
	var m models.BackupManifest
	if err := d.timed(&d.evidence.FetchSeconds, func() (err error) {
		m, err = d.fetch(ctx, key, file)
		return err
	}); err != nil || d.failed() {
		return err
	}
	return d.restore(ctx, tools, dir, file, m)
}

func (d *drill) timed(seconds *float64, do func() error) error {
	began := time.Now()
	defer func() { *seconds = time.Since(began).Seconds() }()
	return do()
}

func (d *drill) failed() bool { return models.DrillVerdictOf(d.checks) == models.DrillFail }

// fetch brings the dump in clear into a file that only this user reads.
func (d *drill) fetch(ctx context.Context, key postgres.RecoveryKey, file string) (models.BackupManifest, error) {
	var promised models.BackupEvidence
	if err := json.Unmarshal(d.backup.Evidence, &promised); err != nil {
		return models.BackupManifest{}, err
	}
	m, hash, err := postgres.ReadManifest(ctx, d.operations.Blob, d.backup.ID)
	switch {
	case models.ErrorCode(err) == models.CodeNotFound || errors.Is(err, postgres.ErrBroken):
		d.note("manifest", models.DrillFail, "%s", words(err))
		return m, nil
	case err != nil:
		return m, err
	case hash != promised.ManifestSHA256:
		d.note("manifest", models.DrillFail, "Its SHA-256 is %s, the backup's row says %s.", hash, promised.ManifestSHA256)
		return m, nil
	}
	d.note("manifest", models.DrillPass, "%d tables, %d rows at %s.", len(m.Tables), m.Rows(), m.SnapshotAt.Format(time.RFC3339))
	d.evidence.Object, d.evidence.SHA256, d.evidence.SizeBytes, d.evidence.PlainBytes = m.Object, m.SHA256, m.SizeBytes, m.PlainBytes
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // in the drill's own folder
	if err != nil {
		return m, err
	}
	checks, err := d.fetchObject(ctx, key, m, out)
	d.checks = append(d.checks, checks...)
	return m, errors.Join(err, out.Close())
}

func (d *drill) restore(ctx context.Context, tools postgres.Tools, dir, file string, m models.BackupManifest) error {
	var scratch *postgres.Scratch
	defer func() {
		if scratch != nil {
			_ = scratch.Close()
		}
	}()
	if err := d.timed(&d.evidence.RestoreSeconds, func() (err error) {
		if scratch, err = tools.StartScratch(ctx, dir); err != nil {
			scratch = nil
			return err
		}
		if err := scratch.Restore(ctx, file, m); err != nil {
			if ctx.Err() != nil || pgbackrest.IsAway(err) { // of a full disk PostgreSQL says the same
				return err
			}
			d.note("restore", models.DrillFail, "%s", words(err))
			return nil
		}
		d.note("restore", models.DrillPass, "pg_restore ended without an error.")
		d.restored = true
		return nil
	}); err != nil || d.failed() {
		return err
	}
	return d.timed(&d.evidence.ValidateSeconds, func() error {
		return d.validate(ctx, scratch, func() error { return d.count(ctx, scratch, m) })
	})
}

// validate looks at the restored database, behind faults too: each says something of its own. count compares the rows with what is known
// of them.
func (d *drill) validate(ctx context.Context, scratch *postgres.Scratch, count func() error) (err error) {
	if d.evidence.ServerVersion, err = scratch.Version(ctx); err != nil {
		return err
	}
	switch err := scratch.CheckBlocks(ctx); {
	case err == nil:
		d.note("amcheck", models.DrillPass, "pg_amcheck read every page and index.")
	case errors.Is(err, postgres.ErrNoTool):
		d.note("amcheck", models.DrillInconclusive, "%s", words(err))
	case ctx.Err() != nil:
		return err
	default:
		d.note("amcheck", models.DrillFail, "%s", words(err))
	}
	if err := count(); err != nil {
		return err
	}
	if err := d.files(ctx, scratch); err != nil {
		return err
	}
	if err := d.schema(ctx, scratch); err != nil {
		return err
	}
	return d.tenants(ctx, scratch)
}

func (d *drill) count(ctx context.Context, scratch *postgres.Scratch, m models.BackupManifest) error {
	counted, err := scratch.Count(ctx)
	if err != nil {
		return err
	}
	fault := ""
	for _, want := range m.Tables {
		i := slices.IndexFunc(counted.Tables, func(t models.BackupTable) bool { return t.Name == want.Name })
		if i < 0 {
			fault = fmt.Sprintf("The table %s is missing.", want.Name)
			break
		}
		if is := counted.Tables[i].Rows; is != want.Rows {
			fault = fmt.Sprintf("%s has %d rows, the manifest says %d.", want.Name, is, want.Rows)
			break
		}
		d.evidence.Rows += want.Rows
	}
	d.judge("row_counts", fault, fmt.Sprintf("%d rows in %d tables, as in the snapshot.", d.evidence.Rows, len(m.Tables)))
	fault = ""
	if counted.ForeignKeys != m.ForeignKeys || counted.Unvalidated > 0 {
		fault = fmt.Sprintf("%d foreign keys, %d of them not validated; the manifest says %d.", counted.ForeignKeys, counted.Unvalidated, m.ForeignKeys)
	}
	d.judge("foreign_keys", fault, fmt.Sprintf("%d, all validated against the rows.", counted.ForeignKeys))
	return nil
}

// files looks for the object of every attachment: size, and the hash where the storage keeps it. An object of 1 GB is not read for it.
func (d *drill) files(ctx context.Context, scratch *postgres.Scratch) error {
	files, err := scratch.Files(ctx)
	if err != nil {
		return err
	}
	fault := ""
	for _, file := range files {
		key, err := blob.ParseKey(file.Key)
		if err != nil {
			return err
		}
		object, err := d.operations.Blob.Stat(ctx, key)
		switch {
		case models.ErrorCode(err) == models.CodeNotFound:
			fault = fmt.Sprintf("The object %s of an attachment is missing.", file.Key)
		case err != nil:
			return err
		case object.Size != file.Size || object.SHA256 != "" && object.SHA256 != file.SHA256:
			fault = fmt.Sprintf("The object %s is not what its row says.", file.Key)
		}
		if fault != "" {
			break
		}
	}
	d.judge("files", fault, fmt.Sprintf("Each of %d attachments has its object.", len(files)))
	return nil
}

// schema compares the migrations of the restored database with those of this build.
func (d *drill) schema(ctx context.Context, scratch *postgres.Scratch) error {
	db, err := sql.Open("pgx", scratch.URL())
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	applied, err := migrations.Up(ctx, db)
	if err != nil {
		d.note("migrations", models.DrillFail, "%s", words(err))
		return nil
	}
	unknown, err := migrations.Unknown(ctx, db)
	if err != nil {
		return err
	}
	fault := ""
	if unknown > 0 {
		fault = fmt.Sprintf("The database has the migration %d, which this build does not know: it is of a newer release.", unknown)
	}
	d.judge("migrations", fault, fmt.Sprintf("%d were missing and applied.", applied))
	return nil
}

// tenants asks, as the application's role behind the tenant wall, what people ask first, and proves the stock and the audit log.
func (d *drill) tenants(ctx context.Context, scratch *postgres.Scratch) error {
	s, err := store.Open(ctx, store.Options{URL: scratch.URL(), MaxConns: 2})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	ids, err := s.TenantIDs(ctx)
	if err != nil {
		d.note("queries", models.DrillFail, "%s", words(err))
		return nil
	}
	queries := ""
	for _, id := range ids {
		if err := readFirstPages(models.WithActor(ctx, models.SystemActor(id)), s); err != nil && queries == "" {
			queries = fmt.Sprintf("Tenant %s: %s", id, words(err))
		}
	}
	ledger, err := s.ProveLedger(ctx, ids)
	if err != nil {
		ledger = words(err)
	}
	d.judge("stock_ledger", ledger, fmt.Sprintf("Movements, balances and values agree for %d tenants.", len(ids)))
	audit, err := s.ProveAudit(ctx, ids)
	if err == nil && audit == "" {
		audit, err = s.ProveAuditSeals(ctx, d.operations.AuditKeys, ids)
	}
	if err != nil {
		audit = words(err)
	}
	d.judge("audit_log", audit, fmt.Sprintf("Each version of a row and each command of %d tenants has its event.", len(ids)))
	d.judge("queries", queries, fmt.Sprintf("Settings, people, assets, work orders and audit log of %d tenants answer.", len(ids)))
	return d.signIn(ctx, s, ids)
}

func readFirstPages(ctx context.Context, s *store.Store) error {
	page := store.Page{Limit: 20, Sort: "-created_at"}
	_, tenant := s.Tenant(ctx)
	_, users := s.Users(ctx, store.UserFilter{}, page)
	_, assets := s.Assets(ctx, store.AssetFilter{}, page)
	_, orders := s.WorkOrders(ctx, store.WorkOrderFilter{}, page)
	_, events := s.AuditEvents(ctx, store.AuditEventFilter{}, store.Page{Limit: 20, Sort: "-at"})
	return errors.Join(tenant, users, assets, orders, events)
}
