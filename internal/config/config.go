// Package config reads the settings of every process from the environment, once, at its start.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"

	"mainstay/models"
)

// Environment says how strict a process is about its settings.
type Environment string

// The environments.
const (
	Development Environment = "development"
	Production  Environment = "production"
)

// Config holds all settings. What is unset has the default docs/configuration.md names; an empty address of a
// dependency means that `mainstay run` starts one of its own.
type Config struct {
	Env      Environment
	LogLevel slog.Level

	// Listen addresses, host:port; an empty host listens on every interface.
	HTTPAddr       string
	OpsAddr        string
	PostgresPort   int
	TemporalAddr   string
	TemporalUIAddr string
	S3Addr         string
	SMTPAddr       string
	MailUIAddr     string
	LANAddr        string // empty = the local network is not served

	DataDir        string
	StackState     string // file of the stack that runs this process; empty = none does
	PostgresBinDir string
	Demo           bool
	AdminEmail     string
	AdminPassword  Secret

	// DatabaseURL is the connection of the application's role, MigrateDatabaseURL that of the owner of the tables.
	DatabaseURL         Secret
	DatabaseReplicaURLs []Secret
	MigrateDatabaseURL  Secret

	// BackupDatabaseURL is the connection of a login that reads every row; RecoveryKey seals and opens backups.
	BackupDatabaseURL Secret
	RecoveryKey       Secret
	// Retention says which backups stay.
	Retention models.RetentionPolicy
	// ArchiveDays is how long an archive is locked in S3ArchiveBucket.
	ArchiveDays int
	// Image is the one that the process runs in, with its digest.
	Image string
	// BackupPaths are the files and folders that go along with each dump: deployment manifests and logs.
	BackupPaths []string
	// FileOrphanDays is how old a stored object must be of which no row knows before a check removes it.
	FileOrphanDays int
	// When backups, drills, retention and checks of the files run by themselves: cron expressions in UTC, empty where one does not.
	DumpCron        string
	DrillCron       string
	FaultDrillCron  string
	RetentionCron   string
	FileCheckCron   string
	FullCron        string
	IncrementalCron string
	ArchiveCron     string

	// PgBackRestConfig is the configuration file of physical backups and the WAL archive; empty = there are none.
	PgBackRestConfig string
	PgBackRestStanza string
	// Repository is where the pgBackRest of `mainstay run` keeps them: a folder or s3://bucket/path; empty = below DataDir.
	Repository       string
	RepositoryCAFile string
	RepositoryKey    Secret

	TemporalAddress   string
	TemporalNamespace string
	TemporalUIURL     string
	WorkerVersioning  bool
	StartRate         int // work orders started a second after generation

	S3Endpoint      string // with its scheme
	S3Region        string
	S3Bucket        string
	S3ArchiveBucket string // empty = no archives
	S3AccessKey     Secret
	S3SecretKey     Secret
	S3PublicURL     string // empty = files go through the API

	SMTPURL  Secret
	SMTPFrom string // one RFC 5322 address

	PublicURL      string // without a slash at its end
	TrustedProxies []netip.Prefix

	// AuthKey signs access tokens; AuthPreviousKeys are still accepted. PayloadKey encrypts Temporal payloads;
	// PayloadPreviousKeys still decrypt them.
	AuthKey             Key
	AuthPreviousKeys    []Key
	PayloadKey          Key
	PayloadPreviousKeys []Key
	// AuditKey signs checkpoints of the audit log; AuditPublicKeys are the public halves of others whose signatures count.
	AuditKey        Key
	AuditPublicKeys []Key

	OTLPEndpoint string // empty = no traces
}

// String lists the settings with every secret redacted.
func (c Config) String() string {
	type plain Config
	return fmt.Sprintf("%+v", plain(c))
}

// Lookup finds one environment variable; [os.LookupEnv] is one.
type Lookup func(name string) (value string, ok bool)

// Load reads the settings from lookup and checks each by itself; [Config.Validate] checks them together. An empty
// variable counts as unset. Every secret NAME may instead stand in the file that NAME_FILE names, where a line feed at
// its end does not count. The error joins every fault found, each naming its variable and the remedy, never a secret.
func Load(lookup Lookup) (Config, error) {
	var c Config
	var faults []error
	for _, s := range settings(&c) {
		value, err := s.value(lookup)
		if err == nil && value != "" {
			err = s.set(value)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%s %w", s.name, err))
		}
	}
	c.PublicURL = cmp.Or(c.PublicURL, onLocalhost(c.HTTPAddr))
	c.TemporalUIURL = cmp.Or(c.TemporalUIURL, onLocalhost(c.TemporalUIAddr))
	return c, errors.Join(faults...)
}

func onLocalhost(address string) string {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return ""
	}
	return "http://localhost:" + port
}

// Require joins an error for each of the named variables that c leaves unset; a process calls it with what it cannot
// run without.
func (c Config) Require(names ...string) error {
	unset := map[string]bool{}
	for _, s := range settings(&c) {
		unset[s.name] = s.unset()
	}
	var faults []error
	for _, name := range names {
		if missing, known := unset[name]; missing || !known {
			faults = append(faults, fmt.Errorf("%s is unset; this command needs it", name))
		}
	}
	return errors.Join(faults...)
}
