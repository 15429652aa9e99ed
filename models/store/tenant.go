package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// CreateTenant adds a tenant with its first administrator in one transaction, under the new tenant's own scope. n is valid. The
// answer's ids follow from the command, so that a repeat meets the same rows.
func (s *Store) CreateTenant(ctx context.Context, n models.NewTenant, passwordHash string) (tenant, admin uuid.UUID, err error) {
	key := models.CommandKeyFrom(ctx)
	tenant = models.SubjectID(key.ID)
	admin = models.DeriveID(tenant, "admin")
	asked, _ := models.ActorFrom(ctx)
	// The actor is of another tenant, or nobody: what happens here is the installation's doing on his behalf.
	inside := models.Actor{TenantID: tenant, UserID: asked.UserID, Kind: models.ActorSystem, RequestID: asked.RequestID}
	ctx = models.WithCommandKey(models.WithActor(ctx, inside), key)
	return tenant, admin, s.InTx(ctx, func(tx *Tx) error {
		created, err := tx.exec(`INSERT INTO tenants (id, code, name, currency, time_zone, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (id) DO NOTHING`, tenant, n.Code, n.Name, n.Currency, n.TimeZone, tx.Now)
		if err != nil {
			return err
		}
		if done, err := tx.once("tenant.create", "tenant", tenant); done || err != nil {
			return err
		}
		if created == 0 {
			return models.Conflict("The tenant exists already.")
		}
		if err := tx.Audit(Change{Action: "tenant.create", SubjectType: "tenant", SubjectID: tenant, After: map[string]any{
			"code": n.Code, "name": n.Name, "currency": n.Currency, "time_zone": n.TimeZone,
		}}); err != nil {
			return err
		}
		return tx.createUser(admin, n.Admin, passwordHash)
	})
}

// Tenant reads the actor's tenant.
func (s *Store) Tenant(ctx context.Context) (models.Tenant, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[models.Tenant](ctx, s, "tenant", `SELECT `+columns[models.Tenant]("t")+` FROM tenants t WHERE t.id = $1`, actor.TenantID)
}

// ChangeTenant lets edit change the actor's tenant: its name, language, time zone and the day its weeks begin with. version is the one
// that the client has seen.
func (s *Store) ChangeTenant(ctx context.Context, version int, edit func(*models.Tenant)) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if tx.Actor.Scoped() {
			return models.Forbidden("An account limited to some locations cannot change the tenant.")
		}
		t, err := txReadOne[models.Tenant](tx, "tenant", `SELECT `+columns[models.Tenant]("t")+` FROM tenants t WHERE t.id = $1 FOR NO KEY UPDATE`,
			tx.Actor.TenantID)
		if err != nil {
			return err
		}
		if t.Version != version {
			return versionMismatch(t.Version)
		}
		before := t
		edit(&t)
		if err := t.Validate(); err != nil || t == before {
			return err
		}
		t.Version++
		t.UpdatedAt = tx.Now
		if _, err := tx.exec(`UPDATE tenants SET name = $2, locale = $3, time_zone = $4, week_start = $5, version = $6, updated_at = $7 WHERE id = $1`,
			t.ID, t.Name, t.Locale, t.TimeZone, string(t.WeekStart), t.Version, t.UpdatedAt); err != nil {
			return err
		}
		return tx.Audit(Change{Action: "tenant.change", SubjectType: "tenant", SubjectID: t.ID, Before: &before, After: &t})
	})
}

var tenantOrders = map[string]order[models.Tenant]{
	"name":       {"t.name", "text", func(t models.Tenant) string { return t.Name }},
	"code":       {"t.code", "text", func(t models.Tenant) string { return t.Code }},
	"created_at": byTime("t.created_at", func(t models.Tenant) time.Time { return t.CreatedAt }),
}

// Tenants lists all tenants of the installation by name, code or created_at; q is text in name or code. It is the platform
// operator's: the caller checks that.
func (s *Store) Tenants(ctx context.Context, q string, p Page) (Rows[models.Tenant], error) {
	l := &listing[models.Tenant]{
		from: `SELECT ` + columns[models.Tenant]("t") + ` FROM all_tenants() t WHERE true`,
		id:   "t.id", idOf: func(t models.Tenant) string { return t.ID.String() }, orders: tenantOrders,
	}
	if q != "" {
		l.and("(t.name ILIKE $%d OR t.code ILIKE $%d)", likeText(q), likeText(q))
	}
	return l.run(ctx, s, p)
}

// TenantByCode finds a tenant without acting in it; false where there is none.
func (s *Store) TenantByCode(ctx context.Context, code string) (uuid.UUID, bool, error) {
	found, err := system[struct{ ID uuid.UUID }](ctx, s, `SELECT id FROM tenant_by_code($1)`, code)
	if err != nil || len(found) == 0 {
		return uuid.Nil, false, err
	}
	return found[0].ID, true, nil
}

// TenantIDs lists all tenants, oldest first.
func (s *Store) TenantIDs(ctx context.Context) ([]uuid.UUID, error) {
	rows, err := system[struct{ ID uuid.UUID }](ctx, s, `SELECT id FROM tenant_ids() AS t(id)`)
	ids := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	return ids, err
}

// firstFault looks into one tenant after another until verify finds something, and puts that into words; empty where it finds nothing.
func firstFault[T any](
	ctx context.Context, tenants []uuid.UUID, verify func(context.Context) ([]T, error), words func(uuid.UUID, []T) string,
) (string, error) {
	for _, tenant := range tenants {
		found, err := verify(models.WithActor(ctx, models.SystemActor(tenant)))
		if err != nil {
			return "", fmt.Errorf("tenant %s: %w", tenant, err)
		}
		if len(found) > 0 {
			return words(tenant, found), nil
		}
	}
	return "", nil
}
