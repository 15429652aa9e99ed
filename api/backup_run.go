package api

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
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

func (s *Server) backups() installationRun[models.BackupRun, Backup, BackupBody] {
	return installationRun[models.BackupRun, Backup, BackupBody]{
		process: models.ProcessBackup, create: string(models.BackupCreate), one: "backup",
		asks: "Back up the installation's database", lists: "List the backups of the installation", follows: "Follow a backup",
		admit: func(ctx context.Context, id uuid.UUID, asked BackupBody) (models.Command, error) {
			return s.store.AdmitBackupRun(ctx, id, models.BackupKind(asked.Kind))
		},
		summary: func(asked BackupBody) string { return "Backup " + asked.Kind },
		read:    s.store.BackupRun, page: s.store.BackupRuns, head: (*models.BackupRun).Head, body: backupBody,
	}
}

func backupBody(b models.BackupRun, p *Process) Backup {
	body := Backup{
		ID: b.ID, Kind: string(b.Kind), Status: string(b.Status), SizeBytes: b.SizeBytes, SnapshotAt: b.SnapshotAt, StartedAt: b.StartedAt,
		FinishedAt: b.FinishedAt, ExpiredAt: b.ExpiredAt, Failure: b.Failure, Process: p, CreatedAt: b.CreatedAt,
	}
	_ = json.Unmarshal(b.Evidence, &body.Evidence) // the store wrote it
	return body
}
