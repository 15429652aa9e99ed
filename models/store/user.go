package store

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// UserView is a user with what belongs beside it.
type UserView struct {
	models.User
	DepartmentCode *string
	DepartmentName *string
	Currency       string // of the tenant, and so of the labor rate
}

const userColumns = `u.tenant_id, u.id, u.email, u.name, u.roles, u.department_id, u.location_ids, u.labor_rate, u.locale,
	u.time_zone, u.working_hours, u.disabled_at, u.last_login_at, u.version, u.created_at, u.updated_at`

const userView = `SELECT ` + userColumns + `, d.code AS department_code, d.name AS department_name, t.currency
	FROM users u JOIN tenants t ON t.id = u.tenant_id
	LEFT JOIN departments d ON d.tenant_id = u.tenant_id AND d.id = u.department_id
	WHERE u.tenant_id = $1`

// User reads one user of the actor's tenant.
func (s *Store) User(ctx context.Context, id uuid.UUID) (UserView, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[UserView](ctx, s, "user", userView+` AND u.id = $2`, actor.TenantID, id)
}

// UserFilter narrows the list of users.
type UserFilter struct {
	Q             string // in name or e-mail
	Roles         []models.Role
	DepartmentIDs []uuid.UUID
	Disabled      *bool
}

// Users lists the users of the actor's tenant by name, email or created_at.
func (s *Store) Users(ctx context.Context, f UserFilter, p Page) (Rows[UserView], error) {
	l := newListing(ctx, userView, "u.id", func(u UserView) string { return u.ID.String() }, map[string]order[UserView]{
		"name":       {expr: "u.name", cast: "text", key: func(u UserView) string { return u.Name }},
		"email":      {expr: "u.email", cast: "text", key: func(u UserView) string { return u.Email }},
		"created_at": byTime("u.created_at", func(u UserView) time.Time { return u.CreatedAt }),
	})
	if f.Q != "" {
		l.and("(u.name ILIKE $%d OR u.email ILIKE $%d)", likeText(f.Q), likeText(f.Q))
	}
	if len(f.Roles) > 0 {
		l.and("u.roles && $%d::text[]", f.Roles)
	}
	in(l, "u.department_id", "uuid[]", f.DepartmentIDs)
	if f.Disabled != nil {
		l.and("(u.disabled_at IS NOT NULL) = $%d", *f.Disabled)
	}
	return l.run(ctx, s, p)
}

// People lists who can be named in work: the enabled users of the actor's tenant, by name. Those that ids name are listed even where
// they were disabled since.
func (s *Store) People(ctx context.Context, q string, ids []uuid.UUID, p Page) (Rows[Person], error) {
	l := newListing(ctx, `SELECT u.id, u.name FROM users u WHERE u.tenant_id = $1`, "u.id",
		func(p Person) string { return p.ID.String() }, map[string]order[Person]{
			"name": {expr: "u.name", cast: "text", key: func(p Person) string { return p.Name }},
		})
	if len(ids) == 0 {
		l.and("u.disabled_at IS NULL")
	}
	in(l, "u.id", "uuid[]", ids)
	if q != "" {
		l.and("u.name ILIKE $%d", likeText(q))
	}
	return l.run(ctx, s, p)
}

// CreateUser adds a user with the hash of his password. n is valid.
func (s *Store) CreateUser(ctx context.Context, n models.NewUser, passwordHash string) (uuid.UUID, error) {
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	return id, s.InTx(ctx, func(tx *Tx) error {
		if done, err := tx.once("user.create", "user", id); done || err != nil {
			return err
		}
		return tx.createUser(id, n, passwordHash)
	})
}

func (tx *Tx) createUser(id uuid.UUID, n models.NewUser, passwordHash string) error {
	u := models.User{
		TenantID: tx.Actor.TenantID, ID: id, Email: n.Email, Name: n.Name, Roles: n.Roles, DepartmentID: n.DepartmentID,
		LocationIDs: notNull(n.LocationIDs), LaborRate: n.LaborRate, Locale: n.Locale, TimeZone: n.TimeZone,
		WorkingHours: n.WorkingHours, Version: 1,
	}
	if err := u.MayWrite(tx.Actor); err != nil {
		return err
	}
	if err := tx.checkLocations(u.LocationIDs); err != nil {
		return err
	}
	if _, err := tx.exec(`INSERT INTO users (tenant_id, id, email, name, password_hash, roles, department_id, location_ids,
		labor_rate, locale, time_zone, working_hours, password_changed_at, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $13)`, u.TenantID, u.ID, u.Email, u.Name, passwordHash,
		u.Roles, u.DepartmentID, u.LocationIDs, u.LaborRate, u.Locale, u.TimeZone, u.WorkingHours, tx.Now); err != nil {
		return err
	}
	return tx.Audit(Change{Action: "user.create", SubjectType: "user", SubjectID: id, After: auditedUser(u)})
}

