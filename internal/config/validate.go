package config

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"mainstay/models"
)

// samples are passwords that stand in manuals and examples: whoever knows the manual knows them.
var samples = []string{
	"admin", "changeme", "change-me", "change_me", "demo", "example", "mainstay", "mainstay-demo", "minioadmin", "password",
	"postgres", "sample", "secret", "test", "12345678",
}

// minPassword is the shortest password an administrator may be given in production.
const minPassword = models.MinPasswordLength

// Validate checks the settings against each other. In production it also refuses what is only good enough for trying
// out. The error joins every fault, each naming its variable and the remedy, never a secret.
func (c Config) Validate() error {
	faults := []error{c.validateKeys(), c.validateStorage()}
	if c.Env == Production {
		faults = append(faults, c.validateProduction(), c.refuseSamples())
	}
	return errors.Join(faults...)
}

func (c Config) validateKeys() error {
	if len(c.AuthKey) > 0 && bytes.Equal(c.AuthKey, c.PayloadKey) {
		return errors.New("MAINSTAY_PAYLOAD_KEY is the same as MAINSTAY_AUTH_KEY; make another with `openssl rand -base64 32`")
	}
	if len(c.AuditKey) > 0 && (bytes.Equal(c.AuditKey, c.AuthKey) || bytes.Equal(c.AuditKey, c.PayloadKey)) {
		return errors.New("MAINSTAY_AUDIT_KEY is the same as another key; make one with `openssl rand -base64 32`")
	}
	return nil
}

func (c Config) validateStorage() error {
	if c.S3ArchiveBucket != "" && c.S3ArchiveBucket == c.S3Bucket {
		return errors.New("MAINSTAY_S3_ARCHIVE_BUCKET is the same as MAINSTAY_S3_BUCKET; name another: what is under lock cannot be deleted")
	}
	if (c.S3AccessKey == "") == (c.S3SecretKey == "") {
		return nil
	}
	return errors.New("MAINSTAY_S3_ACCESS_KEY and MAINSTAY_S3_SECRET_KEY belong together; set both or neither")
}

func (c Config) validateProduction() error {
	var faults []error
	if p := c.AdminPassword.Reveal(); p != "" && utf8.RuneCountInString(p) < minPassword {
		faults = append(faults, fmt.Errorf("MAINSTAY_ADMIN_PASSWORD is too short; use %d characters or more", minPassword))
	}
	if len(c.AuthKey) == 0 {
		faults = append(faults, errors.New("MAINSTAY_AUTH_KEY is unset; production needs one: `openssl rand -base64 32`"))
	}
	if len(c.AuditKey) == 0 && len(c.AuditPublicKeys) == 0 {
		faults = append(faults, errors.New("MAINSTAY_AUDIT_KEY is unset; production seals its audit log: `openssl rand -base64 32`"))
	}
	if c.Demo {
		faults = append(faults, errors.New("MAINSTAY_DEMO is true; demo users have known passwords: set it to false in production"))
	}
	if u, err := url.Parse(c.PublicURL); err != nil || u.Scheme != "https" && !loopback(u.Hostname()) {
		faults = append(faults, errors.New("MAINSTAY_PUBLIC_URL is not https; sign-ins would cross the network in clear: set it to an https URL"))
	}
	return errors.Join(faults...)
}

func (c Config) refuseSamples() error {
	var faults []error
	refuse := func(name, password string) {
		if slices.Contains(samples, strings.ToLower(password)) {
			faults = append(faults, fmt.Errorf("%s holds a sample secret; set one of your own", name))
		}
	}
	for name, secret := range map[string]Secret{
		"MAINSTAY_ADMIN_PASSWORD": c.AdminPassword,
		"MAINSTAY_S3_ACCESS_KEY":  c.S3AccessKey,
		"MAINSTAY_S3_SECRET_KEY":  c.S3SecretKey,
	} {
		refuse(name, secret.Reveal())
	}
	refuse("MAINSTAY_DATABASE_URL", passwordOf(c.DatabaseURL))
	refuse("MAINSTAY_MIGRATE_DATABASE_URL", passwordOf(c.MigrateDatabaseURL))
	refuse("MAINSTAY_SMTP_URL", passwordOf(c.SMTPURL))
	for _, replica := range c.DatabaseReplicaURLs {
		refuse("MAINSTAY_DATABASE_REPLICA_URLS", passwordOf(replica))
	}
	for name, keys := range map[string][]Key{
		"MAINSTAY_AUTH_KEY":              {c.AuthKey},
		"MAINSTAY_AUTH_PREVIOUS_KEYS":    c.AuthPreviousKeys,
		"MAINSTAY_PAYLOAD_KEY":           {c.PayloadKey},
		"MAINSTAY_PAYLOAD_PREVIOUS_KEYS": c.PayloadPreviousKeys,
		"MAINSTAY_AUDIT_KEY":             {c.AuditKey},
	} {
		if slices.ContainsFunc(keys, repeated) {
			faults = append(faults, fmt.Errorf("%s is no random key; make one with `openssl rand -base64 32`", name))
		}
	}
	slices.SortFunc(faults, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(faults...)
}

func passwordOf(secret Secret) string {
	u, err := url.Parse(secret.Reveal())
	if err != nil || u.User == nil {
		return ""
	}
	password, _ := u.User.Password()
	return password
}

// repeated tells a key of a few repeated bytes, like all zeros or "0123456789abcdef" twice, from a random one: 32 random
// bytes hold fewer than 18 different ones once in 10^12 draws.
func repeated(k Key) bool {
	if len(k) == 0 {
		return false
	}
	different := map[byte]bool{}
	for _, b := range k {
		different[b] = true
	}
	return len(different) < 18
}
