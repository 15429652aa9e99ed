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

type drillCommand struct {
	remote
	Source     string     `enum:",dump,physical" default:"" help:"dump or physical; unset = physical backups where there are any, else the newest dump."`
	TargetTime *time.Time `help:"Replay to the last heartbeat that this moment has (RFC 3339); unset = the newest."`
	Fault      string     `enum:",missing_segment,flipped_byte,wrong_key,truncated_dump" default:"" help:"Spoil this of what the drill reads, which then has to find it; unset = nothing."`
	Output     string     `enum:"text,json" default:"text" help:"text or json."`
}

// Help implements kong.HelpProvider.
func (drillCommand) Help() string {
	return "Restores a backup of a running installation into a PostgreSQL of its own on the worker's host, replays WAL, checks what came out and measures. " +
		"Needs the token of a platform operator. Exit codes: 0 the verdict is pass, 1 it is fail or inconclusive, 2 usage, 3 the API is away. " +
		"With --fault: 0 the check that has to go red for the fault did, 1 it did not or that is not known."
}

type drillState struct {
	ID         uuid.UUID            `json:"id"`
	Status     string               `json:"status"`
	Verdict    string               `json:"verdict"`
	Fault      *string              `json:"fault"`
	FaultFound *bool                `json:"fault_found"`
	BackupID   *uuid.UUID           `json:"backup_id"`
	RPOSeconds *float64             `json:"rpo_seconds"`
	RTOSeconds *float64             `json:"rto_seconds"`
	Checks     []models.DrillCheck  `json:"checks"`
	Evidence   models.DrillEvidence `json:"evidence"`
}

func (d drillState) progress() (uuid.UUID, string) { return d.ID, d.Status }

// Run asks for the drill and follows it.
func (c *drillCommand) Run(ctx context.Context) error {
	body := map[string]any{}
	if c.Source != "" {
		body["source"] = c.Source
	}
	if c.TargetTime != nil {
		body["target_time"] = *c.TargetTime
	}
	if c.Fault != "" {
		body["fault"] = c.Fault
	}
	d, err := carryOut[drillState](ctx, c.remote, "/v1/restore-drills", body)
	if err != nil {
		return err
	}
	if err := c.print(d); err != nil {
		return err
	}
	if d.Fault != nil {
		if d.FaultFound == nil || !*d.FaultFound {
			return fmt.Errorf("the drill did not find the fault %s", *d.Fault)
		}
		return nil
	}
	if d.Verdict != string(models.DrillPass) {
		return fmt.Errorf("the drill's verdict is %s", d.Verdict)
	}
	return nil
}

func (c *drillCommand) print(d drillState) error {
	if c.Output == "json" {
		return json.NewEncoder(os.Stdout).Encode(d)
	}
	for _, check := range d.Checks {
		fmt.Printf("%-12s  %-14s %s\n", check.Verdict, check.Name, check.Detail)
	}
	if d.RPOSeconds != nil {
		fmt.Printf("RPO %.1f s: what a disaster at the drill's beginning would have lost\n", *d.RPOSeconds)
	}
	if d.RTOSeconds != nil {
		fmt.Printf("RTO %.1f s: fetch %.1f, restore %.1f, validate %.1f\n", *d.RTOSeconds,
			d.Evidence.FetchSeconds, d.Evidence.RestoreSeconds, d.Evidence.ValidateSeconds)
	}
	if r := d.Evidence.Replay; r != nil && d.RTOSeconds != nil {
		fmt.Printf("restored to %s with %d WAL segments; at the size of the cluster now the RTO would be %.1f s\n",
			r.HeartbeatAt.Format(time.RFC3339), r.Segments, r.ProjectedRTOSeconds)
	}
	if d.Fault != nil {
		fmt.Printf("fault %s: %s\n", *d.Fault, map[bool]string{true: "found", false: "NOT found"}[d.FaultFound != nil && *d.FaultFound])
		return nil
	}
	fmt.Printf("verdict: %s\n", d.Verdict)
	return nil
}
