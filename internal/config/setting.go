package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/robfig/cron"
)

// setting is one environment variable and the field it fills.
type setting struct {
	name     string
	fallback string
	help     string
	secret   bool   // may come from a file
	alias    string // read where name is unset
	field    any    // pointer to the field of Config
	set      func(value string) error
}

// settings is the list of all variables, bound to the fields of c.
func settings(c *Config) []setting {
	return []setting{
		bind("MAINSTAY_ENV", "development", "`development` or `production`; production refuses demo data, sample secrets and a missing auth key", &c.Env, parseEnvironment),
		bind("MAINSTAY_LOG_LEVEL", "info", "`debug`, `info`, `warn` or `error`", &c.LogLevel, parseLevel),

		bind("MAINSTAY_HTTP_ADDR", "127.0.0.1:8080", "address of the API and the web frontend; where it is unset and `PORT` is set, that port on every interface", &c.HTTPAddr, parseAddress).or("PORT"),
		bind("MAINSTAY_OPS_ADDR", "127.0.0.1:8081", "address of `/livez`, `/readyz` and `/metrics`", &c.OpsAddr, parseAddress),
		bind("MAINSTAY_POSTGRES_PORT", "5433", "port of the PostgreSQL that `make run` starts", &c.PostgresPort, parsePort),
		bind("MAINSTAY_TEMPORAL_ADDR", "127.0.0.1:7233", "address of the Temporal server that `make run` starts", &c.TemporalAddr, parseAddress),
		bind("MAINSTAY_TEMPORAL_UI_ADDR", "127.0.0.1:8233", "address of its Web UI", &c.TemporalUIAddr, parseAddress),
		bind("MAINSTAY_S3_ADDR", "127.0.0.1:9000", "address of the S3 server that `make run` starts", &c.S3Addr, parseAddress),
		bind("MAINSTAY_SMTP_ADDR", "127.0.0.1:1025", "address of the mail catcher that `make run` starts", &c.SMTPAddr, parseAddress),
		bind("MAINSTAY_MAIL_UI_ADDR", "127.0.0.1:8025", "address of its page and JSON list", &c.MailUIAddr, parseAddress),
		bind("MAINSTAY_LAN_ADDR", "", "IP:port on which the API also serves the local network, over TLS; `make run LAN=1` takes port 8443 of this machine", &c.LANAddr, parseAddress),

		bind("MAINSTAY_DATA_DIR", ".mainstay", "directory of everything `make run` keeps", &c.DataDir, parseText),
		bind("MAINSTAY_STACK_STATE", "", "file in which `make run`, which sets this, keeps how far its parts are, for the start page; unset = a plain sign-in", &c.StackState, parseAbsolute),
		bind("MAINSTAY_PG_BINDIR", "", "directory of the PostgreSQL server binaries; unset = the usual places", &c.PostgresBinDir, parseText),
		bind("MAINSTAY_DEMO", "true", "load the demo company; `false` in production", &c.Demo, parseBool),
		bind("MAINSTAY_ADMIN_EMAIL", "admin@example.com", "sign-in of the first administrator", &c.AdminEmail, parseEmail),
		secret("MAINSTAY_ADMIN_PASSWORD", "password of the first administrator; unset = a random one, kept in `$MAINSTAY_DATA_DIR/admin-password`", &c.AdminPassword, parseSecret),

		secret("MAINSTAY_DATABASE_URL", "`postgres://` URL of the application's role; unset = `make run` starts a server", &c.DatabaseURL, parseDatabaseURL).or("DATABASE_URL"),
		secret("MAINSTAY_DATABASE_REPLICA_URLS", "URLs of read replicas, separated by commas; has no effect yet: all reads go to the primary", &c.DatabaseReplicaURLs, list(parseDatabaseURL)),
		secret("MAINSTAY_MIGRATE_DATABASE_URL", "`postgres://` URL of the tables' owner, which only `migrate` uses", &c.MigrateDatabaseURL, parseDatabaseURL),

		secret("MAINSTAY_BACKUP_DATABASE_URL", "`postgres://` URL of a login that reads every row, for backups (docs/backup.md); unset = no backups", &c.BackupDatabaseURL, parseDatabaseURL),
		secret("MAINSTAY_RECOVERY_KEY", "age identity that seals and opens backups, from `age-keygen`; unset = no backups. Keep a copy outside of what it protects", &c.RecoveryKey, parseRecoveryKey),

		bind("MAINSTAY_BACKUP_DUMP_CRON", "15 1 * * *", "when the database is dumped: five fields of cron in UTC, or `off`; nothing runs by itself where backups are not configured", &c.DumpCron, parseCron),
		bind("MAINSTAY_BACKUP_FULL_CRON", "45 1 * * 0", "when a full physical backup is made, where pgBackRest is configured, or `off`", &c.FullCron, parseCron),
		bind("MAINSTAY_BACKUP_INCREMENTAL_CRON", "45 1 * * 1-6", "when an incremental one is made, or `off`", &c.IncrementalCron, parseCron),
		bind("MAINSTAY_BACKUP_DRILL_CRON", "15 3 * * 0", "when a restore drill runs, or `off`", &c.DrillCron, parseCron),
		bind("MAINSTAY_BACKUP_FAULT_DRILL_CRON", "15 7 2 * *", "when the drills run that spoil what they read and have to find it, one after the other, or `off`", &c.FaultDrillCron, parseCron),
		bind("MAINSTAY_BACKUP_RETENTION_CRON", "15 5 * * *", "when old backups go, or `off`", &c.RetentionCron, parseCron),
		bind("MAINSTAY_IMAGE", "", "image that this process runs in, with its tag or digest; it goes along with each dump", &c.Image, parseText),
		bind("MAINSTAY_BACKUP_PATHS", "", "files and folders that each dump takes along, separated by commas: manifests and logs, never a folder `secrets`", &c.BackupPaths, list(parseAbsolute)),
		bind("MAINSTAY_FILE_CHECK_CRON", "15 4 * * *", "when the stored files are held against the rows, or `off`", &c.FileCheckCron, parseCron),
		bind("MAINSTAY_FILE_ORPHAN_DAYS", "30", "days after which a stored object goes of which no row knows, counted from the newest recovery at the earliest", &c.FileOrphanDays, parseCount),
		bind("MAINSTAY_BACKUP_ARCHIVE_CRON", "15 6 1 * *", "when a proven dump is archived under lock, where `MAINSTAY_S3_ARCHIVE_BUCKET` is set, or `off`", &c.ArchiveCron, parseCron),
		bind("MAINSTAY_BACKUP_ARCHIVE_DAYS", "400", "days that an archive is locked: nobody can delete it before", &c.ArchiveDays, parseCount),
		bind("MAINSTAY_BACKUP_KEEP_HOURS", "48", "every backup younger than this stays", &c.Retention.AllHours, parseCount),
		bind("MAINSTAY_BACKUP_KEEP_DAILY", "14", "days of which the newest backup stays; counted are days that have one", &c.Retention.Daily, parseCount),
		bind("MAINSTAY_BACKUP_KEEP_WEEKLY", "8", "weeks of which the newest backup stays", &c.Retention.Weekly, parseCount),
		bind("MAINSTAY_BACKUP_KEEP_MONTHLY", "12", "months of which the newest backup stays", &c.Retention.Monthly, parseCount),
		bind("MAINSTAY_PGBACKREST_CONFIG", "", "pgBackRest's configuration on the database's host; `make run` writes its own; unset = no physical backups", &c.PgBackRestConfig, parseAbsolute),
		bind("MAINSTAY_PGBACKREST_STANZA", "mainstay", "pgBackRest's name for the database cluster", &c.PgBackRestStanza, parseText),
		bind("MAINSTAY_REPOSITORY", "", "directory of `make run`'s physical backups and WAL, or `s3://bucket/path` on `MAINSTAY_S3_ENDPOINT`; unset = below the data", &c.Repository, parseRepository),
		bind("MAINSTAY_REPOSITORY_CA_FILE", "", "certificate of the authority that signed the one of that storage; unset = the system's", &c.RepositoryCAFile, parseAbsolute),
		secret("MAINSTAY_REPOSITORY_KEY", "passphrase that encrypts them; unset = one that `make run` makes up. Keep a copy outside of what it protects", &c.RepositoryKey, parseSecret),

		bind("MAINSTAY_TEMPORAL_ADDRESS", "", "host:port of a Temporal frontend; unset = `make run` starts a server", &c.TemporalAddress, parseAddress),
		bind("MAINSTAY_TEMPORAL_NAMESPACE", "mainstay", "namespace of the processes", &c.TemporalNamespace, parseText),
		bind("MAINSTAY_TEMPORAL_UI_URL", "", "URL under which operators reach the Temporal Web UI; unset = `MAINSTAY_TEMPORAL_UI_ADDR` on localhost", &c.TemporalUIURL, parseWebURL),
		bind("MAINSTAY_WORKER_VERSIONING", "false", "deploy workers by build id, keeping old ones until they are drained", &c.WorkerVersioning, parseBool),
		bind("MAINSTAY_START_RATE", "20", "generated work orders whose process is started a second", &c.StartRate, parseCount),

		bind("MAINSTAY_S3_ENDPOINT", "", "URL or host:port of S3-compatible storage (https unless the host is this machine); unset = `make run` starts a server", &c.S3Endpoint, parseEndpoint),
		bind("MAINSTAY_S3_REGION", "us-east-1", "region that requests are signed for", &c.S3Region, parseText),
		bind("MAINSTAY_S3_BUCKET", "mainstay", "bucket of all files", &c.S3Bucket, parseText),
		bind("MAINSTAY_S3_ARCHIVE_BUCKET", "", "bucket with object lock for the monthly archives, made where there is none; unset = no archives", &c.S3ArchiveBucket, parseText),
		secret("MAINSTAY_S3_ACCESS_KEY", "access key of the storage", &c.S3AccessKey, parseSecret),
		secret("MAINSTAY_S3_SECRET_KEY", "secret key of the storage", &c.S3SecretKey, parseSecret),
		bind("MAINSTAY_S3_PUBLIC_URL", "", "URL under which browsers reach the storage: downloads lead there by a link of one minute; unset = files go through the API", &c.S3PublicURL, parseEndpoint),

		secret("MAINSTAY_SMTP_URL", "`smtp://user:password@host:port?tls=starttls|none` or `smtps://...`; unset = `make run` starts a mail catcher", &c.SMTPURL, parseSMTPURL),
		bind("MAINSTAY_SMTP_FROM", "Mainstay <mainstay@localhost>", "sender of all mail", &c.SMTPFrom, parseEmail),

		bind("MAINSTAY_PUBLIC_URL", "", "URL under which people reach Mainstay; stands in mails; unset = `MAINSTAY_HTTP_ADDR` on localhost", &c.PublicURL, parseWebURL),
		bind("MAINSTAY_TRUSTED_PROXIES", "", "addresses or prefixes whose `X-Forwarded-For` is believed, separated by commas; unset = none", &c.TrustedProxies, list(parsePrefix)),

		secret("MAINSTAY_AUTH_KEY", "Ed25519 seed that signs access tokens: 32 bytes in base64, or raw in the file", &c.AuthKey, parseKey),
		secret("MAINSTAY_AUTH_PREVIOUS_KEYS", "earlier seeds whose tokens are still accepted, base64, separated by commas", &c.AuthPreviousKeys, list(parseKey)),
		secret("MAINSTAY_PAYLOAD_KEY", "key that encrypts Temporal payloads: 32 bytes in base64, or raw in the file; unset = not encrypted", &c.PayloadKey, parseKey),
		secret("MAINSTAY_PAYLOAD_PREVIOUS_KEYS", "earlier keys that still decrypt payloads, base64, separated by commas", &c.PayloadPreviousKeys, list(parseKey)),
		secret("MAINSTAY_AUDIT_KEY", "Ed25519 seed that signs checkpoints of the audit log (docs/audit.md): 32 bytes in base64, or raw in the file; unset = not sealed", &c.AuditKey, parseKey),
		bind("MAINSTAY_AUDIT_PUBLIC_KEYS", "", "public keys of checkpoints that count too: earlier ones, or all where nothing is signed; base64, separated by commas", &c.AuditPublicKeys, list(parseKey)),

		bind("OTEL_EXPORTER_OTLP_ENDPOINT", "", "URL of an OTLP/HTTP collector; unset = no traces", &c.OTLPEndpoint, parseWebURL),
	}
}

