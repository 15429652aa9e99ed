package store

import (
	"context"

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
	return readOne[models.Tenant](ctx, s, "tenant", `SELECT id, code, name, currency, time_zone, version, created_at, updated_at
		FROM tenants WHERE id = $1`, actor.TenantID)
}

// TenantByCode finds a tenant without acting in it; false where there is none.
func (s *Store) TenantByCode(ctx context.Context, code string) (uuid.UUID, bool, error) {
	found, err := system[struct{ ID uuid.UUID }](ctx, s, `SELECT id FROM tenant_by_code($1)`, code)
	if err != nil || len(found) == 0 {
		return uuid.Nil, false, err
	}
	return found[0].ID, true, nil
}
