package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

type backupPruneCommand struct {
	remote
	DryRun bool   `help:"Say what would go and delete nothing."`
	Output string `enum:"text,json" default:"text" help:"text or json."`
}

// Help implements kong.HelpProvider.
func (backupPruneCommand) Help() string {
	return "Asks a running installation to delete the backups that its policy (MAINSTAY_BACKUP_KEEP_...) lets go and waits until that is done. The plan is stored " +
		"before anything is deleted. Needs the token of a platform operator. Exit codes: 0 completed, 1 refused or failed, 2 usage, 3 the API is away."
}

type retentionState struct {
	ID         uuid.UUID             `json:"id"`
	Status     string                `json:"status"`
	DryRun     bool                  `json:"dry_run"`
	Plan       *models.RetentionPlan `json:"plan"`
	Removed    int                   `json:"removed"`
	FreedBytes int64                 `json:"freed_bytes"`
	Failure    string                `json:"failure,omitempty"`
}

func (r retentionState) progress() (uuid.UUID, string) { return r.ID, r.Status }

// Run asks for the run and follows it.
func (c *backupPruneCommand) Run(ctx context.Context) error {
	r, err := carryOut[retentionState](ctx, c.remote, "/v1/retention-runs", map[string]any{"dry_run": c.DryRun})
	if err != nil {
		return err
	}
	if c.Output == "json" {
		if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
			return err
		}
	}
	if r.Status != string(models.RetentionCompleted) {
		return fmt.Errorf("retention failed: %s", r.Failure)
	}
	if c.Output == "text" {
		r.print()
	}
	return nil
}

func (r retentionState) print() {
	for _, v := range r.Plan.Backups {
		does := "goes   "
		if len(v.Keep) > 0 {
			does = "stays  "
		}
		fmt.Printf("%s %s  %s  %s  %s\n", does, v.BackupID, v.Kind, v.SnapshotAt.Format(time.RFC3339), strings.Join(v.Keep, ", "))
	}
	if r.DryRun {
		fmt.Printf("dry run: %d objects would go\n", len(r.Plan.Objects))
		return
	}
	fmt.Printf("%d backups went, %d bytes freed\n", r.Removed, r.FreedBytes)
}
