package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
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

func (s *Server) tenantRoutes() {
	const tag = "Tenants"
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
	page, err := in.page(in.Sort)
	if err != nil {
		return nil, err
	}
	rows, err := s.store.Tenants(ctx, strings.TrimSpace(in.Q), page)
	if err != nil {
		return nil, err
	}
	return &listOutput[Tenant]{Body: pageOf(rows, in.Sort, tenantBody)}, nil
}

func tenantBody(t models.Tenant) Tenant {
	return Tenant{
		ID: t.ID, Code: t.Code, Name: t.Name, Currency: t.Currency, TimeZone: t.TimeZone, CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt,
	}
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
