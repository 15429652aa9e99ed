package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"mainstay/models/store/storetest"
)

// program runs a subcommand as a process of its own and returns its exit code and what it printed.
func program(t *testing.T, env []string, stdin string, args ...string) (int, string) {
	t.Helper()
	binary, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), binary, args...)
	cmd.Env = append(append(os.Environ(), asProgram+"=1"), env...)
	cmd.Stdin = strings.NewReader(stdin)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); cmd.ProcessState == nil {
		require.NoError(t, err)
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

func TestUserCreateAndPassword(t *testing.T) {
	db := storetest.NewDatabase(t)
	env := []string{"MAINSTAY_DATABASE_URL=" + db.URL}
	create := []string{"user", "create", "--tenant", "quarry", "--email", "Ada@Example.com", "--output", "json"}

	code, out := program(t, env, "", create...)
	require.Equal(t, exitUsage, code, out)
	require.Contains(t, out, "--tenant-name")

	create = append(create, "--tenant-name", "Quarry", "--currency", "CHF", "--time-zone", "Europe/Zurich", "--roles", "admin,platform_operator")
	code, out = program(t, env, "", append(create, "--roles", "king")...)
	require.Equal(t, exitUsage, code, out)
	require.Contains(t, out, "king")
	code, out = program(t, env, "", append(create, "--time-zone", "Mars/Olympus")...)
	require.Equal(t, exitUsage, code, out)

	code, out = program(t, env, "", create...)
	require.Equal(t, exitDone, code, out)
	var made outcome
	require.NoError(t, json.Unmarshal([]byte(out), &made))
	require.True(t, made.Created)
	require.Len(t, made.Password, 26)

	code, out = program(t, env, "", create...)
	require.Equal(t, exitFound, code, out)
	code, out = program(t, env, "", append(create, "--if-missing")...)
	require.Equal(t, exitDone, code, out)
	var again outcome
	require.NoError(t, json.Unmarshal([]byte(out), &again))
	require.Equal(t, outcome{TenantID: made.TenantID, UserID: made.UserID}, again)

	var currency, zone, roles, before string
	require.NoError(t, db.Owner.QueryRowContext(t.Context(), `SELECT currency, t.time_zone, array_to_string(roles, ','), password_hash
		FROM tenants t JOIN users u ON u.tenant_id = t.id WHERE u.id = $1 AND u.email = 'ada@example.com'`, made.UserID).Scan(&currency, &zone, &roles, &before))
	require.Equal(t, []string{"CHF", "Europe/Zurich", "admin,platform_operator"}, []string{currency, zone, roles})

	set := []string{"user", "password", "--tenant", "quarry", "--email", "ada@example.com"}
	code, out = program(t, env, "short\n", append(set, "--password-file", "-")...)
	require.Equal(t, exitUsage, code, out)
	require.NotContains(t, out, "short\n")
	code, out = program(t, env, "a long enough password\n", append(set, "--password-file", "-")...)
	require.Equal(t, exitDone, code, out)
	require.NotContains(t, out, "long enough")
	var after string
	require.NoError(t, db.Owner.QueryRowContext(t.Context(), `SELECT password_hash FROM users WHERE id = $1`, made.UserID).Scan(&after))
	require.NotEqual(t, before, after)

	file := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(file, []byte("another long password\n"), 0o600))
	code, out = program(t, append(env, userPasswordVariable+"_FILE="+file), "", append(create, "--email", "bob@example.com")...)
	require.Equal(t, exitDone, code, out)
	require.NotContains(t, out, "password")
	code, out = program(t, env, "", "user", "password", "--tenant", "quarry", "--email", "nobody@example.com")
	require.Equal(t, exitFound, code, out)
	code, out = program(t, []string{"MAINSTAY_DATABASE_URL=postgres://x@127.0.0.1:1/x"}, "", create...)
	require.Equal(t, exitDependency, code, out)
}

func TestMigrateCreatesTheFirstAdministrator(t *testing.T) {
	db := storetest.NewDatabase(t)
	env := []string{"MAINSTAY_DATABASE_URL=" + db.URL, "MAINSTAY_ADMIN_PASSWORD=a long enough password", "MAINSTAY_DEMO=true"}
	code, out := program(t, env, "", "migrate")
	require.Equal(t, exitDone, code, out)
	require.NotContains(t, out, "tenant main")

	env[2] = "MAINSTAY_DEMO=false"
	code, out = program(t, env, "", "migrate")
	require.Equal(t, exitDone, code, out)
	require.Contains(t, out, "tenant main: created")
	code, out = program(t, env, "", "migrate")
	require.Equal(t, exitDone, code, out)
	require.NotContains(t, out, "tenant main")
	var email, roles string
	require.NoError(t, db.Owner.QueryRowContext(t.Context(), `SELECT email, array_to_string(roles, ',') FROM users`).Scan(&email, &roles))
	require.Equal(t, []string{"admin@example.com", "admin,platform_operator"}, []string{email, roles})
}
