package config

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"mainstay/models"
)

var (
	authSeed    = []byte("0123456789abcdefghijklmnopqrstuv")
	payloadSeed = []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345")
	auditSeed   = []byte("abcdefghijklmnopqrstuvwxyz987654")
)

func from(env map[string]string) Lookup {
	return func(name string) (string, bool) {
		value, ok := env[name]
		return value, ok
	}
}

func TestLoadDefaults(t *testing.T) {
	c, err := Load(from(map[string]string{"MAINSTAY_S3_ENDPOINT": ""}))
	require.NoError(t, err)
	require.NoError(t, c.Validate())
	require.Equal(t, Config{
		Env: Development, LogLevel: slog.LevelInfo,
		HTTPAddr: "127.0.0.1:8080", OpsAddr: "127.0.0.1:8081", PostgresPort: 5433, TemporalAddr: "127.0.0.1:7233",
		TemporalUIAddr: "127.0.0.1:8233", S3Addr: "127.0.0.1:9000", SMTPAddr: "127.0.0.1:1025", MailUIAddr: "127.0.0.1:8025",
		DataDir: ".mainstay", Demo: true, AdminEmail: "admin@example.com",
		PgBackRestStanza: "mainstay", TemporalNamespace: "mainstay", TemporalUIURL: "http://localhost:8233", StartRate: 20,
		S3Region: "us-east-1", S3Bucket: "mainstay", SMTPFrom: "Mainstay <mainstay@localhost>",
		PublicURL: "http://localhost:8080",
		Retention: models.RetentionPolicy{AllHours: 48, Daily: 14, Weekly: 8, Monthly: 12},
		DumpCron:  "15 1 * * *", DrillCron: "15 3 * * 0", FaultDrillCron: "15 7 2 * *", RetentionCron: "15 5 * * *", FileCheckCron: "15 4 * * *", FileOrphanDays: 30, ArchiveCron: "15 6 1 * *", ArchiveDays: 400, FullCron: "45 1 * * 0", IncrementalCron: "45 1 * * 1-6",
	}, c)
}

func TestLoadReadsEverySetting(t *testing.T) {
	c, err := Load(from(map[string]string{
		"MAINSTAY_ENV": "production", "MAINSTAY_LOG_LEVEL": "DEBUG", "MAINSTAY_HTTP_ADDR": ":80", "PORT": "3000",
		"DATABASE_URL":                    "postgres://other:x@db/other",
		"MAINSTAY_DATABASE_URL":           "postgres://app:Kk9@db/mainstay?sslmode=require",
		"MAINSTAY_DATABASE_REPLICA_URLS":  "postgres://app:Kk9@r1/mainstay, postgres://app:Kk9@r2/mainstay,",
		"MAINSTAY_S3_ENDPOINT":            "s3.example.com",
		"MAINSTAY_SMTP_URL":               "smtps://u:p@mail.example.com",
		"MAINSTAY_PUBLIC_URL":             "https://mainstay.example.com/",
		"MAINSTAY_TRUSTED_PROXIES":        "10.1.2.3/8,::1",
		"MAINSTAY_AUTH_KEY":               base64.StdEncoding.EncodeToString(authSeed),
		"MAINSTAY_AUDIT_KEY":              base64.StdEncoding.EncodeToString(auditSeed),
		"MAINSTAY_AUDIT_PUBLIC_KEYS":      base64.StdEncoding.EncodeToString(payloadSeed),
		"MAINSTAY_PAYLOAD_PREVIOUS_KEYS":  base64.RawURLEncoding.EncodeToString(payloadSeed),
		"MAINSTAY_START_RATE":             "50",
		"MAINSTAY_WORKER_VERSIONING":      "true",
		"OTEL_EXPORTER_OTLP_ENDPOINT":     "http://collector:4318",
		"MAINSTAY_TEMPORAL_UI_ADDR":       "0.0.0.0:8233",
		"MAINSTAY_MIGRATE_DATABASE_URL":   "postgresql://owner:Zz8@db/mainstay",
		"MAINSTAY_TEMPORAL_ADDRESS":       "temporal:7233",
		"MAINSTAY_UNKNOWN_SETTING_STANDS": "for nothing",
	}))
	require.NoError(t, err)
	require.NoError(t, c.Validate())
	require.Equal(t, Production, c.Env)
	require.False(t, c.Demo)
	require.Equal(t, slog.LevelDebug, c.LogLevel)
	require.Equal(t, ":80", c.HTTPAddr)
	require.Equal(t, "postgres://app:Kk9@db/mainstay?sslmode=require", c.DatabaseURL.Reveal())
	require.Equal(t, []Secret{"postgres://app:Kk9@r1/mainstay", "postgres://app:Kk9@r2/mainstay"}, c.DatabaseReplicaURLs)
	require.Equal(t, "https://s3.example.com", c.S3Endpoint)
	require.Equal(t, "https://mainstay.example.com", c.PublicURL)
	require.Equal(t, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}, c.TrustedProxies)
	require.Equal(t, Key(authSeed), c.AuthKey)
	require.Equal(t, []Key{payloadSeed}, c.PayloadPreviousKeys)
	require.Equal(t, Key(auditSeed), c.AuditKey)
	require.Equal(t, []Key{payloadSeed}, c.AuditPublicKeys)
	require.Equal(t, 50, c.StartRate)
	require.True(t, c.WorkerVersioning)
	require.Equal(t, "http://localhost:8233", c.TemporalUIURL)
}

