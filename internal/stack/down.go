package stack

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"mainstay/internal/config"
	"mainstay/internal/pgbackrest"
)

// Down is the stack of a data directory while it does not run, as a recovery works on it. Nobody starts it meanwhile.
type Down struct {
	layout  layout
	config  config.Config
	secrets secrets
	unlock  func()
}

// OpenDown holds the stack down until Close. A stack that runs, or a server of one that was killed and has not ended, is an error that says
// what to do.
func OpenDown(ctx context.Context, c config.Config) (d *Down, err error) {
	if c.DatabaseURL != "" {
		return nil, errors.New("MAINSTAY_DATABASE_URL names a database that is not this stack's own: restore it with pgBackRest where it runs, " +
			"then run `mainstay recover --settle`: docs/backup.md has the commands")
	}
	d = &Down{config: c}
	if d.layout, err = newLayout(c.DataDir); err != nil {
		return nil, err
	}
	if d.unlock, err = tryLockFile(d.layout.lock()); err != nil {
		return nil, fmt.Errorf("the stack on %s runs: stop it first with Ctrl-C where it was started (%w)", d.layout.dir, err)
	}
	defer func() {
		if err != nil {
			d.Close()
		}
	}()
	if err := awaitGone(ctx, d.layout.runDir()); err != nil {
		return nil, err
	}
	if err := awaitPredecessor(ctx, d.layout.postgres); err != nil {
		return nil, err
	}
	if _, err := os.Stat(d.layout.secret("postgres")); err != nil {
		return nil, fmt.Errorf("the secrets of the lost installation are not there: put their copy into %s (%w)", filepath.Join(d.layout.dir, "secrets"), err)
	}
	d.secrets, err = d.layout.secrets(c)
	return d, err
}

// AuditKey is the seed that the lost installation signed its audit log with; nil where it is unknown.
func (d *Down) AuditKey() []byte {
	if len(d.config.AuditKey) > 0 {
		return d.config.AuditKey
	}
	text, err := os.ReadFile(d.layout.secret("MAINSTAY_AUDIT_KEY"))
	if err != nil {
		return nil
	}
	seed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(seed) != config.KeyBytes {
		return nil
	}
	return seed
}

// AuditPublicKeys are those that count beside it.
func (d *Down) AuditPublicKeys() [][]byte {
	keys := make([][]byte, len(d.config.AuditPublicKeys))
	for i, key := range d.config.AuditPublicKeys {
		keys[i] = key
	}
	return keys
}

// Close lets the stack be started again.
func (d *Down) Close() { d.unlock() }

// Journal is the file in which a recovery notes its steps.
func (d *Down) Journal() string { return d.layout.journal() }

// JournalOf is [Down.Journal] of the stack on a data directory, which may run.
func JournalOf(dataDir string) string { return layout{dir: dataDir}.journal() }

// Aside is where the lost cluster is kept, if anything is left of it.
func (d *Down) Aside(recovery string) string { return d.layout.postgres + ".before-" + recovery }

// restored is the cluster that a recovery makes.
func (d *Down) restored() string { return filepath.Join(d.layout.recovering(), "postgres") }

// Repository opens the cluster's repository. Where pgBackRest's configuration is lost it is written anew; system, the system identifier of the
// cluster, is needed then only if the repository does not tell.
func (d *Down) Repository(system string) (*pgbackrest.Client, error) {
	program, err := pgbackrest.Find()
	if err != nil {
		return nil, err
	}
	if err := d.workDir(); err != nil {
		return nil, err
	}
	file := d.layout.pgbackrest()
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		err = d.configure(file, system)
		if err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	}
	return &pgbackrest.Client{Program: program, Config: file, Stanza: d.config.PgBackRestStanza}, nil
}

func (d *Down) configure(file, system string) error {
	path, s3, err := repositoryOf(d.config, d.layout)
	if err != nil {
		return err
	}
	if system == "" {
		if s3 != nil {
			return errors.New("say which cluster of the bucket it is with --system, its system identifier: the name of the folder in the bucket")
		}
		if system, err = onlyCluster(path); err != nil {
			return err
		}
	}
	return pgbackrest.Settings{
		Stanza: d.config.PgBackRestStanza, DataDir: d.layout.postgres, Owner: d.layout.recovering(), Port: d.config.PostgresPort, Login: backupLogin,
		Database: database, Path: filepath.Join(path, system), S3: s3, CipherPass: d.secrets.repository, LockDir: filepath.Join(filepath.Dir(file), "lock"),
	}.Write(file)
}

// onlyCluster returns the one cluster that a repository in a folder has.
func onlyCluster(path string) (string, error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return "", fmt.Errorf("there is no repository: set MAINSTAY_REPOSITORY to where the backups are (%w)", err)
	}
	var systems []string
	for _, entry := range entries {
		if _, err := strconv.ParseUint(entry.Name(), 10, 64); err == nil {
			systems = append(systems, entry.Name())
		}
	}
	if len(systems) != 1 {
		return "", fmt.Errorf("the repository %s has %d clusters (%s): say which with --system", path, len(systems), strings.Join(systems, ", "))
	}
	return systems[0], nil
}

