package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"go.temporal.io/api/operatorservice/v1"

	"mainstay/internal/mail"
	"mainstay/internal/pgbackrest"
	"mainstay/models"
	"mainstay/models/store/migrations"
	"mainstay/workers"
	"mainstay/workflows"
)

type doctorCommand struct {
	Ledger bool   `help:"Also prove the stock of every tenant from its ledger, and that no event of its audit log is missing."`
	Output string `enum:"text,json" default:"text" help:"text or json."`
}

// Help implements kong.HelpProvider.
func (doctorCommand) Help() string {
	return "Asks database, schema, Temporal, search attributes, schedules, storage, mail and the WAL archive, each in turn, and names the remedy of what is wrong. " +
		"With --ledger it proves the stock too: sum of movements = balance = cost layers = value; and the audit log: " +
		"each version of a row and each command has its event, and its checkpoints hold. Exits 0 when all is well, 1 when a check found something, 3 when a dependency is away."
}

// finding is what one check says.
type finding struct {
	Check  string `json:"check"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	Remedy string `json:"remedy,omitempty"`
	// Off says that it is not used here, which is a choice and no fault.
	Off  bool `json:"off,omitempty"`
	away bool
}

const checkWithin = 5 * time.Second

// Run checks everything, also behind the first fault.
func (c *doctorCommand) Run(ctx context.Context) error {
	d, err := open(ctx, "doctor")
	if err != nil {
		return err
	}
	defer d.close()
	var findings []finding
	for _, check := range []func(context.Context, *dependencies) finding{
		checkDatabase, checkSchema, checkTemporal, checkAttributes, checkSchedules, checkStorage, checkMail, checkArchive, checkRecovery, checkSeal,
	} {
		within, cancel := context.WithTimeout(ctx, checkWithin)
		findings = append(findings, check(within, d))
		cancel()
	}
	findings = append(findings, checkProcesses(ctx, d))
	if c.Ledger {
		findings = append(findings, checkLedger(ctx, d)...)
		findings = append(findings, checkAudit(ctx, d)...)
	}
	if err := c.print(findings); err != nil {
		return err
	}
	return verdict(findings)
}

func (c *doctorCommand) print(findings []finding) error {
	if c.Output == "json" {
		return json.NewEncoder(os.Stdout).Encode(findings)
	}
	for _, f := range findings {
		mark := "ok  "
		switch {
		case !f.OK:
			mark = "FAIL"
		case f.Off:
			mark = "off "
		}
		fmt.Printf("%s  %-18s %s\n", mark, f.Check, f.Detail)
		if f.Remedy != "" {
			fmt.Printf("      %-18s -> %s\n", "", f.Remedy)
		}
	}
	return nil
}

func verdict(findings []finding) error {
	code := exitDone
	for _, f := range findings {
		if !f.OK && code != exitDependency {
			code = exitFound
			if f.away {
				code = exitDependency
			}
		}
	}
	if code == exitDone {
		return nil
	}
	return &exitError{code, errors.New("not everything is well: see above")}
}

func away(check, remedy string, err error) finding {
	return finding{Check: check, Detail: err.Error(), Remedy: remedy, away: true}
}

func checkDatabase(ctx context.Context, d *dependencies) finding {
	if err := d.store.Ping(ctx); err != nil {
		return away("database", "start PostgreSQL or set MAINSTAY_DATABASE_URL", err)
	}
	return finding{Check: "database", OK: true, Detail: "answers"}
}

func checkSchema(ctx context.Context, d *dependencies) finding {
	address := d.config.MigrateDatabaseURL.Reveal()
	if address == "" {
		address = d.config.DatabaseURL.Reveal()
	}
	db, err := sql.Open("pgx", address)
	if err != nil {
		return away("schema", "set MAINSTAY_MIGRATE_DATABASE_URL", err)
	}
	defer func() { _ = db.Close() }()
	pending, err := migrations.Pending(ctx, db)
	if err != nil {
		return away("schema", "run `mainstay migrate`", err)
	}
	if pending > 0 {
		return finding{Check: "schema", Detail: fmt.Sprintf("%d migrations are missing", pending), Remedy: "run `mainstay migrate`"}
	}
	return finding{Check: "schema", OK: true, Detail: "up to date"}
}

func checkTemporal(ctx context.Context, d *dependencies) finding {
	if err := workflows.NewClient(d.temporal).Check(ctx); err != nil {
		return away("temporal", "start Temporal or set MAINSTAY_TEMPORAL_ADDRESS; commands answer 503 meanwhile", err)
	}
	return finding{Check: "temporal", OK: true, Detail: "answers"}
}

func checkAttributes(ctx context.Context, d *dependencies) finding {
	known, err := d.temporal.OperatorService().ListSearchAttributes(ctx,
		&operatorservice.ListSearchAttributesRequest{Namespace: d.config.TemporalNamespace})
	if err != nil {
		return away("search attributes", "start Temporal first", err)
	}
	for name := range workflows.SearchAttributes() {
		if _, ok := known.GetCustomAttributes()[name]; !ok {
			return finding{Check: "search attributes", Detail: name + " is missing", Remedy: "run `mainstay migrate --temporal`"}
		}
	}
	return finding{Check: "search attributes", OK: true, Detail: "registered"}
}

// checkSchedules says when backups, drills and retention run by themselves. That they do not is no fault: it is said with what turns them on.
func checkSchedules(ctx context.Context, d *dependencies) finding {
	for _, missing := range []struct {
		is   bool
		name string
	}{{d.config.BackupDatabaseURL == "", "MAINSTAY_BACKUP_DATABASE_URL"}, {d.config.RecoveryKey == "", "MAINSTAY_RECOVERY_KEY"}} {
		if missing.is {
			return finding{Check: "schedules", OK: true, Detail: "off: nothing is backed up, " + missing.name + " is unset", Remedy: "set it for the worker (docs/backup.md)"}
		}
	}
	states, err := workers.Schedules(ctx, d.temporal, clocksOf(d.config))
	if err != nil {
		return away("schedules", "start Temporal first", err)
	}
	var said []string
	for _, s := range states {
		switch {
		case s.Missing:
			return finding{Check: "schedules", Detail: s.ID + " is missing", Remedy: "start a worker: it makes them"}
		case s.Off:
			said = append(said, s.ID+" off")
		case s.Paused != "":
			said = append(said, s.ID+" paused: "+s.Paused)
		default:
			said = append(said, s.ID+" "+s.Next.Format("2006-01-02 15:04 MST"))
		}
	}
	return finding{Check: "schedules", OK: true, Detail: strings.Join(said, ", ")}
}

func checkStorage(ctx context.Context, d *dependencies) finding {
	files, err := openBlob(d.config)
	if err == nil {
		err = files.Ping(ctx)
	}
	if err != nil {
		return away("storage", "start the S3 storage or check MAINSTAY_S3_ENDPOINT, its keys and the bucket", err)
	}
	return finding{Check: "storage", OK: true, Detail: "answers"}
}

func checkMail(ctx context.Context, d *dependencies) finding {
	sender, err := mail.Open(d.config.SMTPURL.Reveal())
	if err == nil {
		err = sender.Ping(ctx)
	}
	if err != nil {
		return away("mail", "check MAINSTAY_SMTP_URL; mail waits meanwhile", err)
	}
	return finding{Check: "mail", OK: true, Detail: "answers"}
}

// checkArchive asks the server for its archiver and the repository for the cluster. What the server believes to have sent is compared with
// what is there by the check of each minute.
func checkArchive(ctx context.Context, d *dependencies) finding {
	const check = "WAL archive"
	if d.config.PgBackRestConfig == "" {
		remedy := "set MAINSTAY_PGBACKREST_CONFIG, see docs/backup.md"
		if _, err := pgbackrest.Find(); err != nil {
			remedy = "run `" + pgbackrest.Install + "` and start the stack again"
		}
		return finding{Check: check, OK: true, Off: true, Detail: "a disaster loses what was written since the last dump", Remedy: remedy}
	}
	state, err := d.store.ArchiverState(ctx)
	if err != nil {
		return away(check, "start PostgreSQL first", err)
	}
	if fault := state.Fault(); fault != "" {
		return finding{Check: check, Detail: fault, Remedy: "look at the server's log; start the stack again, or set archive_mode and archive_command (docs/backup.md)"}
	}
	program, err := pgbackrest.Find()
	if err != nil {
		return finding{Check: check, OK: true, Detail: "PostgreSQL archives; the repository is looked at by the worker, pgBackRest is not on this host"}
	}
	client := &pgbackrest.Client{Program: program, Config: d.config.PgBackRestConfig, Stanza: d.config.PgBackRestStanza}
	info, err := client.Info(ctx)
	if err != nil {
		return finding{Check: check, Detail: err.Error(), Remedy: "check MAINSTAY_PGBACKREST_CONFIG and the repository's key"}
	}
	if len(info.Backups) == 0 {
		return finding{Check: check, Detail: "WAL is archived, and there is no backup to begin with", Remedy: "run `mainstay backup --kind full`"}
	}
	return finding{Check: check, OK: true, Detail: fmt.Sprintf("works; %d physical backups", len(info.Backups))}
}

// checkRecovery says what the newest recovery held back, which only a person can decide.
func checkRecovery(ctx context.Context, d *dependencies) finding {
	const check = "recovery"
	newest, err := d.store.NewestRecovery(ctx)
	if models.ErrorCode(err) == models.CodeNotFound {
		return finding{Check: check, OK: true, Detail: "there was none"}
	}
	var e models.RecoveryEvidence
	if err == nil {
		err = json.Unmarshal(newest.Evidence, &e)
	}
	if err != nil {
		return away(check, "run `mainstay migrate`", err)
	}
	detail := fmt.Sprintf("the last ended %s, %.0f s after it began, with the rows of %s", newest.FinishedAt.Format(time.RFC3339), e.RTOSeconds,
		e.RecoveredTo.Format(time.RFC3339))
	if len(e.Held) > 0 {
		detail += fmt.Sprintf("; %d mails and orders were held back, which recovery.jsonl in the data directory lists", len(e.Held))
	}
	return finding{Check: check, OK: true, Detail: detail}
}

// checkSeal says how far the audit log is sealed. What waits is no fault here: a worker that was just started seals it in a moment, and the alert
// AuditNotSealed is for what stays.
func checkSeal(ctx context.Context, d *dependencies) finding {
	const check = "audit seal"
	if !auditKeys(d.config).CanVerify() {
		return finding{Check: check, OK: true, Off: true, Detail: "no checkpoint of the audit log is made or proven", Remedy: "set MAINSTAY_AUDIT_KEY, see docs/audit.md"}
	}
	tenants, err := d.store.UnsealedAudits(ctx)
	if err != nil {
		return away(check, "run `mainstay migrate`", err)
	}
	var oldest *time.Time
	for _, t := range tenants {
		if t.Oldest != nil && (oldest == nil || t.Oldest.Before(*oldest)) {
			oldest = t.Oldest
		}
	}
	if oldest == nil {
		return finding{Check: check, OK: true, Detail: fmt.Sprintf("every event of %d tenants is sealed; mainstay audit verify proves it", len(tenants))}
	}
	return finding{Check: check, OK: true, Detail: "the oldest event that is not sealed is of " + oldest.UTC().Format(time.RFC3339)}
}

// processLooks and processPause are how long a late process may stand at the head of the line: the workers of a stack that was just
// started, or was away for days, have much to catch up with.
const (
	processLooks = 4
	processPause = 5 * time.Second
)

func checkProcesses(ctx context.Context, d *dependencies) finding {
	late := func() ([]models.Delivery, error) {
		within, cancel := context.WithTimeout(ctx, checkWithin)
		defer cancel()
		return d.store.LateProcesses(within, time.Now().Add(-10*time.Minute), 1)
	}
	stuck, moving, err := standsStill(ctx, processPause, late)
	switch {
	case err != nil:
		return away("processes", "look at the database first", err)
	case stuck != nil:
		return finding{
			Check: "processes", Detail: fmt.Sprintf("%s is more than ten minutes late and does not move", workflows.WorkflowID(stuck.Process, stuck.TenantID, stuck.SubjectID)),
			Remedy: "look at the worker's log; `mainstay reconcile` starts it again",
		}
	case moving:
		return finding{Check: "processes", OK: true, Detail: "some are late and are caught up with"}
	}
	return finding{Check: "processes", OK: true, Detail: "none is late"}
}

// checkLedger compares every tenant's stock with what its ledger adds up to; each difference is a finding.
func checkLedger(ctx context.Context, d *dependencies) []finding {
	const check = "stock ledger"
	tenants, err := d.store.TenantIDs(ctx)
	if err != nil {
		return []finding{away(check, "start PostgreSQL or set MAINSTAY_DATABASE_URL", err)}
	}
	var findings []finding
	for _, tenant := range tenants {
		faults, err := d.store.VerifyLedger(models.WithActor(ctx, models.SystemActor(tenant)))
		if err != nil {
			return []finding{away(check, "run `mainstay migrate`", err)}
		}
		for _, f := range faults {
			place := ""
			if f.LocationID != nil {
				place = " at " + f.LocationID.String()
			}
			findings = append(findings, finding{
				Check: check, Detail: fmt.Sprintf("tenant %s, item %s%s: %s is %s, the ledger says %s", tenant, f.ItemCode, place, f.Check, f.Kept, f.Ledger),
				Remedy: "restore the rows from the ledger, or the database from a backup",
			})
		}
	}
	if len(findings) == 0 {
		return []finding{{Check: check, OK: true, Detail: fmt.Sprintf("proven for %d tenants", len(tenants))}}
	}
	return findings
}

// checkAudit holds every tenant's audit log against the rows that vouch for its events, and against its checkpoints; each gap is a finding.
func checkAudit(ctx context.Context, d *dependencies) []finding {
	const check = "audit log"
	tenants, err := d.store.TenantIDs(ctx)
	if err != nil {
		return []finding{away(check, "start PostgreSQL or set MAINSTAY_DATABASE_URL", err)}
	}
	var findings []finding
	for _, tenant := range tenants {
		gaps, err := d.store.VerifyAudit(models.WithActor(ctx, models.SystemActor(tenant)))
		if err != nil {
			return []finding{away(check, "run `mainstay migrate`", err)}
		}
		for _, g := range gaps {
			findings = append(findings, finding{
				Check: check, Detail: fmt.Sprintf("tenant %s, %s %s: it vouches for %d events, the log has %d", tenant, g.Noun, g.ID, g.Wanted, g.Found),
				Remedy: "look into a backup for what happened to it, and who wrote to the database past Mainstay",
			})
		}
	}
	fault, err := d.store.ProveAuditSeals(ctx, auditKeys(d.config), tenants)
	if err != nil {
		return []finding{away(check, "run `mainstay migrate`", err)}
	}
	if fault != "" {
		findings = append(findings, finding{Check: check, Detail: fault, Remedy: "docs/audit.md says what to do; mainstay audit verify names the place in each tenant"})
	}
	if len(findings) == 0 {
		return []finding{{Check: check, OK: true, Detail: fmt.Sprintf("without a gap for %d tenants", len(tenants))}}
	}
	return findings
}

// standsStill looks several times at the process that is late for longest and returns it where it is the same each time: nobody
// carries it on. moving says that there was one, and another stood there later, or none.
func standsStill(
	ctx context.Context, pause time.Duration, late func() ([]models.Delivery, error),
) (stuck *models.Delivery, moving bool, err error) {
	var first models.Delivery
	for look := range processLooks {
		found, err := late()
		switch {
		case err != nil:
			return nil, false, err
		case len(found) == 0:
			return nil, look > 0, nil
		case look == 0:
			first = found[0]
		case found[0].SubjectID != first.SubjectID || !found[0].DueAt.Equal(first.DueAt):
			return nil, true, nil
		}
		if look == processLooks-1 {
			break
		}
		select {
		case <-ctx.Done():
			return nil, false, ctx.Err()
		case <-time.After(pause):
		}
	}
	return &first, false, nil
}
