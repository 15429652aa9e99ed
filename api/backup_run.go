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

// Backup is one backup of the installation's database.
type Backup struct {
	ID         uuid.UUID             `json:"id"`
	Kind       string                `json:"kind" enum:"full,differential,incremental,dump,archive"`
	Status     string                `json:"status" enum:"queued,running,completed,failed"`
	SizeBytes  int64                 `json:"size_bytes" doc:"of the stored object, of a physical backup what it added to the repository; 0 until it is completed"`
	SnapshotAt *time.Time            `json:"snapshot_at" doc:"the moment whose rows it holds"`
	StartedAt  *time.Time            `json:"started_at"`
	FinishedAt *time.Time            `json:"finished_at"`
	ExpiredAt  *time.Time            `json:"expired_at" doc:"when retention deleted what was stored; the evidence stays"`
	Failure    string                `json:"failure,omitempty"`
	Evidence   models.BackupEvidence `json:"evidence" doc:"what was stored, with sizes and SHA-256"`
	Process    *Process              `json:"process,omitempty"`
	CreatedAt  time.Time             `json:"created_at"`
}

// BackupBody asks for a backup.
type BackupBody struct {
	Kind string `json:"kind" enum:"full,differential,incremental,dump,archive" doc:"dump: every row; full, differential, incremental: the cluster's files; archive: a proven dump under object lock"`
}

type backupOutput struct {
	Location string `header:"Location"`
	Body     Backup
}

type backupListInput struct {
	PageQuery
	Sort string `query:"sort" default:"-created_at" enum:"created_at,-created_at"`
}

func (s *Server) operationsRoutes() {
	s.backupRoutes()
	s.restoreDrillRoutes()
	s.retentionRunRoutes()
	s.fileRunRoutes()
}

func (s *Server) backupRoutes() {
	const tag, path = "Operations", "/v1/backups"
	register(s, operation{
		method: http.MethodPost, path: path, id: "create-backup", tag: tag, status: http.StatusAccepted,
		summary: "Back up the installation's database", permission: models.PermissionBackupsRun,
	}, s.createBackup)
	register(s, operation{
		method: http.MethodGet, path: path, id: "list-backups", tag: tag, summary: "List the backups of the installation",
		permission: models.PermissionBackupsRead,
	}, s.listBackups)
	register(s, operation{
		method: http.MethodGet, path: path + "/{id}", id: "get-backup", tag: tag, summary: "Follow a backup",
		permission: models.PermissionBackupsRead,
	}, func(ctx context.Context, in *recordPath) (*backupOutput, error) { return s.readBackup(ctx, in.ID) })
}

func (s *Server) createBackup(ctx context.Context, in *struct{ Body BackupBody }) (*backupOutput, error) {
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	admitted, err := s.store.AdmitBackupRun(ctx, id, models.BackupKind(in.Body.Kind))
	if err != nil {
		return nil, err
	}
	if err := s.begin(ctx, admitted, workflows.Command{
		Process: models.ProcessBackup, Name: string(models.BackupCreate), SubjectID: id, Summary: "Backup " + in.Body.Kind,
	}); err != nil {
		return nil, err
	}
	return s.readBackup(ctx, id)
}

func (s *Server) readBackup(ctx context.Context, id uuid.UUID) (*backupOutput, error) {
	b, err := s.store.BackupRun(ctx, id)
	if err != nil {
		return nil, err
	}
	body := backupBody(b)
	body.Process = s.process(ctx, models.ProcessBackup, b.TenantID, b.ID)
	return &backupOutput{Location: "/v1/backups/" + id.String(), Body: body}, nil
}

func backupBody(b models.BackupRun) Backup {
	body := Backup{
		ID: b.ID, Kind: string(b.Kind), Status: string(b.Status), SizeBytes: b.SizeBytes, SnapshotAt: b.SnapshotAt, StartedAt: b.StartedAt,
		FinishedAt: b.FinishedAt, ExpiredAt: b.ExpiredAt, Failure: b.Failure, CreatedAt: b.CreatedAt,
	}
	_ = json.Unmarshal(b.Evidence, &body.Evidence) // the store wrote it
	return body
}

func (s *Server) listBackups(ctx context.Context, in *backupListInput) (*listOutput[Backup], error) {
	page, err := in.page(in.Sort)
	if err != nil {
		return nil, err
	}
	rows, err := s.store.BackupRuns(ctx, page)
	if err != nil {
		return nil, err
	}
	return &listOutput[Backup]{Body: pageOf(rows, in.Sort, backupBody)}, nil
}
