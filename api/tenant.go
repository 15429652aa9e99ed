package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"mainstay/models"
)

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

func (s *Server) tenantRoutes() {
	register(s, operation{
		method: http.MethodPost, path: "/v1/tenants", id: "create-tenant", tag: "Tenants", status: http.StatusCreated,
		permission: models.PermissionTenantsWrite, summary: "Create a tenant with its first administrator",
	}, s.createTenant)
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
