package stack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"mainstay/internal/config"
	"mainstay/internal/pgbackrest"
)

// ArchiveOptions say where the physical backups and the WAL of a cluster go.
type ArchiveOptions struct {
	// Config is the configuration file that is written for pgBackRest.
	Config string
	Stanza string
	// Path is a folder, or with S3 a path within the bucket; the cluster's system identifier is added to it.
	Path string
	S3   *pgbackrest.S3
	// Key encrypts the repository.
	Key string
	// Login and Password of backups, who is given the rights that pgBackRest needs in Database.
	Login, Password, Database string
}

// StartArchive makes a running cluster of [PostgresOptions.Archiving] archive its WAL: it writes pgBackRest's configuration, prepares the
// repository and sets the archive_command. It can be repeated; what is as it should be is left alone.
func StartArchive(ctx context.Context, pg PostgresOptions, o ArchiveOptions) (client *pgbackrest.Client, err error) {
	program, err := pgbackrest.Find()
	if err != nil {
		return nil, err
	}
	conn, err := pgx.Connect(ctx, postgresURL(superuser, pg.Password, pg.Port, o.Database))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	var system, dataDir string
	if err := conn.QueryRow(ctx, `SELECT system_identifier::text, current_setting('data_directory') FROM pg_control_system()`).Scan(&system, &dataDir); err != nil {
		return nil, err
	}
	settings := pgbackrest.Settings{
		Stanza: o.Stanza, DataDir: dataDir, Port: pg.Port, Login: o.Login, Database: o.Database,
		Path: filepath.Join(o.Path, system), S3: o.S3, CipherPass: o.Key, LockDir: filepath.Join(filepath.Dir(o.Config), "lock"),
	}
	if err := settings.Write(o.Config); err != nil {
		return nil, err
	}
	if err := grantBackup(ctx, conn, o.Login); err != nil {
		return nil, err
	}
	client = &pgbackrest.Client{
		Program: program, Config: o.Config, Stanza: o.Stanza, DatabaseURL: postgresURL(o.Login, o.Password, pg.Port, o.Database),
	}
	if _, err := client.Info(ctx); errors.Is(err, pgbackrest.ErrNoStanza) {
		err = client.CreateStanza(ctx)
		if err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	}
	return client, setArchiveCommand(ctx, conn, client.ArchiveCommand())
}

// grantBackup gives a login what pgBackRest calls.
func grantBackup(ctx context.Context, conn *pgx.Conn, login string) error {
	_, err := conn.Exec(ctx, fmt.Sprintf(`GRANT pg_monitor TO %[1]s; GRANT EXECUTE ON FUNCTION
		pg_backup_start(text, boolean), pg_backup_stop(boolean), pg_switch_wal(), pg_create_restore_point(text) TO %[1]s`, pgx.Identifier{login}.Sanitize()))
	return err
}

// setArchiveCommand changes the setting, which outlives restarts, where it differs. A command line would not: a restored copy must be able
// to have another.
func setArchiveCommand(ctx context.Context, conn *pgx.Conn, command string) error {
	var now string
	if err := conn.QueryRow(ctx, `SHOW archive_command`).Scan(&now); err != nil || now == command {
		return err
	}
	if _, err := conn.Exec(ctx, `ALTER SYSTEM SET archive_command = '`+strings.ReplaceAll(command, "'", "''")+`'`); err != nil {
		return err
	}
	_, err := conn.Exec(ctx, `SELECT pg_reload_conf()`)
	return err
}

// archiving reports whether the stack's own cluster can archive its WAL, and says what is off where it cannot.
func archiving(c config.Config) error {
	if _, err := pgbackrest.Find(); err != nil {
		return err
	}
	_, _, err := repositoryOf(c, layout{})
	return err
}

// repositoryOf is where the settings put the repository.
func repositoryOf(c config.Config, l layout) (path string, s3 *pgbackrest.S3, err error) {
	bucket, ok := strings.CutPrefix(c.Repository, "s3://")
	if !ok {
		if c.Repository == "" {
			return l.repository(), nil, nil
		}
		return c.Repository, nil, nil
	}
	u, err := url.Parse(c.S3Endpoint)
	if err != nil || u.Scheme != "https" {
		return "", nil, errors.New("MAINSTAY_REPOSITORY names a bucket, to which pgBackRest speaks over TLS alone: set MAINSTAY_S3_ENDPOINT to an https address")
	}
	host, port, err := net.SplitHostPort(u.Host)
	if err != nil {
		host, port = u.Host, "443"
	}
	name, path, _ := strings.Cut(bucket, "/")
	return "/" + path, &pgbackrest.S3{
		Host: host, Port: port, Region: c.S3Region, Bucket: name, AccessKey: c.S3AccessKey.Reveal(), SecretKey: c.S3SecretKey.Reveal(),
		CAFile: c.RepositoryCAFile,
	}, nil
}

// startArchive makes the cluster archive its WAL. The stack runs without it too, and says that it does.
func (s *supervisor) startArchive(ctx context.Context) error {
	if s.config.DatabaseURL != "" {
		return nil
	}
	err := archiving(s.config)
	if err == nil {
		path, s3, _ := repositoryOf(s.config, s.layout)
		_, err = StartArchive(ctx, s.postgresOptions(), ArchiveOptions{
			Config: s.layout.pgbackrest(), Stanza: s.config.PgBackRestStanza, Path: path, S3: s3, Key: s.secrets.repository,
			Login: backupLogin, Password: s.secrets.backupLogin, Database: database,
		})
	}
	if err != nil && ctx.Err() == nil {
		s.console.say("no WAL is archived, so that a disaster loses what was written since the last backup: " + err.Error())
	}
	return ctx.Err()
}
