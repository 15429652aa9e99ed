package api

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// RestoreDrill is one proof that backups can be restored. Inconclusive never counts as a pass.
type RestoreDrill struct {
	ID         uuid.UUID            `json:"id"`
	Status     string               `json:"status" enum:"queued,running,completed"`
	Source     *string              `json:"source" enum:"dump,physical" doc:"what it restores; null while it may choose"`
	TargetTime *time.Time           `json:"target_time"`
	Fault      *string              `json:"fault" enum:"missing_segment,flipped_byte,wrong_key,truncated_dump" doc:"what it spoils of what it reads, and has to find; null where it proves a backup"`
	FaultFound *bool                `json:"fault_found" doc:"whether the check that has to go red for the fault did, and no other before it; null where that is not known, and without a fault"`
	Verdict    *string              `json:"verdict" enum:"pass,fail,inconclusive" doc:"null until it is completed; never pass in a drill with a fault"`
	BackupID   *uuid.UUID           `json:"backup_id" doc:"what it restored"`
	RPOSeconds *float64             `json:"rpo_seconds" doc:"what a disaster when the drill began would have lost: the age of the newest rows that it could have restored"`
	RTOSeconds *float64             `json:"rto_seconds" doc:"fetch, restore or replay, and validate together; null where nothing was restored"`
	Checks     []models.DrillCheck  `json:"checks"`
	Evidence   models.DrillEvidence `json:"evidence"`
	StartedAt  *time.Time           `json:"started_at"`
	FinishedAt *time.Time           `json:"finished_at"`
	Process    *Process             `json:"process,omitempty"`
	CreatedAt  time.Time            `json:"created_at"`
}

// RestoreDrillBody asks for a drill.
type RestoreDrillBody struct {
	Source     string     `json:"source,omitempty" enum:"dump,physical" doc:"what to restore; without it physical backups where there are any, else the newest dump"`
	TargetTime *time.Time `json:"target_time,omitempty" doc:"replays to the last heartbeat that this moment has; without it to the newest"`
	Fault      string     `json:"fault,omitempty" enum:"missing_segment,flipped_byte,wrong_key,truncated_dump" doc:"spoils this of what it reads, never of what is stored; the drill then has to find it"`
}

func (s *Server) restoreDrills() installationRun[models.RestoreDrill, RestoreDrill, RestoreDrillBody] {
	return installationRun[models.RestoreDrill, RestoreDrill, RestoreDrillBody]{
		process: models.ProcessRestoreDrill, create: string(models.RestoreDrillCreate), one: "restore-drill",
		asks: "Restore into a server of its own and check what came out", lists: "List the restore drills of the installation",
		follows: "Follow a restore drill",
		admit: func(ctx context.Context, id uuid.UUID, asked RestoreDrillBody) (models.Command, error) {
			return s.store.AdmitRestoreDrill(ctx, id, models.DrillRequest{
				Source: models.DrillSource(asked.Source), TargetTime: asked.TargetTime, Fault: models.DrillFault(asked.Fault),
			})
		},
		summary: func(RestoreDrillBody) string { return "Restore drill" },
		read:    s.store.RestoreDrill, page: s.store.RestoreDrills, head: (*models.RestoreDrill).Head, body: restoreDrillBody,
	}
}

func restoreDrillBody(d models.RestoreDrill, p *Process) RestoreDrill {
	body := RestoreDrill{
		ID: d.ID, Status: string(d.Status), TargetTime: d.TargetTime, BackupID: d.BackupRunID, RPOSeconds: d.RPOSeconds, RTOSeconds: d.RTOSeconds,
		FaultFound: d.FaultFound, Checks: []models.DrillCheck{}, StartedAt: d.StartedAt, FinishedAt: d.FinishedAt, Process: p, CreatedAt: d.CreatedAt,
	}
	if d.Source != models.DrillOfEither {
		source := string(d.Source)
		body.Source = &source
	}
	if d.Fault != models.DrillNoFault {
		fault := string(d.Fault)
		body.Fault = &fault
	}
	if d.Verdict != "" {
		verdict := string(d.Verdict)
		body.Verdict = &verdict
	}
	_ = json.Unmarshal(d.Checks, &body.Checks)     // the store wrote them
	_ = json.Unmarshal(d.Evidence, &body.Evidence) // the same
	return body
}
