package models

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRolesGrant(t *testing.T) {
	for _, c := range []struct {
		name       string
		roles      []Role
		permission Permission
		want       bool
	}{
		{"technician starts work", []Role{RoleTechnician}, PermissionWorkOrdersExecute, true},
		{"technician closes nothing", []Role{RoleTechnician}, PermissionWorkOrdersClose, false},
		{"requester reports", []Role{RoleRequester}, PermissionWorkRequestsCreate, true},
		{"requester writes no asset", []Role{RoleRequester}, PermissionAssetsWrite, false},
		{"planner approves nothing", []Role{RolePlanner}, PermissionWorkOrdersApprove, false},
		{"a second role adds", []Role{RolePlanner, RoleApprover}, PermissionWorkOrdersApprove, true},
		{"admin creates no tenant", []Role{RoleAdmin}, PermissionTenantsWrite, false},
		{"platform operator reads no asset", []Role{RolePlatformOperator}, PermissionAssetsRead, false},
		{"no role", nil, PermissionMeRead, false},
		{"unknown role", []Role{"root"}, PermissionMeRead, false},
		{"unknown role beside a known one", []Role{"root", RoleRequester}, PermissionUsersWrite, false},
		{"unknown permission", Roles(), "assets.explode", false},
		{"empty permission", Roles(), "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, RolesGrant(c.roles, c.permission))
		})
	}
}

func TestPermissionsOfAgreesWithRolesGrant(t *testing.T) {
	for _, a := range Roles() {
		for _, b := range Roles() {
			held := PermissionsOf([]Role{a, b, a})
			require.True(t, slices.IsSorted(held))
			require.Equal(t, held, slices.Compact(slices.Clone(held)))
			for _, p := range Permissions() {
				require.Equal(t, RolesGrant([]Role{a}, p) || RolesGrant([]Role{b}, p), slices.Contains(held, p), "%s+%s %s", a, b, p)
			}
		}
	}
	require.Equal(t, []Permission{}, PermissionsOf([]Role{"root"}))
}

func TestAdminHoldsTheWholeTenant(t *testing.T) {
	for _, p := range Permissions() {
		platform := strings.HasPrefix(string(p), "tenants.") || strings.HasPrefix(string(p), "backups.") // of all tenants at once
		require.Equal(t, !platform, RolesGrant([]Role{RoleAdmin}, p), p)
		require.True(t, !platform || RolesGrant([]Role{RolePlatformOperator}, p), p)
	}
}

func TestAuditorChangesNothingOfTheTenant(t *testing.T) {
	own := []Permission{PermissionMeWrite, PermissionAPITokensWrite, PermissionExportsRun}
	for _, p := range PermissionsOf([]Role{RoleAuditor}) {
		require.True(t, strings.HasSuffix(string(p), ".read") || slices.Contains(own, p), p)
	}
}

func TestGrantsAreWellFormed(t *testing.T) {
	name := regexp.MustCompile(`^[a-z]+(_[a-z]+)*\.[a-z]+$`)
	seen := map[Permission]bool{}
	for _, g := range grants {
		require.Regexp(t, name, string(g.permission))
		require.False(t, seen[g.permission], "%s stands twice", g.permission)
		seen[g.permission] = true
		require.NotEmpty(t, g.allows, g.permission)
		require.NotEmpty(t, g.roles, g.permission)
		for _, r := range g.roles {
			require.True(t, r.Valid(), "%s is granted to %q", g.permission, r)
		}
		require.True(t, g.permission.Valid())
	}
	require.False(t, Permission("assets.explode").Valid())
	require.False(t, Role("root").Valid())
}

// TestPermissionsDocument keeps docs/permissions.md equal to the table; MAINSTAY_UPDATE_DOCS=1 rewrites it.
func TestPermissionsDocument(t *testing.T) {
	const path = "../docs/permissions.md"
	if os.Getenv("MAINSTAY_UPDATE_DOCS") != "" {
		require.NoError(t, os.WriteFile(path, []byte(renderPermissions()), 0o644))
	}
	have, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, renderPermissions(), string(have), "run MAINSTAY_UPDATE_DOCS=1 go test ./models -run TestPermissionsDocument")
}

func renderPermissions() string {
	var b strings.Builder
	b.WriteString("# Permissions\n\n")
	b.WriteString("What each role may do. Everything not marked is denied. A user may hold several roles and has what any of\n")
	b.WriteString("them grants; a user limited to some locations has it there only. Rendered from `models/permission.go`.\n\n")
	b.WriteString("| permission | allows |")
	for _, r := range roles {
		fmt.Fprintf(&b, " %s |", strings.ReplaceAll(string(r), "_", " "))
	}
	b.WriteString("\n|---|---|" + strings.Repeat(":-:|", len(roles)) + "\n")
	for _, g := range grants {
		fmt.Fprintf(&b, "| `%s` | %s |", g.permission, g.allows)
		for _, r := range roles {
			mark := ""
			if RolesGrant([]Role{r}, g.permission) {
				mark = "x"
			}
			fmt.Fprintf(&b, " %s |", mark)
		}
		b.WriteString("\n")
	}
	return b.String()
}
