package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/google/uuid"

	"mainstay/internal/blob"
	"mainstay/internal/config"
	"mainstay/internal/postgres"
	"mainstay/internal/stack"
	"mainstay/models"
)

type backupCommand struct {
	Run   backupRunCommand   `cmd:"" default:"withargs" help:"Make a backup and wait for it."`
	Prune backupPruneCommand `cmd:"" help:"Delete the backups that the retention policy lets go."`
	Fetch backupFetchCommand `cmd:"" help:"Write a backup in clear into a file, with the storage and the recovery key alone."`
}

type backupRunCommand struct {
	remote
	Kind   string `enum:"full,differential,incremental,dump,archive" default:"dump" help:"dump: every row. full, differential, incremental: the cluster's files. archive: a proven dump, locked."`
	Output string `enum:"text,json" default:"text" help:"text or json."`
}

// Help implements kong.HelpProvider.
func (backupRunCommand) Help() string {
	return "Asks a running installation for a backup and waits until it is stored. Needs the token of a platform operator. " +
		"Exit codes: 0 completed, 1 refused or failed, 2 usage, 3 the API is away."
}

type backupState struct {
	ID         uuid.UUID             `json:"id"`
	Kind       string                `json:"kind"`
	Status     string                `json:"status"`
	SizeBytes  int64                 `json:"size_bytes"`
	SnapshotAt *time.Time            `json:"snapshot_at"`
	Failure    string                `json:"failure,omitempty"`
	Evidence   models.BackupEvidence `json:"evidence"`
}

// Run asks for the backup and follows it.
func (c *backupRunCommand) Run(ctx context.Context) error {
	b, err := carryOut[backupState](ctx, c.remote, "/v1/backups", map[string]any{"kind": c.Kind})
	if err != nil {
		return err
	}
	if c.Output == "json" {
		if err := json.NewEncoder(os.Stdout).Encode(b); err != nil {
			return err
		}
	}
	if err := b.fault(); err != nil {
		return err
	}
	if p := b.Evidence.Physical; p != nil && c.Output == "text" {
		fmt.Printf("completed: %s, %s, %d of %d bytes copied, %d stored, %.1f s\nreplay from %s to %s\nNot proven yet: run `mainstay drill`.\n",
			b.ID, p.Label, p.CopiedBytes, p.DatabaseBytes, b.SizeBytes, b.Evidence.Seconds, p.StartLSN, p.StopLSN)
		return nil
	}
	if c.Output == "text" {
		fmt.Printf("completed: %s, %d rows of %d tables in %d bytes, %.1f s\nmanifest %s\nNot proven yet: run `mainstay drill`.\n",
			b.ID, b.Evidence.Rows, b.Evidence.Tables, b.SizeBytes, b.Evidence.Seconds, b.Evidence.Manifest)
	}
	return nil
}

func (b backupState) progress() (uuid.UUID, string) { return b.ID, b.Status }

func (b backupState) fault() error {
	if b.Status != string(models.BackupCompleted) {
		return fmt.Errorf("the backup failed: %s", b.Failure)
	}
	return nil
}

type backupFetchCommand struct {
	ID   string `help:"Id of the backup; unset = the newest in storage."`
	Part string `enum:"rows,inventory,installation" default:"rows" help:"rows: for pg_restore. inventory: the list of the files. installation: a tar of settings, release, manifests, logs."`
	File string `short:"o" required:"" help:"File to write. It must not exist."`
}

// Help implements kong.HelpProvider.
func (backupFetchCommand) Help() string {
	return "Reads a backup out of storage, checks it against its manifest and writes it in clear, for the day on which database, API and " +
		"Temporal are gone: it needs MAINSTAY_S3_* and MAINSTAY_RECOVERY_KEY_FILE and nothing else. The file holds every row: it is readable for you alone. " +
		"Exit codes: 0 written, 1 missing or damaged, 2 usage, 3 the storage is away."
}

// Run fetches; a file that is not whole does not stay.
func (c *backupFetchCommand) Run(ctx context.Context) (err error) {
	cfg, err := config.Load(stack.Lookup(os.LookupEnv))
	if err == nil {
		err = cfg.Require("MAINSTAY_S3_ENDPOINT", "MAINSTAY_RECOVERY_KEY")
	}
	if err != nil {
		return &exitError{exitUsage, err}
	}
	key, err := postgres.ParseRecoveryKey(cfg.RecoveryKey.Reveal())
	if err != nil {
		return &exitError{exitUsage, err}
	}
	m, checks, err := c.fetch(ctx, cfg, key)
	if models.ErrorCode(err) == models.CodeUnavailable {
		return &exitError{exitDependency, err}
	}
	if err != nil {
		return err
	}
	for _, check := range checks {
		fmt.Fprintf(os.Stderr, "%-8s %-8s %s\n", check.Verdict, check.Name, check.Detail)
	}
	if models.DrillVerdictOf(checks) != models.DrillPass {
		return errors.New("the backup is damaged or sealed for another key: nothing was written")
	}
	if c.Part != "rows" {
		fmt.Fprintf(os.Stderr, "%s holds the %s of %s.\n", c.File, c.Part, m.SnapshotAt.Format(time.RFC3339))
		return nil
	}
	fmt.Fprintf(os.Stderr, "%s holds %d rows of %s, PostgreSQL %s.\n", c.File, m.Rows(), m.SnapshotAt.Format(time.RFC3339), m.ServerVersion)
	for _, role := range m.Roles {
		fmt.Fprintf(os.Stderr, "role %s\n", role.Name)
	}
	return nil
}

// read writes the part that is asked for.
func (c *backupFetchCommand) read(
	ctx context.Context, files *blob.Store, key postgres.RecoveryKey, m models.BackupManifest, out io.Writer,
) ([]models.DrillCheck, error) {
	switch {
	case c.Part == "rows":
		return key.Fetch(ctx, files, m, out)
	case c.Part == "inventory" && m.Inventory != nil:
		return key.FetchBeside(ctx, files, m.Inventory.Object, postgres.Sum{Bytes: m.Inventory.SizeBytes, SHA256: m.Inventory.SHA256}, out)
	case c.Part == "installation" && m.Installation != nil:
		return key.FetchBeside(ctx, files, m.Installation.Object, postgres.Sum{Bytes: m.Installation.SizeBytes, SHA256: m.Installation.SHA256}, out)
	}
	return nil, fmt.Errorf("the backup %s has no %s", m.ID, c.Part)
}

func (c *backupFetchCommand) fetch(ctx context.Context, cfg config.Config, key postgres.RecoveryKey) (m models.BackupManifest, checks []models.DrillCheck, err error) {
	files, err := openBlob(cfg)
	if err != nil {
		return m, nil, err
	}
	if c.ID == "" {
		m, err = postgres.NewestManifest(ctx, files)
	} else {
		var id uuid.UUID
		if id, err = uuid.Parse(c.ID); err != nil {
			return m, nil, &exitError{exitUsage, err}
		}
		m, _, err = postgres.ReadManifest(ctx, files, id)
	}
	if err != nil {
		return m, nil, err
	}
	out, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return m, nil, &exitError{exitUsage, err}
	}
	checks, err = c.read(ctx, files, key, m, out)
	err = errors.Join(err, out.Close())
	if err != nil || models.DrillVerdictOf(checks) != models.DrillPass {
		err = errors.Join(err, os.Remove(c.File))
	}
	return m, checks, err
}
