package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/workflows"
)

// RestoreDrill is one proof that backups can be restored. Inconclusive never counts as a pass.
type RestoreDrill struct {
	ID         uuid.UUID            `json:"id"`
	Status     string               `json:"status" enum:"queued,running,completed"`
	Source     *string              `json:"source" enum:"dump,physical" doc:"what it restores; null while it may choose"`
	TargetTime *time.Time           `json:"target_time"`
	Verdict    *string              `json:"verdict" enum:"pass,fail,inconclusive" doc:"null until it is completed"`
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
}

type restoreDrillOutput struct {
	Location string `header:"Location"`
	Body     RestoreDrill
}

func (s *Server) restoreDrillRoutes() {
	const tag, path = "Operations", "/v1/restore-drills"
	register(s, operation{
		method: http.MethodPost, path: path, id: "create-restore-drill", tag: tag, status: http.StatusAccepted,
		summary: "Restore into a server of its own and check what came out", permission: models.PermissionBackupsRun,
	}, s.createRestoreDrill)
	register(s, operation{
		method: http.MethodGet, path: path, id: "list-restore-drills", tag: tag, summary: "List the restore drills of the installation",
		permission: models.PermissionBackupsRead,
	}, s.listRestoreDrills)
	register(s, operation{
		method: http.MethodGet, path: path + "/{id}/report", id: "get-restore-drill-report", tag: tag, summary: "The evidence of a completed drill, as a file",
		permission: models.PermissionBackupsRead,
	}, s.restoreDrillReport)
	register(s, operation{
		method: http.MethodGet, path: path + "/{id}", id: "get-restore-drill", tag: tag, summary: "Follow a restore drill",
		permission: models.PermissionBackupsRead,
	}, func(ctx context.Context, in *recordPath) (*restoreDrillOutput, error) {
		return s.readRestoreDrill(ctx, in.ID)
	})
}

func (s *Server) createRestoreDrill(ctx context.Context, in *struct{ Body RestoreDrillBody }) (*restoreDrillOutput, error) {
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	admitted, err := s.store.AdmitRestoreDrill(ctx, id, models.DrillRequest{Source: models.DrillSource(in.Body.Source), TargetTime: in.Body.TargetTime})
	if err != nil {
		return nil, err
	}
	if err := s.begin(ctx, admitted, workflows.Command{
		Process: models.ProcessRestoreDrill, Name: string(models.RestoreDrillCreate), SubjectID: id,
		Summary: "Restore drill",
	}); err != nil {
		return nil, err
	}
	return s.readRestoreDrill(ctx, id)
}

func (s *Server) readRestoreDrill(ctx context.Context, id uuid.UUID) (*restoreDrillOutput, error) {
	d, err := s.store.RestoreDrill(ctx, id)
	if err != nil {
		return nil, err
	}
	body := restoreDrillBody(d)
	body.Process = s.process(ctx, models.ProcessRestoreDrill, d.TenantID, d.ID)
	return &restoreDrillOutput{Location: "/v1/restore-drills/" + id.String(), Body: body}, nil
}

func restoreDrillBody(d models.RestoreDrill) RestoreDrill {
	body := RestoreDrill{
		ID: d.ID, Status: string(d.Status), BackupID: d.BackupRunID, RPOSeconds: d.RPOSeconds, RTOSeconds: d.RTOSeconds,
		Checks: []models.DrillCheck{}, StartedAt: d.StartedAt, FinishedAt: d.FinishedAt, CreatedAt: d.CreatedAt,
	}
	body.TargetTime = d.TargetTime
	if d.Source != models.DrillOfEither {
		source := string(d.Source)
		body.Source = &source
	}
	if d.Verdict != "" {
		verdict := string(d.Verdict)
		body.Verdict = &verdict
	}
	_ = json.Unmarshal(d.Checks, &body.Checks)     // the store wrote them
	_ = json.Unmarshal(d.Evidence, &body.Evidence) // the same
	return body
}
