package store

import (
	"context"
	"encoding/json"

	"mainstay/models"
)

// Preferences reads the actor's own preferences and their version; none and 0 where he has set none yet.
func (s *Store) Preferences(ctx context.Context) (models.Preferences, int, error) {
	actor, _ := models.ActorFrom(ctx)
	rows, err := read[struct {
		Value   []byte
		Version int
	}](ctx, s, `SELECT value, version FROM user_preferences WHERE tenant_id = $1 AND user_id = $2`, actor.TenantID, actor.UserID)
	if err != nil || len(rows) == 0 {
		return models.Preferences{}, 0, err
	}
	var p models.Preferences
	return p, rows[0].Version, json.Unmarshal(rows[0].Value, &p)
}

// SetPreferences replaces the actor's own preferences, where version names the one that is there (0: none); nil asks for none.
// They are nobody else's business, so the audit event tells only that they changed.
func (s *Store) SetPreferences(ctx context.Context, version *int, p models.Preferences) error {
	if err := p.Validate(); err != nil {
		return err
	}
	value, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *Tx) error {
		if _, err := tx.lockUser(tx.Actor.UserID); err != nil {
			return err
		}
		found, err := txValues[int](tx, `SELECT version FROM user_preferences WHERE tenant_id = $1 AND user_id = $2`, tx.Actor.TenantID, tx.Actor.UserID)
		if err != nil {
			return err
		}
		was := 0
		if len(found) > 0 {
			was = found[0]
		}
		if version != nil && *version != was {
			return versionMismatch(was)
		}
		tx.queue(`INSERT INTO user_preferences (tenant_id, user_id, value, updated_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (tenant_id, user_id) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at, version = user_preferences.version + 1`,
			tx.Actor.TenantID, tx.Actor.UserID, value, tx.Now)
		return tx.Audit(Change{Action: "preferences.update", SubjectType: "preferences", SubjectID: tx.Actor.UserID})
	})
}