func (d *Down) workDir() error {
	if err := os.MkdirAll(d.layout.recovering(), 0o700); err != nil {
		return err
	}
	return give(d.layout.recovering())
}

// give makes a path the property of the user whom PostgreSQL runs as.
func give(path string) error {
	as := unprivileged()
	if as == nil {
		return nil
	}
	return os.Chown(path, int(as.Uid), int(as.Gid))
}

// SegmentFile is where a WAL segment may be fetched to.
func (d *Down) SegmentFile(name string) string { return filepath.Join(d.layout.recovering(), name) }

// Fetch restores the files of the backup anew, beside the lost cluster.
func (d *Down) Fetch(ctx context.Context, client *pgbackrest.Client, label string, target pgbackrest.Target) error {
	if err := os.RemoveAll(d.restored()); err != nil {
		return err
	}
	if err := os.Mkdir(d.restored(), 0o700); err != nil {
		return err
	}
	if err := give(d.restored()); err != nil {
		return err
	}
	return client.Restore(ctx, pgbackrest.RestoreOptions{
		DataDir: d.restored(), LockDir: filepath.Join(d.layout.recovering(), "lock"), Label: label, Target: target, Archiving: true,
	})
}

// Start starts the restored cluster on a free port, beside the lost one, and returns when it has replayed to its target and accepts writes,
// however long that takes. It archives nothing yet.
func (d *Down) Start(ctx context.Context, log io.Writer) (*Postgres, error) {
	binDir, err := FindPostgres(ctx, d.restored(), func(string) {})
	if err != nil {
		return nil, err
	}
	ports, err := FreePorts(1)
	if err != nil {
		return nil, err
	}
	p, tail, err := launch(ctx, PostgresOptions{
		BinDir: binDir, DataDir: d.restored(), Port: ports[0], Password: d.secrets.postgres, Output: log, recovering: true,
	})
	if err != nil {
		return nil, err
	}
	for {
		attempt, cancel := context.WithTimeout(ctx, 5*time.Second)
		replaying, err := p.inRecovery(attempt)
		cancel()
		if err == nil && !replaying {
			return p, nil
		}
		select {
		case <-p.process.done:
			return nil, fmt.Errorf("the server ended before it had replayed to the target:\n%s", tail)
		case <-ctx.Done():
			p.process.kill()
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// DatabaseURL reaches the application's database of the restored cluster as its owner.
func (p *Postgres) DatabaseURL() string { return p.URL(database) }

// Switch puts the restored cluster, whose server must be stopped, in the place of the lost one, which is kept aside, and throws away what
// Temporal keeps in a file. The processes run in the epoch's own namespace from now on. It can be broken off anywhere and repeated.
func (d *Down) Switch(recovery string, epoch int) error {
	if err := writeWhole(d.layout.epoch(), []byte(strconv.Itoa(epoch)+"\n")); err != nil {
		return err
	}
	if _, err := os.Stat(d.restored()); err == nil {
		if err := renameWhereThere(d.layout.postgres, d.Aside(recovery)); err != nil {
			return err
		}
		if err := os.Rename(d.restored(), d.layout.postgres); err != nil {
			return err
		}
	}
	if _, err := clusterMajor(d.layout.postgres); err != nil {
		return err
	}
	for _, suffix := range []string{"", "-shm", "-wal"} {
		if err := os.RemoveAll(d.layout.temporalFile() + suffix); err != nil {
			return err
		}
	}
	return errors.Join(syncDir(filepath.Dir(d.layout.postgres)), syncDir(d.layout.dir), os.RemoveAll(d.layout.recovering()))
}

// renameWhereThere moves a folder where there is one; one that was moved before is never moved over.
func renameWhereThere(from, to string) error {
	if _, err := os.Stat(from); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if _, err := os.Stat(to); err == nil {
		return fmt.Errorf("both %s and %s are there: somebody made a cluster meanwhile; look at both and move one away", from, to)
	}
	return os.Rename(from, to)
}

func syncDir(dir string) error {
	f, err := os.Open(dir) //nolint:gosec // the stack's own
	if err != nil {
		return err
	}
	return errors.Join(ignoreUnsupported(f.Sync()), f.Close())
}

// ignoreUnsupported forgives file systems that cannot bring a folder to the disk.
func ignoreUnsupported(err error) error {
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		return nil
	}
	return err
}

// withEpoch names the namespace that the processes run in: after a recovery one that Temporal has never seen, since it would answer a
// repeated command out of its memory of a row that is not there any more.
func withEpoch(c config.Config, l layout) (config.Config, error) {
	text, err := os.ReadFile(l.epoch())
	if errors.Is(err, os.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	c.TemporalNamespace += "-" + strings.TrimSpace(string(text))
	return c, nil
}