// bind makes a setting that parse reads into field.
func bind[T any](name, fallback, help string, field *T, parse func(string) (T, error)) setting {
	return setting{name: name, fallback: fallback, help: help, field: field, set: func(value string) error {
		parsed, err := parse(value)
		if err == nil {
			*field = parsed
		}
		return err
	}}
}

func secret[T any](name, help string, field *T, parse func(string) (T, error)) setting {
	s := bind(name, "", help, field, parse)
	s.secret = true
	return s
}

func (s setting) or(alias string) setting {
	s.alias = alias
	return s
}

// value finds the text of the setting: the variable, its file, its alias, its default, in this order.
func (s setting) value(lookup Lookup) (string, error) {
	if value, _ := lookup(s.name); value != "" {
		if file, _ := lookup(s.name + "_FILE"); s.secret && file != "" {
			return "", fmt.Errorf("and %s_FILE are both set; keep one", s.name)
		}
		return value, nil
	}
	if file, _ := lookup(s.name + "_FILE"); s.secret && file != "" {
		return s.read(file)
	}
	if value, _ := lookup(s.alias); s.alias != "" && value != "" {
		return s.fromAlias(value), nil
	}
	if env, _ := lookup("MAINSTAY_ENV"); s.name == "MAINSTAY_DEMO" && env == string(Production) {
		return "false", nil
	}
	return s.fallback, nil
}