func TestLoadAliases(t *testing.T) {
	c, err := Load(from(map[string]string{"PORT": "3000", "DATABASE_URL": "postgres://app@db/x", "MAINSTAY_S3_ENDPOINT": "127.0.0.1:9000"}))
	require.NoError(t, err)
	require.Equal(t, ":3000", c.HTTPAddr)
	require.Equal(t, "http://localhost:3000", c.PublicURL)
	require.Equal(t, Secret("postgres://app@db/x"), c.DatabaseURL)
	require.Equal(t, "http://127.0.0.1:9000", c.S3Endpoint)
}

func TestLoadSecretsFromFiles(t *testing.T) {
	file := func(content string) string {
		path := filepath.Join(t.TempDir(), "secret")
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	raw := append([]byte("\r\n0123456789abcdefghijklmnopqr"), "\r\n"...)
	c, err := Load(from(map[string]string{
		"MAINSTAY_ADMIN_PASSWORD_FILE": file("correct horse\n"),
		"MAINSTAY_S3_SECRET_KEY_FILE":  file("0123456789012345678901234567890\n"),
		"MAINSTAY_AUTH_KEY_FILE":       file(string(raw)),
		"MAINSTAY_PAYLOAD_KEY_FILE":    file(base64.StdEncoding.EncodeToString(payloadSeed) + "\n"),
		"MAINSTAY_S3_BUCKET_FILE":      file("not read: the bucket is no secret"),
	}))
	require.NoError(t, err)
	require.Equal(t, Secret("correct horse"), c.AdminPassword)
	require.Equal(t, Secret("0123456789012345678901234567890"), c.S3SecretKey)
	require.Equal(t, Key(raw), c.AuthKey)
	require.Equal(t, Key(payloadSeed), c.PayloadKey)
	require.Equal(t, "mainstay", c.S3Bucket)

	for env, want := range map[string]string{
		"/nonexistent/secret": "MAINSTAY_SMTP_URL cannot be read",
		file("\n"):            "which is empty",
	} {
		_, err = Load(from(map[string]string{"MAINSTAY_SMTP_URL_FILE": env}))
		require.ErrorContains(t, err, want)
	}
	_, err = Load(from(map[string]string{"MAINSTAY_AUTH_KEY": "x", "MAINSTAY_AUTH_KEY_FILE": "y"}))
	require.ErrorContains(t, err, "MAINSTAY_AUTH_KEY and MAINSTAY_AUTH_KEY_FILE are both set")
}

func TestLoadJoinsFaultsAndKeepsSecrets(t *testing.T) {
	bad := map[string]string{
		"MAINSTAY_ENV": "staging", "MAINSTAY_LOG_LEVEL": "loud", "MAINSTAY_HTTP_ADDR": "8080", "MAINSTAY_OPS_ADDR": "host:http",
		"MAINSTAY_POSTGRES_PORT": "65536", "MAINSTAY_DEMO": "perhaps", "MAINSTAY_ADMIN_EMAIL": "nobody",
		"MAINSTAY_DATABASE_URL": "postgres://app:hunter2@[::db/x", "MAINSTAY_MIGRATE_DATABASE_URL": "mysql://app:hunter2@db/x",
		"MAINSTAY_DATABASE_REPLICA_URLS": "postgres://app:hunter2@db", "MAINSTAY_SMTP_URL": "http://u:hunter2@host",
		"MAINSTAY_START_RATE": "-1", "MAINSTAY_S3_ENDPOINT": "https://host/with/path", "MAINSTAY_S3_PUBLIC_URL": "https://user:hunter2@host",
		"MAINSTAY_PUBLIC_URL": "mainstay.example.com", "MAINSTAY_TRUSTED_PROXIES": "10.0.0.0/33", "MAINSTAY_AUTH_KEY": "hunter2",
		"MAINSTAY_PAYLOAD_KEY": base64.StdEncoding.EncodeToString(authSeed[:31]), "MAINSTAY_AUTH_PREVIOUS_KEYS": "hunter2",
		"MAINSTAY_BACKUP_DUMP_CRON": "25 61 * * *", "MAINSTAY_BACKUP_DRILL_CRON": "@daily", "MAINSTAY_BACKUP_KEEP_DAILY": "0",
	}
	_, err := Load(from(bad))
	require.Error(t, err)
	lines := strings.Split(err.Error(), "\n")
	require.Len(t, lines, len(bad))
	for name := range bad {
		require.Contains(t, err.Error(), name+" ")
	}
	require.NotContains(t, err.Error(), "hunter2")
}

func TestKeyOfRawTextIsRefusedOutsideAFile(t *testing.T) {
	_, err := Load(from(map[string]string{"MAINSTAY_AUTH_KEY": string(authSeed)}))
	require.ErrorContains(t, err, "openssl rand -base64 32")
}

func TestRequire(t *testing.T) {
	c, err := Load(from(map[string]string{"MAINSTAY_DATABASE_URL": "postgres://app@db/x"}))
	require.NoError(t, err)
	require.NoError(t, c.Require("MAINSTAY_DATABASE_URL", "MAINSTAY_DEMO"))
	err = c.Require("MAINSTAY_DATABASE_URL", "MAINSTAY_SMTP_URL", "MAINSTAY_AUTH_KEY", "MAINSTAY_MISSPELT")
	require.Len(t, strings.Split(err.Error(), "\n"), 3)
	require.NotContains(t, err.Error(), "MAINSTAY_DATABASE_URL")
}

func TestValidate(t *testing.T) {
	production := map[string]string{
		"MAINSTAY_ENV": "production", "MAINSTAY_PUBLIC_URL": "https://m.example.com",
		"MAINSTAY_AUTH_KEY": base64.StdEncoding.EncodeToString(authSeed), "MAINSTAY_AUDIT_KEY": base64.StdEncoding.EncodeToString(auditSeed),
	}
	for _, c := range []struct {
		name       string
		production bool
		env        map[string]string
		want       string
	}{
		{"production as it should be", true, nil, ""},
		{"development needs no key", false, nil, ""},
		{"no auth key", true, map[string]string{"MAINSTAY_AUTH_KEY": ""}, "MAINSTAY_AUTH_KEY is unset"},
		{"no audit key", true, map[string]string{"MAINSTAY_AUDIT_KEY": ""}, "MAINSTAY_AUDIT_KEY is unset"},
		{"a process that only verifies", true, map[string]string{"MAINSTAY_AUDIT_KEY": "", "MAINSTAY_AUDIT_PUBLIC_KEYS": base64.StdEncoding.EncodeToString(auditSeed)}, ""},
		{"one key for two", false, map[string]string{
			"MAINSTAY_AUTH_KEY": base64.StdEncoding.EncodeToString(auditSeed), "MAINSTAY_AUDIT_KEY": base64.StdEncoding.EncodeToString(auditSeed),
		}, "MAINSTAY_AUDIT_KEY is the same"},
		{"zero audit key", true, map[string]string{"MAINSTAY_AUDIT_KEY": base64.StdEncoding.EncodeToString(make([]byte, 32))}, "MAINSTAY_AUDIT_KEY is no random key"},
		{"demo", true, map[string]string{"MAINSTAY_DEMO": "true"}, "MAINSTAY_DEMO is true"},
		{"clear text", true, map[string]string{"MAINSTAY_PUBLIC_URL": "http://m.example.com"}, "MAINSTAY_PUBLIC_URL is not https"},
		{"clear text on this machine", true, map[string]string{"MAINSTAY_PUBLIC_URL": "http://localhost:3000"}, ""},
		{"sample storage keys", true, map[string]string{"MAINSTAY_S3_ACCESS_KEY": "own", "MAINSTAY_S3_SECRET_KEY": "MinioAdmin"}, "MAINSTAY_S3_SECRET_KEY holds a sample"},
		{"sample in development", false, map[string]string{"MAINSTAY_S3_ACCESS_KEY": "own", "MAINSTAY_S3_SECRET_KEY": "minioadmin"}, ""},
		{"sample database password", true, map[string]string{"MAINSTAY_DATABASE_URL": "postgres://app:postgres@db/x"}, "MAINSTAY_DATABASE_URL holds a sample"},
		{"sample replica password", true, map[string]string{"MAINSTAY_DATABASE_REPLICA_URLS": "postgres://app:Kk9@db/x,postgres://app:secret@db/x"}, "MAINSTAY_DATABASE_REPLICA_URLS holds a sample"},
		{"sample mail password", true, map[string]string{"MAINSTAY_SMTP_URL": "smtp://u:changeme@m"}, "MAINSTAY_SMTP_URL holds a sample"},
		{"sample admin password", true, map[string]string{"MAINSTAY_ADMIN_PASSWORD": "mainstay-demo"}, "MAINSTAY_ADMIN_PASSWORD holds a sample"},
		{"short admin password", true, map[string]string{"MAINSTAY_ADMIN_PASSWORD": "seven77"}, "MAINSTAY_ADMIN_PASSWORD is too short"},
		{"zero key", true, map[string]string{"MAINSTAY_AUTH_KEY": base64.StdEncoding.EncodeToString(make([]byte, 32))}, "MAINSTAY_AUTH_KEY is no random key"},
		{"one key for both", false, map[string]string{
			"MAINSTAY_AUTH_KEY":    base64.StdEncoding.EncodeToString(authSeed),
			"MAINSTAY_PAYLOAD_KEY": base64.StdEncoding.EncodeToString(authSeed),
		}, "MAINSTAY_PAYLOAD_KEY is the same"},
		{"half of the storage keys", false, map[string]string{"MAINSTAY_S3_ACCESS_KEY": "own"}, "set both or neither"},
	} {
		t.Run(c.name, func(t *testing.T) {
			env := map[string]string{}
			if c.production {
				maps.Copy(env, production)
			}
			maps.Copy(env, c.env)
			config, err := Load(from(env))
			require.NoError(t, err)
			if err = config.Validate(); c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "\n")
		})
	}
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	c, err := Load(from(map[string]string{
		"MAINSTAY_DATABASE_URL":          "postgres://app:hunter2@db/x",
		"MAINSTAY_DATABASE_REPLICA_URLS": "postgres://app:hunter2@db/x",
		"MAINSTAY_AUTH_KEY":              base64.StdEncoding.EncodeToString(authSeed),
		"MAINSTAY_AUTH_PREVIOUS_KEYS":    base64.StdEncoding.EncodeToString(payloadSeed),
	}))
	require.NoError(t, err)
	encoded, err := json.Marshal(c)
	require.NoError(t, err)
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("start", "config", c, "url", c.DatabaseURL, "key", c.AuthKey)
	shown := []string{c.String(), string(encoded), log.String()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		shown = append(shown, fmt.Sprintf(verb, c), fmt.Sprintf(verb, &c.DatabaseURL), fmt.Sprintf(verb, c.AuthKey))
	}
	for _, text := range shown {
		require.NotContains(t, text, "hunter2")
		require.NotContains(t, text, string(authSeed))
		require.NotContains(t, text, fmt.Sprintf("%x", authSeed))
		require.NotContains(t, text, fmt.Sprintf("%d", authSeed[0])+" "+fmt.Sprintf("%d", authSeed[1]))
		require.NotContains(t, text, base64.StdEncoding.EncodeToString(authSeed))
	}
	require.Contains(t, c.String(), "DatabaseURL:[redacted]")
	require.Contains(t, c.String(), "MigrateDatabaseURL: ")
}

