package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"mainstay/internal/postgres"
	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/migrations"
)

// proof looks at a database that was recovered, before anybody works on it, and says what it finds in the words of a drill.
type proof struct {
	owner       string           // URL of the login that the schema belongs to
	reader      string           // URL of a login that reads every row
	application string           // URL of the application's login, or of a superuser
	keys        models.AuditKeys // whose checkpoints of the audit log count
	checks      []models.DrillCheck
}

// insufficientPrivilege is PostgreSQL's code for what a login may not do.
const insufficientPrivilege = "42501"

func (p *proof) judge(name string, err error, detail string) models.DrillVerdict {
	verdict := models.DrillPass
	refused, isRefused := errors.AsType[*pgconn.PgError](err)
	switch {
	case errors.Is(err, postgres.ErrNoTool), errors.Is(err, postgres.ErrNoSuperuser), isRefused && refused.Code == insufficientPrivilege:
		verdict, detail = models.DrillInconclusive, err.Error()
	case err != nil:
		verdict, detail = models.DrillFail, err.Error()
	}
	p.checks = append(p.checks, models.DrillCheck{Name: name, Verdict: verdict, Detail: detail})
	say("  %s: %s: %s", name, verdict, detail)
	return verdict
}

// look brings the schema up to this build's and makes every check. Its error is that of ctx: what is wrong stands in the checks.
func (p *proof) look(ctx context.Context) error {
	p.judge("amcheck", checkBlocks(ctx, p.owner), "pg_amcheck read every page and index.")
	if p.judge("migrations", migrateRecovered(ctx, p.owner), "The schema is this build's.") != models.DrillFail {
		p.lookAtRows(ctx)
		p.lookAtTenants(ctx)
	}
	return ctx.Err()
}

func checkBlocks(ctx context.Context, url string) error {
	tools, err := postgres.FindTools(ctx)
	if err != nil {
		return fmt.Errorf("pg_amcheck: %w: %w", postgres.ErrNoTool, err)
	}
	return tools.CheckBlocks(ctx, url)
}

func migrateRecovered(ctx context.Context, url string) error {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if _, err = migrations.Up(ctx, db); err != nil {
		return err
	}
	unknown, err := migrations.Unknown(ctx, db)
	if err == nil && unknown > 0 {
		err = fmt.Errorf("the database has the migration %d, which this build does not know: it is of a newer release", unknown)
	}
	return err
}

func (p *proof) lookAtRows(ctx context.Context) {
	counted, err := postgres.Count(ctx, p.reader)
	rows := int64(0)
	for _, t := range counted.Tables {
		rows += t.Rows
	}
	if err == nil && rows == 0 {
		err = errors.New("there is no row in any table")
	}
	p.judge("row_counts", err, fmt.Sprintf("Every row of %d tables could be read.", len(counted.Tables)))
	if err != nil {
		return
	}
	if counted.ForeignKeys == 0 || counted.Unvalidated > 0 {
		err = fmt.Errorf("%d foreign keys, %d of them not validated", counted.ForeignKeys, counted.Unvalidated)
	} else {
		err = found(postgres.Dangling(ctx, p.reader))
	}
	p.judge("foreign_keys", err, fmt.Sprintf("%d, all validated against the rows.", counted.ForeignKeys))
}

func (p *proof) lookAtTenants(ctx context.Context) {
	s, err := store.Open(ctx, store.Options{URL: p.application, MaxConns: 2})
	if err != nil {
		p.judge("stock_ledger", err, "")
		return
	}
	defer func() { _ = s.Close() }()
	tenants, err := s.TenantIDs(ctx)
	if err != nil {
		p.judge("stock_ledger", err, "")
		return
	}
	p.judge("stock_ledger", found(s.ProveLedger(ctx, tenants)), fmt.Sprintf("Movements, balances and values agree for %d tenants.", len(tenants)))
	audit, err := s.ProveAudit(ctx, tenants)
	if err == nil && audit == "" {
		audit, err = s.ProveAuditSeals(ctx, p.keys, tenants)
	}
	p.judge("audit_log", found(audit, err), fmt.Sprintf("Each version of a row and each command of %d tenants has its event.", len(tenants)))
}

// found makes an error of what a look has found.
func found(fault string, err error) error {
	if err == nil && fault != "" {
		return errors.New(fault)
	}
	return err
}