// checkLocations refuses locations that the tenant does not have; an array has no foreign key.
func (tx *Tx) checkLocations(ids []uuid.UUID) error {
	if len(ids) == 0 {
		return nil
	}
	unknown, err := txValues[uuid.UUID](tx, `SELECT given FROM unnest($2::uuid[]) given
		WHERE NOT EXISTS (SELECT FROM locations WHERE tenant_id = $1 AND id = given)`, tx.Actor.TenantID, ids)
	if err != nil || len(unknown) == 0 {
		return err
	}
	return models.InvalidField("/location_ids", "not_found", "There is no location %s.", unknown[0])
}

func auditedUser(u models.User) map[string]any {
	return map[string]any{
		"email": u.Email, "name": u.Name, "roles": u.Roles, "department_id": u.DepartmentID, "location_ids": u.LocationIDs,
		"labor_rate": u.LaborRate, "locale": u.Locale, "time_zone": u.TimeZone, "working_hours": u.WorkingHours,
		"disabled_at": u.DisabledAt,
	}
}

// UpdateUser lets change edit the user's row at this version. passwordHash, unless empty, replaces the password and ends the
// user's sessions. What the user may do from now on is known everywhere within five seconds.
func (s *Store) UpdateUser(ctx context.Context, id uuid.UUID, version int, passwordHash string, change func(*models.User) error) error {
	return s.InTx(ctx, func(tx *Tx) error {
		u, err := tx.lockUser(id)
		if err != nil {
			return err
		}
		if u.Version != version {
			return versionMismatch(u.Version)
		}
		before := u
		if err := change(&u); err != nil {
			return err
		}
		if err := tx.checkUserChange(before, u); err != nil {
			return err
		}
		if passwordHash != "" {
			if err := tx.setPassword(id, passwordHash, uuid.Nil); err != nil {
				return err
			}
		}
		return tx.saveUser("user.update", before, u)
	})
}

// DisableUser keeps a user from signing in and ends his sessions and API tokens' use; disabling twice is nothing.
func (s *Store) DisableUser(ctx context.Context, id uuid.UUID, version *int) error {
	return s.InTx(ctx, func(tx *Tx) error {
		u, err := tx.lockUser(id)
		if err != nil || u.DisabledAt != nil {
			return err
		}
		if version != nil && *version != u.Version {
			return versionMismatch(u.Version)
		}
		if id == tx.Actor.UserID {
			return models.Conflict("You cannot disable your own account.")
		}
		before := u
		u.DisabledAt = &tx.Now
		if err := tx.checkUserChange(before, u); err != nil {
			return err
		}
		tx.endSessions(id, uuid.Nil, models.SessionUserDisabled)
		return tx.saveUser("user.disable", before, u)
	})
}

// EnableUser lets a disabled user sign in again.
func (s *Store) EnableUser(ctx context.Context, id uuid.UUID, version *int) error {
	return s.InTx(ctx, func(tx *Tx) error {
		u, err := tx.lockUser(id)
		if err != nil || u.DisabledAt == nil {
			return err
		}
		if version != nil && *version != u.Version {
			return versionMismatch(u.Version)
		}
		before := u
		u.DisabledAt = nil
		if err := tx.checkUserChange(before, u); err != nil {
			return err
		}
		return tx.saveUser("user.enable", before, u)
	})
}

func (tx *Tx) lockUser(id uuid.UUID) (models.User, error) {
	return txReadOne[models.User](tx, "user", `SELECT `+userColumns+` FROM users u WHERE u.tenant_id = $1 AND u.id = $2 FOR UPDATE`,
		tx.Actor.TenantID, id)
}

// checkUserChange says whether the actor may turn before into after.
func (tx *Tx) checkUserChange(before, after models.User) error {
	if err := before.MayWrite(tx.Actor); err != nil {
		return err
	}
	if err := after.MayWrite(tx.Actor); err != nil {
		return err
	}
	if err := tx.checkLocations(after.LocationIDs); err != nil {
		return err
	}
	if governs(before) && !governs(after) {
		return tx.checkAnotherAdmin(before.ID)
	}
	return nil
}

// governs says whether the user can still manage the tenant's users.
func governs(u models.User) bool {
	return u.DisabledAt == nil && slices.Contains(u.Roles, models.RoleAdmin) && len(u.LocationIDs) == 0
}

