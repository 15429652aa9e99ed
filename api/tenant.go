package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/models/store"
)

// Tenant is one organisation of the installation, as its operator sees it: nothing of what it holds.
type Tenant struct {
	ID        uuid.UUID `json:"id"`
	Code      string    `json:"code"`
	Name      string    `json:"name"`
	Currency  string    `json:"currency"`
	TimeZone  string    `json:"time_zone"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// NewTenant is a tenant just created, with its first administrator.
type NewTenant struct {
	ID       uuid.UUID      `json:"id"`
	Code     string         `json:"code"`
	Name     string         `json:"name"`
	Currency string         `json:"currency"`
	TimeZone string         `json:"time_zone"`
	Admin    NewTenantAdmin `json:"admin"`
}

// NewTenantAdmin names the first administrator.
type NewTenantAdmin struct {
	ID    uuid.UUID `json:"id"`
	Email string    `json:"email"`
}

// TenantBody creates a tenant. Without currency it counts in EUR, without time_zone in UTC.
type TenantBody struct {
	Code     string          `json:"code" minLength:"1" maxLength:"63" pattern:"^[a-z0-9][a-z0-9-]*$"`
	Name     string          `json:"name" minLength:"1" maxLength:"200"`
	Currency string          `json:"currency,omitempty" pattern:"^[A-Z]{3}$" example:"EUR"`
	TimeZone string          `json:"time_zone,omitempty" maxLength:"100" example:"Europe/Berlin"`
	Admin    TenantAdminBody `json:"admin"`
}

// TenantAdminBody is the first administrator, who makes the other users.
type TenantAdminBody struct {
	Email    string `json:"email" minLength:"3" maxLength:"254" format:"email"`
	Name     string `json:"name" minLength:"1" maxLength:"200"`
	Password string `json:"password,omitempty" maxLength:"1024"`
}

type tenantOutput struct{ Body NewTenant }

type tenantListInput struct {
	PageQuery
	Q    string `query:"q" maxLength:"200" doc:"in name or code"`
	Sort string `query:"sort" default:"name" enum:"name,-name,code,-code,created_at,-created_at"`
}

// TenantSettings is one's own tenant with what its administrator may change.
type TenantSettings struct {
	ID        uuid.UUID        `json:"id"`
	Code      string           `json:"code"`
	Name      string           `json:"name"`
	Currency  string           `json:"currency" doc:"of all its money; it stays"`
	Locale    string           `json:"locale" doc:"of people who are created without one"`
	TimeZone  string           `json:"time_zone" doc:"where a person or a site names none"`
	WeekStart models.WeekStart `json:"week_start" enum:"monday,saturday,sunday"`
	Version   int              `json:"version"`
	CreatedAt time.Time        `json:"created_at"`
	UpdatedAt time.Time        `json:"updated_at"`
}

// TenantPatch changes one's own tenant.
type TenantPatch struct {
	Name      Optional[string] `json:"name,omitempty"`
	Locale    Optional[string] `json:"locale,omitempty" doc:"a BCP 47 tag, such as de-DE"`
	TimeZone  Optional[string] `json:"time_zone,omitempty"`
	WeekStart Optional[string] `json:"week_start,omitempty" doc:"monday, saturday or sunday"`
}

type tenantPatchInput struct {
	IfMatch
	Body TenantPatch
}

type tenantSettingsOutput struct {
	ETag string `header:"ETag"`
	Body TenantSettings
}

func (s *Server) tenantRoutes() {
	const tag = "Tenants"
	register(s, operation{
		method: http.MethodGet, path: "/v1/tenant", id: "get-tenant", tag: tag, permission: models.PermissionTenantRead,
		summary: "Read the settings of one's own tenant",
	}, func(ctx context.Context, _ *struct{}) (*tenantSettingsOutput, error) { return s.readTenant(ctx) })
	register(s, operation{
		method: http.MethodPatch, path: "/v1/tenant", id: "change-tenant", tag: tag, permission: models.PermissionTenantWrite,
		summary: "Change one's own tenant by a JSON merge patch",
	}, s.changeTenant)
	register(s, operation{
		method: http.MethodGet, path: "/v1/tenants", id: "list-tenants", tag: tag, permission: models.PermissionTenantsRead,
		summary: "List the tenants of the installation",
	}, s.listTenants)
	register(s, operation{
		method: http.MethodPost, path: "/v1/tenants", id: "create-tenant", tag: tag, status: http.StatusCreated,
		permission: models.PermissionTenantsWrite, summary: "Create a tenant with its first administrator",
	}, s.createTenant)
}

func (s *Server) listTenants(ctx context.Context, in *tenantListInput) (*listOutput[Tenant], error) {
	return listPage(in.PageQuery, in.Sort, tenantBody, func(page store.Page) (store.Rows[models.Tenant], error) {
		return s.store.Tenants(ctx, strings.TrimSpace(in.Q), page)
	})
}

func tenantBody(t models.Tenant) Tenant {
	return Tenant{
		ID: t.ID, Code: t.Code, Name: t.Name, Currency: t.Currency, TimeZone: t.TimeZone, CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt,
	}
}

func (s *Server) readTenant(ctx context.Context) (*tenantSettingsOutput, error) {
	t, err := s.store.Tenant(ctx)
	if err != nil {
		return nil, err
	}
	return &tenantSettingsOutput{ETag: etag(t.Version), Body: TenantSettings{
		ID: t.ID, Code: t.Code, Name: t.Name, Currency: t.Currency, Locale: t.Locale, TimeZone: t.TimeZone, WeekStart: t.WeekStart,
		Version: t.Version, CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt,
	}}, nil
}

func (s *Server) changeTenant(ctx context.Context, in *tenantPatchInput) (*tenantSettingsOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	err = s.store.ChangeTenant(ctx, version, func(t *models.Tenant) {
		in.Body.Name.apply(&t.Name)
		t.Name = strings.TrimSpace(t.Name)
		in.Body.Locale.apply(&t.Locale)
		in.Body.TimeZone.apply(&t.TimeZone)
		if in.Body.WeekStart.Set {
			t.WeekStart = models.WeekStart(in.Body.WeekStart.V)
		}
	})
	if err != nil {
		return nil, err
	}
	return s.readTenant(ctx)
}

func (s *Server) createTenant(ctx context.Context, in *struct{ Body TenantBody }) (*tenantOutput, error) {
	n := models.NewTenant{
		Code: in.Body.Code, Name: in.Body.Name, Currency: in.Body.Currency, TimeZone: in.Body.TimeZone,
		Admin: models.NewUser{
			Email: in.Body.Admin.Email, Name: in.Body.Admin.Name, Password: in.Body.Admin.Password, Roles: []models.Role{models.RoleAdmin},
		},
	}
	n.Normalize()
	if err := n.Validate(); err != nil {
		return nil, err
	}
	hash, err := s.passwords.Hash(ctx, n.Admin.Password)
	if err != nil {
		return nil, err
	}
	in.Body.Admin.Password = ""
	id, admin, err := s.store.CreateTenant(withoutSecrets(ctx, in.Body), n, hash)
	if err != nil {
		return nil, err
	}
	return &tenantOutput{Body: NewTenant{
		ID: id, Code: n.Code, Name: n.Name, Currency: n.Currency, TimeZone: n.TimeZone,
		Admin: NewTenantAdmin{ID: admin, Email: n.Admin.Email},
	}}, nil
}