// TestSettingsDocument keeps docs/configuration.md equal to the settings; MAINSTAY_UPDATE_DOCS=1 rewrites it.
func TestSettingsDocument(t *testing.T) {
	const path = "../../docs/configuration.md"
	if os.Getenv("MAINSTAY_UPDATE_DOCS") != "" {
		require.NoError(t, os.WriteFile(path, []byte(renderSettings()), 0o644))
	}
	have, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, renderSettings(), string(have), "run MAINSTAY_UPDATE_DOCS=1 go test ./internal/config -run TestSettingsDocument")
}

func renderSettings() string {
	var b strings.Builder
	b.WriteString("# Configuration\n\n")
	b.WriteString("Every process reads its settings from the environment at its start and refuses to start with one that is wrong.\n")
	b.WriteString("An empty variable counts as unset. A secret (marked *) may also stand in a file: set `NAME_FILE` to its path.\n")
	b.WriteString("Rendered from `internal/config/setting.go`.\n\n")
	b.WriteString("| variable | default | meaning |\n|---|---|---|\n")
	for _, s := range settings(&Config{}) {
		name, fallback := "`"+s.name+"`", ""
		if s.secret {
			name += " *"
		}
		if s.alias != "" && s.alias != "PORT" {
			name += " (also `" + s.alias + "`)"
		}
		if s.fallback != "" {
			fallback = "`" + s.fallback + "`"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", name, fallback, strings.ReplaceAll(s.help, "|", `\|`))
	}
	return b.String()
}