func (s setting) fromAlias(value string) string {
	if s.alias == "PORT" {
		return ":" + value
	}
	return value
}

func (s setting) unset() bool {
	switch f := s.field.(type) {
	case *string:
		return *f == ""
	case *Secret:
		return *f == ""
	case *[]Secret:
		return len(*f) == 0
	case *Key:
		return len(*f) == 0
	case *[]Key:
		return len(*f) == 0
	case *[]netip.Prefix:
		return len(*f) == 0
	default:
		return false
	}
}

// read takes the setting from a file that holds nothing else. A raw key keeps all of its bytes, even a line feed at the
// end.
func (s setting) read(file string) (string, error) {
	raw, err := os.ReadFile(file) //nolint:gosec // the operator names the file
	if err != nil {
		return "", fmt.Errorf("cannot be read from the file that its _FILE variable names: %w", err)
	}
	if _, key := s.field.(*Key); key && len(raw) == KeyBytes {
		return base64.StdEncoding.EncodeToString(raw), nil
	}
	text := strings.TrimRight(string(raw), "\r\n")
	if text == "" {
		return "", fmt.Errorf("stands in %s, which is empty; write the secret into it", file)
	}
	return text, nil
}

func parseText(value string) (string, error) { return value, nil }

func parseSecret(value string) (Secret, error) { return Secret(strings.TrimRight(value, "\r\n")), nil }