// checkAnotherAdmin keeps a tenant from locking itself out. The tenant's row is locked, so that two administrators cannot
// remove each other at once.
func (tx *Tx) checkAnotherAdmin(than uuid.UUID) error {
	if _, err := tx.exec(`SELECT FROM tenants WHERE id = $1 FOR NO KEY UPDATE`, tx.Actor.TenantID); err != nil {
		return err
	}
	others, err := txValues[int](tx, `SELECT count(*) FROM users WHERE tenant_id = $1 AND id <> $2 AND disabled_at IS NULL
		AND 'admin' = ANY (roles) AND cardinality(location_ids) = 0`, tx.Actor.TenantID, than)
	if err == nil && others[0] == 0 {
		err = models.Conflict("This is the last administrator: make another one first.")
	}
	return err
}

func (tx *Tx) saveUser(action string, before, u models.User) error {
	if _, err := tx.exec(`UPDATE users SET name = $3, email = $4, roles = $5, department_id = $6, location_ids = $7, labor_rate = $8,
		locale = $9, time_zone = $10, disabled_at = $11, working_hours = $12, version = version + 1, updated_at = $13 WHERE tenant_id = $1 AND id = $2`,
		u.TenantID, u.ID, u.Name, u.Email, u.Roles, u.DepartmentID, notNull(u.LocationIDs), u.LaborRate, u.Locale, u.TimeZone,
		u.DisabledAt, u.WorkingHours, tx.Now); err != nil {
		return err
	}
	if rightsChanged(before, u) {
		tx.outdateSessions(u.ID)
	}
	return tx.Audit(Change{Action: action, SubjectType: "user", SubjectID: u.ID, Before: auditedUser(before), After: auditedUser(u)})
}

func rightsChanged(before, after models.User) bool {
	return !slices.Equal(before.Roles, after.Roles) || !slices.Equal(before.LocationIDs, after.LocationIDs) ||
		(before.DisabledAt == nil) != (after.DisabledAt == nil)
}

func (tx *Tx) setPassword(user uuid.UUID, hash string, exceptSession uuid.UUID) error {
	if _, err := tx.exec(`UPDATE users SET password_hash = $3, password_changed_at = $4 WHERE tenant_id = $1 AND id = $2`,
		tx.Actor.TenantID, user, hash, tx.Now); err != nil {
		return err
	}
	tx.endSessions(user, exceptSession, models.SessionPasswordChanged)
	return tx.Audit(Change{Action: "user.set_password", SubjectType: "user", SubjectID: user})
}

// PasswordHash reads the stored hash of the actor's own password.
func (s *Store) PasswordHash(ctx context.Context) (string, error) {
	actor, _ := models.ActorFrom(ctx)
	hashes, err := readValues[string](ctx, s, `SELECT password_hash FROM users WHERE tenant_id = $1 AND id = $2 AND disabled_at IS NULL`,
		actor.TenantID, actor.UserID)
	if err == nil && len(hashes) == 0 {
		err = models.NotFound("user")
	}
	if err != nil {
		return "", err
	}
	return hashes[0], nil
}

// OwnPasswordWasSet reports whether the request's Idempotency-Key has set the actor's password before.
func (s *Store) OwnPasswordWasSet(ctx context.Context) (bool, error) {
	actor, _ := models.ActorFrom(ctx)
	key := models.CommandKeyFrom(ctx)
	if !key.Sent {
		return false, nil
	}
	done, err := readValues[bool](ctx, s, `SELECT EXISTS (SELECT FROM commands WHERE tenant_id = $1 AND id = $2)`, actor.TenantID, key.ID)
	return err == nil && done[0], err
}

// SetOwnPassword replaces the actor's password and ends all sessions of his but this one. The same request again changes nothing.
func (s *Store) SetOwnPassword(ctx context.Context, hash string) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if done, err := tx.once("user.set_password", "user", tx.Actor.UserID); done || err != nil {
			return err
		}
		if _, err := tx.lockUser(tx.Actor.UserID); err != nil {
			return err
		}
		return tx.setPassword(tx.Actor.UserID, hash, tx.Actor.SessionID)
	})
}

// ResetPassword replaces a user's password past the old one and ends his sessions; the command line uses it.
func (s *Store) ResetPassword(ctx context.Context, user uuid.UUID, hash string) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if _, err := tx.lockUser(user); err != nil {
			return err
		}
		return tx.setPassword(user, hash, uuid.Nil)
	})
}

// UpdateOwnProfile sets what the actor may change of himself: how his name, language and time zone are shown.
func (s *Store) UpdateOwnProfile(ctx context.Context, version int, change func(*models.User) error) error {
	return s.InTx(ctx, func(tx *Tx) error {
		u, err := tx.lockUser(tx.Actor.UserID)
		if err != nil {
			return err
		}
		if u.Version != version {
			return versionMismatch(u.Version)
		}
		before := u
		if err := change(&u); err != nil {
			return err
		}
		return tx.saveUser("user.update", before, u)
	})
}
