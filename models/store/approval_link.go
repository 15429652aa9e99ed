package store

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// linkLife bounds how long a mail's link works; the case may end before.
const linkLife = 14 * 24 * time.Hour

// ApprovalLink is a mail's link with the case that it shows and the person whom it was made for. The token itself is nowhere.
type ApprovalLink struct {
	ApprovalView
	TokenHash     []byte
	StepID        uuid.UUID
	UserID        uuid.UUID
	UserName      string
	UserEmail     string
	Locale        string
	TimeZone      string // IANA
	Actions       []string
	ShownHash     []byte // of the content that the link is about
	NonceKey      []byte
	LinkExpiresAt time.Time
	UsedAt        *time.Time
	Kind          string // of the notification that it was made for; empty elsewhere
}

// Step is the question that the link answers.
func (l *ApprovalLink) Step() *ApprovalStepView {
	i := slices.IndexFunc(l.Steps, func(s ApprovalStepView) bool { return s.ID == l.StepID })
	if i < 0 {
		return nil
	}
	return &l.Steps[i]
}

// Open reports whether the link still decides something.
func (l *ApprovalLink) Open(now time.Time) bool {
	step := l.Step()
	return l.Status == models.ApprovalOpen && step != nil && step.Status == models.StepPending && l.UsedAt == nil && now.Before(l.LinkExpiresAt)
}

// CreateApprovalLink stores the hash of a new token for the question that waits for a person; nil where none does any more. Who is
// mailed twice has two links for one question: what one decides, the other finds decided.
func (s *Store) CreateApprovalLink(ctx context.Context, approval, user uuid.UUID, hash, nonceKey []byte) (*ApprovalLink, error) {
	made := false
	err := s.InTx(ctx, func(tx *Tx) error {
		a, err := tx.lockApproval(approval)
		if err != nil {
			return err
		}
		step := a.StepOf(user)
		if made = step != nil; !made {
			return nil
		}
		ends := tx.Now.Add(linkLife)
		if a.ExpiresAt.Before(ends) {
			ends = a.ExpiresAt
		}
		_, err = tx.exec(`INSERT INTO approval_tokens (tenant_id, hash, case_id, step_id, user_id, actions, content_hash, nonce_key, created_at,
			expires_at) VALUES ($1, $2, $3, $4, $5, '{approve,reject}', $6, $7, $8, $9)`,
			a.TenantID, hash, a.ID, step.ID, user, a.ContentHash, nonceKey, tx.Now, ends)
		return err
	})
	if err != nil || !made {
		return nil, err
	}
	return s.linkByHash(ctx, hash)
}

func (s *Store) linkByHash(ctx context.Context, hash []byte) (*ApprovalLink, error) {
	actor, _ := models.ActorFrom(ctx)
	type row struct {
		Hash        []byte
		CaseID      uuid.UUID
		StepID      uuid.UUID
		UserID      uuid.UUID
		Name        string
		Email       string
		Locale      string
		TimeZone    string
		Actions     []string
		ContentHash []byte
		NonceKey    []byte
		ExpiresAt   time.Time
		UsedAt      *time.Time
	}
	k, err := readOne[row](ctx, s, "link", `SELECT k.hash, k.case_id, k.step_id, k.user_id, u.name, u.email, u.locale,
			coalesce(nullif(u.time_zone, ''), t.time_zone) AS time_zone, k.actions, k.content_hash, k.nonce_key, k.expires_at, k.used_at
		FROM approval_tokens k JOIN users u ON u.tenant_id = k.tenant_id AND u.id = k.user_id JOIN tenants t ON t.id = k.tenant_id
		WHERE k.tenant_id = $1 AND k.hash = $2`, actor.TenantID, hash)
	if err != nil {
		return nil, err
	}
	view, err := readOne[ApprovalView](ctx, s, "approval", approvalView+` AND c.id = $2`, actor.TenantID, k.CaseID)
	if err != nil {
		return nil, err
	}
	return &ApprovalLink{
		ApprovalView: view, TokenHash: k.Hash, StepID: k.StepID, UserID: k.UserID, UserName: k.Name, UserEmail: k.Email, Locale: k.Locale,
		TimeZone: k.TimeZone, Actions: k.Actions, ShownHash: k.ContentHash, NonceKey: k.NonceKey, LinkExpiresAt: k.ExpiresAt, UsedAt: k.UsedAt,
	}, nil
}

// linkHolder finds whose link a token's hash is; CodeNotFound where it is nobody's. Who holds the token acts as that person, in this
// one matter.
func (s *Store) linkHolder(ctx context.Context, hash []byte) (context.Context, error) {
	type owner struct{ TenantID, UserID uuid.UUID }
	found, err := system[owner](ctx, s, `SELECT tenant_id, user_id FROM approval_token_owner($1)`, hash)
	if err != nil {
		return ctx, err
	}
	if len(found) == 0 {
		return ctx, models.NotFound("link")
	}
	actor := models.Actor{TenantID: found[0].TenantID, UserID: found[0].UserID, Kind: models.ActorUser}
	return models.WithActor(ctx, actor), nil
}

// ApprovalLink reads what a link shows. Reading changes nothing.
func (s *Store) ApprovalLink(ctx context.Context, hash []byte) (*ApprovalLink, error) {
	ctx, err := s.linkHolder(ctx, hash)
	if err != nil {
		return nil, err
	}
	return s.linkByHash(ctx, hash)
}

// DecideByLink takes the decision of who holds a link: the token is spent, and the decision made, in one transaction. nonce is the
// number of the form that was sent, kept as evidence; the caller has checked it.
func (s *Store) DecideByLink(ctx context.Context, hash, nonce []byte, decision models.ApprovalDecision, comment string) error {
	ctx, err := s.linkHolder(ctx, hash)
	if err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *Tx) error {
		type token struct {
			CaseID, StepID uuid.UUID
			Actions        []string
			ContentHash    []byte
			ExpiresAt      time.Time
			UsedAt         *time.Time
		}
		k, err := txReadOne[token](tx, "link", `SELECT case_id, step_id, actions, content_hash, expires_at, used_at FROM approval_tokens
			WHERE tenant_id = $1 AND hash = $2 FOR UPDATE`, tx.Actor.TenantID, hash)
		if err != nil {
			return err
		}
		a, err := tx.lockApproval(k.CaseID)
		if err != nil {
			return err
		}
		step := a.StepOf(tx.Actor.UserID)
		switch {
		case k.UsedAt != nil, !tx.Now.Before(k.ExpiresAt), step == nil, step.ID != k.StepID:
			return models.Conflict("This link decides nothing any more.")
		case !slices.Contains(k.Actions, string(decision)):
			return models.Forbidden("This link is not for that decision.")
		}
		if err := tx.decideApproval(&a, decision, comment, "mail", k.ContentHash); err != nil {
			return err
		}
		_, err = tx.exec(`UPDATE approval_tokens SET used_at = $3, used_nonce = $4 WHERE tenant_id = $1 AND hash = $2`,
			tx.Actor.TenantID, hash, tx.Now, nonce)
		return err
	})
}
