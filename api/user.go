package api

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
	"mainstay/models/store"
)

// User is a user as the API shows him. labor_rate is per hour.
type User struct {
	ID           uuid.UUID         `json:"id"`
	Email        string            `json:"email"`
	Name         string            `json:"name"`
	Roles        []models.Role     `json:"roles"`
	DepartmentID *uuid.UUID        `json:"department_id"`
	Department   *Ref              `json:"department"`
	LocationIDs  []uuid.UUID       `json:"location_ids" doc:"the locations, with all below, that the user is limited to; empty: none"`
	LaborRate    *Money            `json:"labor_rate"`
	Locale       string            `json:"locale"`
	TimeZone     string            `json:"time_zone" doc:"empty: the tenant's"`
	WorkingHours []decimal.Decimal `json:"working_hours" minItems:"7" maxItems:"7" doc:"of each day of the week, Monday first"`
	DisabledAt   *time.Time        `json:"disabled_at,omitempty"`
	LastLoginAt  *time.Time        `json:"last_login_at,omitempty"`
	Version      int               `json:"version"`
	CreatedAt    time.Time         `json:"created_at"`
	UpdatedAt    time.Time         `json:"updated_at"`
}

// UserBody creates a user. labor_rate is per hour, in the tenant's currency.
type UserBody struct {
	Email        string            `json:"email" minLength:"3" maxLength:"254" format:"email"`
	Name         string            `json:"name" minLength:"1" maxLength:"200"`
	Password     string            `json:"password,omitempty" maxLength:"1024"`
	Roles        []models.Role     `json:"roles" minItems:"1" maxItems:"20"`
	DepartmentID *uuid.UUID        `json:"department_id,omitempty"`
	LocationIDs  []uuid.UUID       `json:"location_ids,omitempty" maxItems:"100"`
	LaborRate    *MoneyInput       `json:"labor_rate,omitempty"`
	Locale       string            `json:"locale,omitempty" maxLength:"35" example:"de-DE" doc:"left out: the tenant's"`
	TimeZone     string            `json:"time_zone,omitempty" maxLength:"100" example:"Europe/Berlin"`
	WorkingHours []decimal.Decimal `json:"working_hours,omitempty" minItems:"7" maxItems:"7" doc:"of each day of the week, Monday first; left out: eight from Monday to Friday"`
}

// UserPatch changes a user. A new password ends the user's sessions; null gives working_hours their default.
type UserPatch struct {
	Email        Optional[string]            `json:"email,omitempty"`
	Name         Optional[string]            `json:"name,omitempty"`
	Password     Optional[string]            `json:"password,omitempty"`
	Roles        Optional[[]models.Role]     `json:"roles,omitempty"`
	DepartmentID Optional[uuid.UUID]         `json:"department_id,omitempty"`
	LocationIDs  Optional[[]uuid.UUID]       `json:"location_ids,omitempty"`
	LaborRate    Optional[MoneyInput]        `json:"labor_rate,omitempty"`
	Locale       Optional[string]            `json:"locale,omitempty"`
	TimeZone     Optional[string]            `json:"time_zone,omitempty"`
	WorkingHours Optional[[]decimal.Decimal] `json:"working_hours,omitempty"`
}

type userPatchInput struct {
	ID uuid.UUID `path:"id"`
	IfMatch
	Body UserPatch
}

type userListInput struct {
	PageQuery
	Q            string   `query:"q" maxLength:"200" doc:"text in name or e-mail address"`
	Sort         string   `query:"sort" enum:"name,-name,email,-email,created_at,-created_at" default:"name"`
	Role         []string `query:"role,explode" enum:"admin,platform_operator,asset_manager,planner,technician,requester,storekeeper,buyer,approver,auditor"`
	DepartmentID []string `query:"department_id,explode"`
	Status       string   `query:"status" enum:"enabled,disabled"`
}

type personListInput struct {
	PageQuery
	Q    string   `query:"q" maxLength:"200" doc:"text in the name"`
	ID   []string `query:"id,explode" doc:"these, also where they were disabled since"`
	Sort string   `query:"sort" enum:"name,-name" default:"name"`
}

func (s *Server) userRoutes() {
	n := recordNoun{path: "/v1/users", one: "user", many: "users", read: models.PermissionUsersRead, write: models.PermissionUsersWrite}
	register(s, n.create(), s.createUser)
	register(s, n.list(), s.listUsers)
	register(s, n.get(), func(ctx context.Context, in *recordPath) (*recordOutput[User], error) { return s.readUser(ctx, in.ID) })
	register(s, n.change(), s.changeUser)
	register(s, n.operation(http.MethodPost, "/{id}/disable", "disable", n.one,
		"Keep a user from signing in; his sessions end within five seconds", n.write), command(s.store.DisableUser, s.readUser))
	register(s, n.operation(http.MethodPost, "/{id}/enable", "enable", n.one, "Let a disabled user sign in again", n.write),
		command(s.store.EnableUser, s.readUser))
	register(s, operation{
		method: http.MethodGet, path: "/v1/people", id: "list-people", tag: "Users", permission: models.PermissionPeopleRead,
		summary: "Look up colleagues by name",
	}, s.listPeople)
}

