package api

import (
	"context"
	"net/http"

	"mainstay/models"
)

// PermissionMatrix is which role holds which permission.
type PermissionMatrix struct {
	Roles       []RoleEntry       `json:"roles" doc:"in the order in which they are shown"`
	Permissions []PermissionEntry `json:"permissions" doc:"in the order in which they are shown"`
}

// RoleEntry is a column of the matrix.
type RoleEntry struct {
	Role        models.Role         `json:"role"`
	Permissions []models.Permission `json:"permissions" doc:"what it grants, sorted"`
}

// PermissionEntry is a row of the matrix.
type PermissionEntry struct {
	Permission models.Permission `json:"permission"`
	Resource   string            `json:"resource" doc:"the part before the point"`
	Allows     string            `json:"allows" doc:"in words, English"`
	Roles      []models.Role     `json:"roles" doc:"who hold it"`
}

type permissionMatrixOutput struct{ Body PermissionMatrix }

func (s *Server) permissionRoutes() {
	register(s, operation{
		method: http.MethodGet, path: "/v1/permissions", id: "get-permissions", tag: "Users", permission: models.PermissionMeRead,
		summary: "Read which role may do what",
	}, func(context.Context, *struct{}) (*permissionMatrixOutput, error) {
		return &permissionMatrixOutput{Body: permissionMatrix()}, nil
	})
}

func permissionMatrix() PermissionMatrix {
	var m PermissionMatrix
	for _, role := range models.Roles() {
		m.Roles = append(m.Roles, RoleEntry{Role: role, Permissions: models.PermissionsOf([]models.Role{role})})
	}
	for _, g := range models.Grants() {
		m.Permissions = append(m.Permissions, PermissionEntry{
			Permission: g.Permission, Resource: g.Permission.Resource(), Allows: g.Allows, Roles: g.Roles,
		})
	}
	return m
}