func parseAbsolute(value string) (string, error) {
	if !filepath.IsAbs(value) {
		return "", fmt.Errorf("is %q; name a file by its whole path", value)
	}
	return filepath.Clean(value), nil
}

func parseRepository(value string) (string, error) {
	bucket, ok := strings.CutPrefix(value, "s3://")
	if !ok {
		return parseAbsolute(value)
	}
	if name, _, _ := strings.Cut(bucket, "/"); name == "" {
		return "", fmt.Errorf("is %q; name a bucket: s3://bucket/path", value)
	}
	return strings.TrimRight(value, "/"), nil
}

func parseRecoveryKey(value string) (Secret, error) {
	text := strings.TrimSpace(value)
	for line := range strings.Lines(text) { // age-keygen writes comments above the key
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "#") {
			text = line
		}
	}
	if !strings.HasPrefix(text, "AGE-SECRET-KEY-1") {
		return "", errors.New("is no age identity; make one with `age-keygen`")
	}
	return Secret(text), nil
}

func parseEnvironment(value string) (Environment, error) {
	e := Environment(value)
	if e != Development && e != Production {
		return "", fmt.Errorf("is %q; set it to development or production", value)
	}
	return e, nil
}

func parseLevel(value string) (slog.Level, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(value)); err != nil {
		return 0, fmt.Errorf("is %q; set it to debug, info, warn or error", value)
	}
	return level, nil
}

