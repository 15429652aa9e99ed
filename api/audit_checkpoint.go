package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/models/store"
)

// AuditSeal says where an event is sealed.
type AuditSeal struct {
	Status     string     `json:"status" enum:"sealed,open"`
	Checkpoint *int64     `json:"checkpoint" doc:"null while it is open"`
	SealedAt   *time.Time `json:"sealed_at"`
	Anchored   bool       `json:"anchored" doc:"storage has that checkpoint or a later one"`
}

// AuditEventDetail is one event with its seal.
type AuditEventDetail struct {
	AuditEvent

	Seal AuditSeal `json:"seal"`
}

// AuditVerification is what a step along the sealed log found.
type AuditVerification struct {
	Status      string          `json:"status" enum:"intact,broken,partial,off" doc:"partial: ask again with after=through; off: no key to prove with is configured"`
	Fault       *AuditFault     `json:"fault" doc:"the first place that is wrong"`
	Through     int64           `json:"through" doc:"the last checkpoint that was looked at"`
	Checkpoints int64           `json:"checkpoints" doc:"looked at in this step"`
	Events      int64           `json:"events" doc:"sealed by them"`
	LateEvents  int64           `json:"late_events" doc:"of these, sealed behind their time"`
	OpenEvents  int64           `json:"open_events" doc:"not sealed yet; 0 while partial"`
	SealedAt    *time.Time      `json:"sealed_at" doc:"when the newest checkpoint was made"`
	Recoveries  []AuditRecovery `json:"recoveries"`
	Anchor      *AuditAnchor    `json:"anchor" doc:"null while partial"`
}

// AuditFault is one place.
type AuditFault struct {
	Kind       string     `json:"kind" doc:"event_altered, event_removed, event_inserted, events_reordered, checkpoint_altered, checkpoint_removed and so on (docs/audit.md)"`
	Checkpoint int64      `json:"checkpoint"`
	EventID    *uuid.UUID `json:"event_id"`
	Detail     string     `json:"detail"`
}

// AuditRecovery is where the chain goes on behind a recovery of the database.
type AuditRecovery struct {
	RecoveryID  string    `json:"recovery_id"`
	Checkpoint  int64     `json:"checkpoint"`
	RecoveredAt time.Time `json:"recovered_at"`
}

// AuditAnchor is what vouches for the chain outside of the database.
type AuditAnchor struct {
	Status     string     `json:"status" enum:"proven,none,away" doc:"none: nothing was anchored yet; away: storage does not answer"`
	Checkpoint int64      `json:"checkpoint"`
	MadeAt     *time.Time `json:"made_at"`
}

// auditStep is how many sealed events are proven in one request: about a second.
const auditStep = 20_000

type auditEventInput struct {
	ID uuid.UUID `path:"id"`
}

type auditEventOutput struct{ Body AuditEventDetail }

type auditVerificationInput struct {
	After int64 `query:"after" minimum:"0" doc:"the checkpoint behind which to begin; without it the first"`
}

type auditVerificationOutput struct{ Body AuditVerification }

func (s *Server) auditCheckpointRoutes() {
	register(s, operation{
		method: http.MethodGet, path: "/v1/audit-events/{id}", id: "get-audit-event", tag: "Audit", permission: models.PermissionAuditRead,
		summary: "One event, and where it is sealed",
	}, s.getAuditEvent)
	register(s, operation{
		method: http.MethodGet, path: "/v1/audit-log/verification", id: "verify-audit-log", tag: "Audit", permission: models.PermissionAuditRead,
		summary: "Prove the sealed audit log, step by step, or say at which place it is wrong",
	}, s.verifyAuditLog)
}

func (s *Server) getAuditEvent(ctx context.Context, in *auditEventInput) (*auditEventOutput, error) {
	event, seal, err := s.store.AuditEvent(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	body := AuditEventDetail{AuditEvent: auditEventBody(event), Seal: AuditSeal{Status: "open"}}
	if seal != nil {
		body.Seal = AuditSeal{Status: "sealed", Checkpoint: &seal.Sequence, SealedAt: &seal.MadeAt, Anchored: seal.Anchored}
	}
	return &auditEventOutput{body}, nil
}

func (s *Server) verifyAuditLog(ctx context.Context, in *auditVerificationInput) (*auditVerificationOutput, error) {
	keys := s.options.AuditKeys
	if !keys.CanVerify() {
		return &auditVerificationOutput{AuditVerification{Status: "off", Recoveries: []AuditRecovery{}}}, nil
	}
	found, err := s.store.VerifyAuditSeals(ctx, keys, store.AuditWalk{After: in.After, Limit: auditStep})
	if err != nil {
		return nil, err
	}
	body := AuditVerification{
		Status: "partial", Through: found.Through, Checkpoints: found.Checkpoints, Events: found.Events, LateEvents: found.Late,
		OpenEvents: found.Open, SealedAt: found.SealedAt, Recoveries: make([]AuditRecovery, len(found.Recoveries)),
	}
	for i, r := range found.Recoveries {
		body.Recoveries[i] = AuditRecovery(r)
	}
	fault := found.Fault
	if found.Complete && fault == nil {
		if fault, err = s.proveAnchors(ctx, &body); err != nil {
			return nil, err
		}
		body.Status = "intact"
	}
	if fault != nil {
		body.Status, body.Fault = "broken", &AuditFault{string(fault.Kind), fault.Checkpoint, fault.EventID, fault.Detail}
	}
	return &auditVerificationOutput{body}, nil
}

// proveAnchors holds the chain against storage. That storage is away is said, and no fault.
func (s *Server) proveAnchors(ctx context.Context, body *AuditVerification) (*models.AuditFault, error) {
	body.Anchor = &AuditAnchor{Status: "none"}
	if s.options.AuditAnchors == nil {
		return nil, nil
	}
	actor, _ := models.ActorFrom(ctx)
	proof, err := s.store.VerifyAuditAnchors(ctx, s.options.AuditKeys, s.options.AuditAnchors.Bucket(), s.options.AuditAnchors.AuditAnchors(ctx, actor.TenantID))
	if models.ErrorCode(err) == models.CodeUnavailable {
		body.Anchor.Status = "away"
		return nil, nil
	}
	if err == nil && proof.Sequence > 0 {
		body.Anchor = &AuditAnchor{"proven", proof.Sequence, proof.MadeAt}
	}
	return proof.Fault, err
}