func (s *Server) createUser(ctx context.Context, in *struct{ Body UserBody }) (*recordOutput[User], error) {
	n, err := s.newUser(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	if err := n.Validate(); err != nil {
		return nil, err
	}
	hash, err := s.passwords.Hash(ctx, n.Password)
	if err != nil {
		return nil, err
	}
	in.Body.Password = ""
	id, err := s.store.CreateUser(withoutSecrets(ctx, in.Body), n, hash)
	if err != nil {
		return nil, err
	}
	return s.readUser(ctx, id)
}

func (s *Server) newUser(ctx context.Context, b UserBody) (models.NewUser, error) {
	n := models.NewUser{
		Email: b.Email, Name: b.Name, Password: b.Password, Roles: b.Roles, DepartmentID: b.DepartmentID, LocationIDs: b.LocationIDs,
		Locale: b.Locale, TimeZone: b.TimeZone, WorkingHours: b.WorkingHours,
	}
	t, err := s.store.Tenant(ctx)
	if err != nil {
		return n, err
	}
	n.Locale = cmp.Or(n.Locale, t.Locale)
	n.Normalize()
	if b.LaborRate == nil {
		return n, nil
	}
	rate, err := b.LaborRate.in(t.Currency, "/labor_rate")
	n.LaborRate = &rate
	return n, err
}

// rate reads a rate per hour, which must be in the tenant's currency.
func (s *Server) rate(ctx context.Context, m MoneyInput) (decimal.Decimal, error) {
	t, err := s.store.Tenant(ctx)
	if err != nil {
		return decimal.Zero, err
	}
	return m.in(t.Currency, "/labor_rate")
}

func (s *Server) readUser(ctx context.Context, id uuid.UUID) (*recordOutput[User], error) {
	v, err := s.store.User(ctx, id)
	if err != nil {
		return nil, err
	}
	return &recordOutput[User]{Location: "/v1/users/" + id.String(), ETag: etag(v.Version), Body: userBody(v)}, nil
}

func (s *Server) listUsers(ctx context.Context, in *userListInput) (*listOutput[User], error) {
	var faults models.Faults
	f := store.UserFilter{Q: in.Q, DepartmentIDs: queryIDs(&faults, "department_id", in.DepartmentID)}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	for _, role := range in.Role {
		f.Roles = append(f.Roles, models.Role(role))
	}
	if in.Status != "" {
		f.Disabled = new(in.Status == "disabled")
	}
	return listPage(in.PageQuery, in.Sort, userBody, func(page store.Page) (store.Rows[store.UserView], error) {
		return s.store.Users(ctx, f, page)
	})
}

func (s *Server) listPeople(ctx context.Context, in *personListInput) (*listOutput[store.Person], error) {
	var faults models.Faults
	ids := queryIDs(&faults, "id", in.ID)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	body := func(p store.Person) store.Person { return p }
	return listPage(in.PageQuery, in.Sort, body, func(page store.Page) (store.Rows[store.Person], error) {
		return s.store.People(ctx, in.Q, ids, page)
	})
}

func (s *Server) changeUser(ctx context.Context, in *userPatchInput) (*recordOutput[User], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	hash, err := s.changedPassword(ctx, in)
	if err != nil {
		return nil, err
	}
	var rate decimal.Decimal
	if in.Body.LaborRate.Set && !in.Body.LaborRate.Null {
		if rate, err = s.rate(ctx, in.Body.LaborRate.V); err != nil {
			return nil, err
		}
	}
	err = s.store.UpdateUser(ctx, in.ID, version, hash, func(u *models.User) error {
		in.Body.apply(u)
		if in.Body.LaborRate.Set {
			u.LaborRate = nil
			if !in.Body.LaborRate.Null {
				u.LaborRate = &rate
			}
		}
		return u.Validate()
	})
	if err != nil {
		return nil, err
	}
	return s.readUser(ctx, in.ID)
}

func (s *Server) changedPassword(ctx context.Context, in *userPatchInput) (string, error) {
	if !in.Body.Password.Set {
		return "", nil
	}
	u, err := s.store.User(ctx, in.ID)
	if err != nil {
		return "", err
	}
	return s.newPassword(ctx, "/password", in.Body.Password.V, u.Email)
}

func (p UserPatch) apply(u *models.User) {
	p.Email.apply(&u.Email)
	p.Name.apply(&u.Name)
	p.Roles.apply(&u.Roles)
	p.DepartmentID.applyPointer(&u.DepartmentID)
	p.LocationIDs.apply(&u.LocationIDs)
	p.Locale.apply(&u.Locale)
	p.TimeZone.apply(&u.TimeZone)
	if p.WorkingHours.Set {
		u.WorkingHours = p.WorkingHours.V
	}
	if p.WorkingHours.Null {
		u.WorkingHours = models.DefaultWorkingHours()
	}
	u.Email = models.NormalizeEmail(u.Email)
}

func userBody(v store.UserView) User {
	u := User{
		ID: v.ID, Email: v.Email, Name: v.Name, Roles: v.Roles, DepartmentID: v.DepartmentID,
		Department: refOf(v.DepartmentID, v.DepartmentCode, v.DepartmentName), LocationIDs: list(v.LocationIDs), Locale: v.Locale,
		TimeZone: v.TimeZone, WorkingHours: v.WorkingHours, DisabledAt: v.DisabledAt, LastLoginAt: v.LastLoginAt, Version: v.Version, CreatedAt: v.CreatedAt,
		UpdatedAt: v.UpdatedAt,
	}
	if v.LaborRate != nil {
		u.LaborRate = new(moneyOf(*v.LaborRate, v.Currency))
	}
	return u
}
