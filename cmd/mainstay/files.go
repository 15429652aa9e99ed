package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

type filesCommand struct {
	Check   filesCheckCommand   `cmd:"" help:"Hold the stored files against the rows, and remove what no row knows."`
	Restore filesRestoreCommand `cmd:"" help:"Bring files back as they were at a time."`
}

type filesCheckCommand struct {
	remote
	DryRun bool   `help:"Say what would go and remove nothing."`
	Output string `enum:"text,json" default:"text" help:"text or json."`
}

// Help implements kong.HelpProvider.
func (filesCheckCommand) Help() string {
	return "Asks a running installation to compare its rows with the stored files and the archives under lock, and waits until that is done: what a row has and storage has not, " +
		"or not so, is a fault; an object of which no row knows goes after MAINSTAY_FILE_ORPHAN_DAYS. What goes is stored as a plan before it goes. Needs the token of a platform operator. " +
		"Exit codes: 0 every file is there, 1 a fault, refused or failed, 2 usage, 3 the API is away."
}

// Run asks for the check and follows it.
func (c *filesCheckCommand) Run(ctx context.Context) error {
	r, err := runOverFiles(ctx, c.remote, c.Output, map[string]any{"kind": models.FileCheck, "dry_run": c.DryRun})
	if err != nil {
		return err
	}
	if c.Output == "text" {
		for _, o := range r.Plan.Orphans {
			fmt.Printf("no row  %s  %d bytes, %d versions, stored %s\n", o.Key, o.SizeBytes, len(o.Versions), o.StoredAt.Format(time.RFC3339))
		}
		fmt.Printf("%d files in use, %d of them read; %d objects of no row, %d removed, %d bytes freed\n",
			r.Evidence.Files, r.Evidence.ReadFiles, r.Evidence.Orphans, r.Evidence.Removed, r.Evidence.FreedBytes)
		if r.Evidence.Locked > 0 {
			fmt.Printf("%d objects of archives under lock, %d of them read\n", r.Evidence.Locked, r.Evidence.ReadLocked)
		}
	}
	return r.faults()
}

type filesRestoreCommand struct {
	remote
	AsOf   time.Time  `required:"" help:"The moment that files are brought back to (RFC 3339)."`
	ID     *uuid.UUID `help:"Id of one attachment, also of one that was deleted since; unset = every file in use whose object is missing or damaged."`
	DryRun bool       `help:"Say what would come back and change nothing."`
	Output string     `enum:"text,json" default:"text" help:"text or json."`
}

// Help implements kong.HelpProvider.
func (filesRestoreCommand) Help() string {
	return "Asks a running installation to bring files back out of the versions that the bucket keeps, and waits until that is done. Each version is read and must have the " +
		"hash of its row. Needs the token of a platform operator. Exit codes: 0 completed, 1 a file has no such version, refused or failed, 2 usage, 3 the API is away."
}

// Run asks for the restore and follows it.
func (c *filesRestoreCommand) Run(ctx context.Context) error {
	body := map[string]any{"kind": models.FileRestore, "dry_run": c.DryRun, "as_of": c.AsOf}
	if c.ID != nil {
		body["attachment_id"] = c.ID
	}
	r, err := runOverFiles(ctx, c.remote, c.Output, body)
	if err != nil {
		return err
	}
	if c.Output == "text" {
		for _, f := range r.Plan.Returns {
			fmt.Printf("back    %s  version %s of %s\n", f.Key, f.VersionID, f.StoredAt.Format(time.RFC3339))
		}
		fmt.Printf("%d files looked at, %d to bring back, %d restored\n", r.Evidence.Files, r.Evidence.Returns, r.Evidence.Restored)
	}
	return r.faults()
}

type fileRunState struct {
	ID       uuid.UUID            `json:"id"`
	Kind     string               `json:"kind"`
	Status   string               `json:"status"`
	DryRun   bool                 `json:"dry_run"`
	Plan     *models.FilePlan     `json:"plan"`
	Evidence *models.FileEvidence `json:"evidence"`
	Failure  string               `json:"failure,omitempty"`
}

func (r fileRunState) progress() (uuid.UUID, string) { return r.ID, r.Status }

// faults is an error where a file is not what its row says; each is printed.
func (r fileRunState) faults() error {
	if r.Evidence.Faults == 0 {
		return nil
	}
	for _, f := range r.Plan.Faults {
		fmt.Fprintf(os.Stderr, "fault   %s: %s\n", f.Key, f.Fault)
	}
	return fmt.Errorf("%d files are not what their rows say", r.Evidence.Faults)
}

// runOverFiles asks for a run over the files, follows it to its end and, where that is wanted, prints it as JSON.
func runOverFiles(ctx context.Context, api remote, output string, body map[string]any) (fileRunState, error) {
	r, err := carryOut[fileRunState](ctx, api, "/v1/file-runs", body)
	if err != nil {
		return r, err
	}
	if output == "json" {
		if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
			return r, err
		}
	}
	if r.Status != string(models.FileRunCompleted) {
		return r, fmt.Errorf("the run over the files failed: %s", r.Failure)
	}
	return r, nil
}
