package pgbackrest

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// S3 is a bucket that keeps the repository. pgBackRest speaks to it over TLS alone.
type S3 struct {
	Host, Port           string
	Region, Bucket       string
	AccessKey, SecretKey string
	CAFile               string // of the authority that signed its certificate; empty = the system's
}

// Settings are a configuration of pgBackRest for one cluster.
type Settings struct {
	Stanza string
	// The cluster: its folder, port, and the login and database that backups connect to.
	DataDir         string
	Owner           string // a path of the user whom the cluster belongs to; empty: DataDir
	Port            int
	Login, Database string
	// Path of the repository: a folder of this host or, with S3, a path within the bucket. It names the cluster's system identifier, so that
	// no other cluster writes segments of the same names into it.
	Path string
	S3   *S3
	// CipherPass encrypts what is stored, with AES-256.
	CipherPass string
	// LockDir is where commands of the cluster lock each other out.
	LockDir string
}

// Write makes the configuration file, readable for its owner alone, in one step. Under root file and lock folder are given to the owner of
// the cluster's folder.
func (s Settings) Write(file string) error {
	text, err := s.text()
	if err != nil {
		return err
	}
	owner, err := OwnerOf(cmp.Or(s.Owner, s.DataDir))
	if err != nil {
		return err
	}
	give := func(path string) error {
		if owner == nil {
			return nil
		}
		return os.Chown(path, int(owner.Uid), int(owner.Gid))
	}
	dirs := []string{filepath.Dir(file), s.LockDir}
	if s.S3 == nil {
		dirs = append(dirs, s.Path)
	}
	for _, dir := range dirs {
		if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil { //nolint:gosec // the cluster's user walks through it
			return err
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		if err := give(dir); err != nil {
			return err
		}
	}
	if err := os.WriteFile(file+".new", []byte(text), 0o600); err != nil {
		return err
	}
	if err := give(file + ".new"); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

func (s Settings) text() (string, error) {
	if s.CipherPass == "" {
		return "", errors.New("pgbackrest: the repository has no key")
	}
	var text strings.Builder
	var fault error
	section := func(name string) { fmt.Fprintf(&text, "[%s]\n", name) }
	set := func(name, value string) {
		if strings.ContainsAny(value, "\r\n") {
			fault = fmt.Errorf("pgbackrest: %s has more than one line", name)
		}
		fmt.Fprintf(&text, "%s=%s\n", name, value)
	}
	section("global")
	set("repo1-path", s.Path)
	set("repo1-cipher-type", "aes-256-cbc")
	set("repo1-cipher-pass", s.CipherPass)
	if s.S3 != nil {
		set("repo1-type", "s3")
		set("repo1-s3-endpoint", s.S3.Host)
		set("repo1-storage-port", s.S3.Port)
		set("repo1-s3-uri-style", "path")
		set("repo1-s3-region", s.S3.Region)
		set("repo1-s3-bucket", s.S3.Bucket)
		set("repo1-s3-key", s.S3.AccessKey)
		set("repo1-s3-key-secret", s.S3.SecretKey)
		set("repo1-bundle", "y") // an object holds many files: a cluster has thousands, and each costs a request
		if s.S3.CAFile != "" {
			set("repo1-storage-ca-file", s.S3.CAFile)
		}
	}
	set("compress-type", "zst")
	set("start-fast", "y")
	set("expire-auto", "n") // what goes is decided with a plan, not by the next backup
	set("lock-path", s.LockDir)
	set("log-level-file", "off")
	set("log-level-console", "off")
	set("log-level-stderr", "error")
	section(s.Stanza)
	set("pg1-path", s.DataDir)
	set("pg1-port", fmt.Sprint(s.Port))
	set("pg1-user", s.Login)
	set("pg1-database", s.Database)
	return text.String(), fault
}