func parseBool(value string) (bool, error) {
	b, err := strconv.ParseBool(value)
	if err != nil {
		return false, fmt.Errorf("is %q; set it to true or false", value)
	}
	return b, nil
}

func parsePort(value string) (int, error) {
	n, err := strconv.ParseUint(value, 10, 16)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("is %q; set it to a port, 1 to 65535", value)
	}
	return int(n), nil
}

func parseCount(value string) (int, error) {
	n, err := strconv.ParseUint(value, 10, 20)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("is %q; set it to a whole number from 1 to 1048575", value)
	}
	return int(n), nil
}

// parseCron reads "off" as empty.
func parseCron(value string) (string, error) {
	if value == "off" {
		return "", nil
	}
	if _, err := cron.ParseStandard(value); err != nil || len(strings.Fields(value)) != 5 {
		return "", fmt.Errorf("is %q; set it to five fields of cron, like 15 1 * * * (01:15 UTC each day), or to off", value)
	}
	return value, nil
}

// parseAddress accepts port 0 for listeners of tests.
func parseAddress(value string) (string, error) {
	_, port, err := net.SplitHostPort(value)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return "", fmt.Errorf("is %q; set it to host:port, like 127.0.0.1:8080", value)
	}
	return value, nil
}

func parseEmail(value string) (string, error) {
	if _, err := mail.ParseAddress(value); err != nil {
		return "", fmt.Errorf("is %q; set it to one mail address", value)
	}
	return value, nil
}

func parsePrefix(value string) (netip.Prefix, error) {
	if address, err := netip.ParseAddr(value); err == nil {
		return address.Prefix(address.BitLen())
	}
	prefix, err := netip.ParsePrefix(value)
	if err != nil {
		return netip.Prefix{}, fmt.Errorf("holds %q; write addresses or prefixes like 10.0.0.0/8", value)
	}
	return prefix.Masked(), nil
}

func parseWebURL(value string) (string, error) {
	u, err := url.Parse(value)
	if err != nil || !slices.Contains([]string{"http", "https"}, u.Scheme) || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", errors.New("is no http or https URL of a host and a path; set it like https://mainstay.example.com")
	}
	return strings.TrimRight(value, "/"), nil
}

func parseEndpoint(value string) (string, error) {
	if !strings.Contains(value, "://") {
		scheme := "https://"
		if host, _, err := net.SplitHostPort(value); err == nil && loopback(host) {
			scheme = "http://"
		}
		value = scheme + value
	}
	endpoint, err := parseWebURL(value)
	if err != nil || strings.Count(endpoint, "/") > 2 {
		return "", errors.New("is no URL of a host; set it like https://s3.example.com")
	}
	return endpoint, nil
}

func parseDatabaseURL(value string) (Secret, error) {
	u, err := url.Parse(strings.TrimSpace(value))
	if err != nil || !slices.Contains([]string{"postgres", "postgresql"}, u.Scheme) || len(u.Path) < 2 {
		return "", errors.New("is no URL of a database; set it like postgres://user:password@host:5432/mainstay (percent-encode the password)")
	}
	return Secret(u.String()), nil
}

func parseSMTPURL(value string) (Secret, error) {
	u, err := url.Parse(strings.TrimSpace(value))
	if err != nil || !slices.Contains([]string{"smtp", "smtps"}, u.Scheme) || u.Hostname() == "" {
		return "", errors.New("is no URL of a mail server; set it like smtp://user:password@host:587 (percent-encode the password)")
	}
	return Secret(u.String()), nil
}

// list parses what stands between commas.
func list[T any](parse func(string) (T, error)) func(string) ([]T, error) {
	return func(value string) ([]T, error) {
		var all []T
		for part := range strings.SplitSeq(value, ",") {
			if part = strings.TrimSpace(part); part == "" {
				continue
			}
			one, err := parse(part)
			if err != nil {
				return nil, err
			}
			all = append(all, one)
		}
		return all, nil
	}
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}
