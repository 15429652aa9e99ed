package stack

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"mainstay/internal/config"
)

// appLogin is the login of the API and the workers: no superuser and no owner, so that the tenant wall holds for it.
const appLogin = "mainstay_login"

// backupLogin reads every row of every tenant and writes none: what backups connect as.
const backupLogin = "mainstay_backup"

// database is the application's database in the stack's own cluster.
const database = "mainstay"

// Lookup returns settings from the environment and, where that names no database, from the stack that runs on
// MAINSTAY_DATA_DIR: so that every subcommand works against a running `make run` as it is.
func Lookup(environment config.Lookup) config.Lookup {
	for _, name := range []string{"MAINSTAY_DATABASE_URL", "MAINSTAY_DATABASE_URL_FILE", "DATABASE_URL"} {
		if value, _ := environment(name); value != "" {
			return environment
		}
	}
	dataDir, _ := environment("MAINSTAY_DATA_DIR")
	running, err := Running(cmp.Or(dataDir, ".mainstay"))
	if err != nil {
		return environment
	}
	return func(name string) (string, bool) {
		if value, ok := running[name]; ok {
			return value, true
		}
		return environment(name)
	}
}

// Running returns the settings, by the names of their environment variables, that reach the stack which runs on a data
// directory. [os.ErrNotExist] means that none runs.
func Running(dataDir string) (map[string]string, error) {
	dir, err := filepath.Abs(dataDir)
	if err != nil {
		return nil, err
	}
	l := layout{dir: dir}
	text, err := os.ReadFile(l.settings())
	if err != nil {
		return nil, err
	}
	if unlock, err := tryLockFile(l.lock()); err == nil {
		unlock()
		return nil, fmt.Errorf("the stack on %s was killed: %w", l.dir, os.ErrNotExist)
	}
	var settings map[string]string
	return settings, json.Unmarshal(text, &settings)
}

// secrets are what the stack makes up on its first start and keeps.
type secrets struct {
	postgres, appLogin, backupLogin, repository, s3, admin string
}

func (l layout) secrets(c config.Config) (s secrets, err error) {
	var errs [7]error
	s.postgres, errs[0] = secretOf(l.secret("postgres"))
	s.appLogin, errs[1] = secretOf(l.secret("application-database"))
	s.s3, errs[2] = secretOf(l.secret("s3"))
	s.backupLogin, errs[4] = secretOf(l.secret("backup-database"))
	s.repository = c.RepositoryKey.Reveal()
	if s.repository == "" {
		s.repository, errs[6] = secretOf(l.secret("repository-key"))
	}
	if c.RecoveryKey == "" {
		_, errs[5] = recoveryKeyOf(l.secret("recovery-key"))
	}
	s.admin = c.AdminPassword.Reveal()
	if s.admin == "" {
		s.admin, errs[3] = secretOf(l.adminPassword())
	}
	return s, errors.Join(errs[:]...)
}

// settingsFor returns what the application's processes need to know beyond the stack's own environment: the addresses
// and secrets of the parts that the stack runs. Parts that are configured from outside keep their settings.
func settingsFor(c config.Config, l layout, s secrets) (map[string]string, error) {
	settings := map[string]string{"MAINSTAY_DATA_DIR": l.dir, "MAINSTAY_STACK_STATE": l.state()}
	if c.AdminPassword == "" {
		settings["MAINSTAY_ADMIN_PASSWORD_FILE"] = l.adminPassword()
	}
	if c.RecoveryKey == "" {
		settings["MAINSTAY_RECOVERY_KEY_FILE"] = l.secret("recovery-key")
		settings["MAINSTAY_BACKUP_PATHS"] = filepath.Join(l.dir, "logs")
	}
	if c.LANAddr != "" {
		settings["MAINSTAY_LAN_ADDR"], settings["MAINSTAY_PUBLIC_URL"] = c.LANAddr, c.PublicURL
	}
	if c.DatabaseURL == "" {
		settings["MAINSTAY_DATABASE_URL"] = postgresURL(appLogin, s.appLogin, c.PostgresPort, database)
		settings["MAINSTAY_BACKUP_DATABASE_URL"] = postgresURL(backupLogin, s.backupLogin, c.PostgresPort, database)
		settings["MAINSTAY_MIGRATE_DATABASE_URL"] = postgresURL(superuser, s.postgres, c.PostgresPort, database)
	}
	if c.DatabaseURL == "" && archiving(c) == nil {
		settings["MAINSTAY_PGBACKREST_CONFIG"] = l.pgbackrest()
	}
	settings["MAINSTAY_TEMPORAL_NAMESPACE"] = c.TemporalNamespace
	if c.TemporalAddress == "" {
		settings["MAINSTAY_TEMPORAL_ADDRESS"] = c.TemporalAddr
	}
	if c.S3Endpoint == "" {
		settings["MAINSTAY_S3_ENDPOINT"] = "http://" + c.S3Addr
		settings["MAINSTAY_S3_ARCHIVE_BUCKET"] = cmp.Or(c.S3ArchiveBucket, c.S3Bucket+"-archive")
		settings["MAINSTAY_S3_ACCESS_KEY"] = superuser
		settings["MAINSTAY_S3_SECRET_KEY"] = s.s3
	}
	if c.SMTPURL == "" {
		settings["MAINSTAY_SMTP_URL"] = "smtp://" + c.SMTPAddr + "?tls=none"
	}
	for name, key := range map[string]config.Key{"MAINSTAY_AUTH_KEY": c.AuthKey, "MAINSTAY_PAYLOAD_KEY": c.PayloadKey, "MAINSTAY_AUDIT_KEY": c.AuditKey} {
		if len(key) > 0 {
			continue
		}
		if _, err := keyOf(l.secret(name)); err != nil {
			return nil, err
		}
		settings[name+"_FILE"] = l.secret(name)
	}
	return settings, nil
}

// environment is the stack's own environment with the settings in their place. Only the migrations see the owner's URL.
func environment(settings map[string]string, owner bool) []string {
	env := os.Environ()
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		if owner || name != "MAINSTAY_MIGRATE_DATABASE_URL" {
			env = append(env, name+"="+settings[name])
		}
	}
	return env
}
