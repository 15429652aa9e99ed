package store

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// AuditWalk says how far a verification goes.
type AuditWalk struct {
	After    int64                               // the checkpoint behind which it begins, 0 for the first
	Limit    int64                               // how many sealed events end it early; 0 goes to the end
	Progress func(done models.AuditVerification) // told after every few checkpoints; nil: nobody
}

const (
	auditStride    = 16     // checkpoints in memory at once
	auditStrangers = 10_000 // events that no checkpoint has, read at once among the sealed ones
)

// VerifyAuditSeals walks along the chain of the actor's tenant and proves each checkpoint and each event in it anew. It ends at the first fault.
// What it holds in memory does not grow with the log.
func (s *Store) VerifyAuditSeals(ctx context.Context, keys models.AuditKeys, walk AuditWalk) (models.AuditVerification, error) {
	var found models.AuditVerification
	err := s.readAudit(ctx, func(r *auditReader, tenant uuid.UUID) error {
		v := auditVerifier{auditReader: r, tenant: tenant, keys: keys, walk: walk}
		err := v.run()
		found = v.found
		return err
	})
	return found, err
}

// auditVerifier is one walk.
type auditVerifier struct {
	*auditReader

	tenant   uuid.UUID
	keys     models.AuditKeys
	walk     AuditWalk
	previous []byte    // hash of the checkpoint before
	sealedTo uuid.UUID // the last event of the checkpoints before that were made in time
	openFrom uuid.UUID // from here on an event that no checkpoint has may still be sealed
	found    models.AuditVerification
}

func (v *auditVerifier) run() error {
	if err := v.start(); err != nil {
		return err
	}
	for {
		stride, err := auditRows[models.AuditCheckpoint](v.auditReader, `SELECT `+auditHeadColumns+`, event_ids, leaves FROM audit_checkpoints
			WHERE tenant_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3`, v.tenant, v.found.Through, auditStride)
		if err != nil {
			return err
		}
		for i := range stride {
			if err := v.checkpoint(&stride[i]); err != nil || v.found.Fault != nil {
				v.found.Complete = v.found.Fault != nil
				return err
			}
			if v.walk.Limit > 0 && v.found.Events >= v.walk.Limit {
				return nil
			}
		}
		if v.walk.Progress != nil {
			v.walk.Progress(v.found)
		}
		if len(stride) < auditStride {
			return v.tail()
		}
	}
}

// start reads what stands before the first checkpoint of the walk, and what is told of the whole chain.
func (v *auditVerifier) start() error {
	v.previous = make([]byte, models.LeafBytes)
	v.found.Recoveries = []models.AuditRecovery{}
	newest, err := auditRows[models.AuditCheckpointHead](v.auditReader, `SELECT `+auditHeadColumns+` FROM audit_checkpoints
		WHERE tenant_id = $1 ORDER BY sequence DESC LIMIT 1`, v.tenant)
	if err != nil {
		return err
	}
	if len(newest) > 0 {
		v.found.SealedAt, v.openFrom = &newest[0].MadeAt, models.FirstIDAt(newest[0].MadeAt.Add(-auditLate))
	}
	recoveries, err := auditRows[models.AuditRecovery](v.auditReader, `SELECT recovery_id, sequence AS checkpoint, recovered_at FROM audit_checkpoints
		WHERE tenant_id = $1 AND recovery_id <> '' ORDER BY sequence`, v.tenant)
	if err != nil {
		return err
	}
	v.found.Recoveries = append(v.found.Recoveries, recoveries...)
	if v.walk.After == 0 {
		return nil
	}
	before, err := auditRows[models.AuditCheckpointHead](v.auditReader, `SELECT `+auditHeadColumns+` FROM audit_checkpoints
		WHERE tenant_id = $1 AND sequence = $2`, v.tenant, v.walk.After)
	if err == nil && len(before) == 0 {
		err = models.NotFound("audit checkpoint")
	}
	if err != nil {
		return err
	}
	v.found.Through, v.previous = v.walk.After, before[0].Hash()
	to, err := auditRows[struct{ LastID uuid.UUID }](v.auditReader, `SELECT last_id FROM audit_checkpoints
		WHERE tenant_id = $1 AND NOT late AND last_id IS NOT NULL AND sequence <= $2 ORDER BY sequence DESC LIMIT 1`, v.tenant, v.walk.After)
	if len(to) > 0 {
		v.sealedTo = to[0].LastID
	}
	return err
}

func (v *auditVerifier) fault(kind models.AuditFaultKind, checkpoint int64, event *uuid.UUID, format string, args ...any) {
	if v.found.Fault == nil {
		v.found.Fault = &models.AuditFault{Kind: kind, Checkpoint: checkpoint, EventID: event, Detail: fmt.Sprintf(format, args...)}
	}
}

func (v *auditVerifier) checkpoint(c *models.AuditCheckpoint) error {
	if v.found.Fault = v.head(c); v.found.Fault != nil {
		return nil
	}
	events, err := v.events(c)
	if err != nil {
		return err
	}
	if err := v.hold(c, events); err != nil || v.found.Fault != nil {
		return err
	}
	v.previous, v.found.Through = c.Hash(), c.Sequence
	v.found.Checkpoints++
	v.found.Events += int64(c.Events)
	switch {
	case c.Late:
		v.found.Late += int64(c.Events)
	case c.LastID != nil:
		v.sealedTo = *c.LastID
	}
	return nil
}

// head says what is wrong with a checkpoint by itself and in its place.
func (v *auditVerifier) head(c *models.AuditCheckpoint) *models.AuditFault {
	next := v.found.Through + 1
	if c.Sequence != next {
		return &models.AuditFault{Kind: models.AuditCheckpointRemoved, Checkpoint: next, Detail: fmt.Sprintf("Behind checkpoint %d comes %d.", v.found.Through, c.Sequence)}
	}
	switch kind := v.keys.Judge(&c.AuditCheckpointHead); {
	case kind == models.AuditKeyUnknown:
		return &models.AuditFault{Kind: kind, Checkpoint: c.Sequence, Detail: fmt.Sprintf("It is signed by the key %s, which is none of those that count here.", c.KeyID)}
	case kind != "":
		return &models.AuditFault{Kind: kind, Checkpoint: c.Sequence, Detail: "Its signature does not hold."}
	case !bytes.Equal(c.Previous, v.previous):
		return &models.AuditFault{
			Kind: models.AuditChainBroken, Checkpoint: c.Sequence,
			Detail: fmt.Sprintf("It was made behind another checkpoint %d than the one that stands there.", v.found.Through),
		}
	case !c.Whole():
		return &models.AuditFault{Kind: models.AuditCheckpointAltered, Checkpoint: c.Sequence, Detail: "Its list of events is not the one that was signed."}
	}
	return nil
}

// events reads what stands where the checkpoint seals: all events behind those that were sealed in time before it, or just its own where it is a
// late one.
func (v *auditVerifier) events(c *models.AuditCheckpoint) ([]models.AuditEvent, error) {
	switch {
	case c.Events == 0:
		return nil, nil
	case c.Late:
		return auditRows[models.AuditEvent](v.auditReader, `SELECT `+auditEventColumns+` FROM audit_events e
			WHERE e.tenant_id = $1 AND e.id = ANY ($2) ORDER BY e.id`, v.tenant, c.EventIDs)
	}
	return auditRows[models.AuditEvent](v.auditReader, `SELECT `+auditEventColumns+` FROM audit_events e
		WHERE e.tenant_id = $1 AND e.id > $2 AND e.id <= $3 ORDER BY e.id LIMIT $4`, v.tenant, v.sealedTo, *c.LastID, c.Events+auditStrangers)
}

// hold compares the events with what was sealed of them; both are in the order of their ids.
func (v *auditVerifier) hold(c *models.AuditCheckpoint, events []models.AuditEvent) error {
	next := 0
	for i, id := range c.EventIDs {
		for ; next < len(events) && bytes.Compare(events[next].ID[:], id[:]) < 0; next++ {
			if err := v.stranger(c, &events[next]); err != nil || v.found.Fault != nil {
				return err
			}
		}
		if next == len(events) || events[next].ID != id {
			v.fault(models.AuditEventRemoved, c.Sequence, &id, "The event %s is gone.", id)
			return nil
		}
		leaf := events[next].Leaf()
		if sealed := c.Leaves[i*models.LeafBytes : (i+1)*models.LeafBytes]; !bytes.Equal(leaf[:], sealed) {
			v.changed(c, id, sealed, events)
			return nil
		}
		next++
	}
	return nil
}

// changed names an event that says something else than was sealed: something new, or what another event of the checkpoint said.
func (v *auditVerifier) changed(c *models.AuditCheckpoint, id uuid.UUID, sealed []byte, events []models.AuditEvent) {
	for i := range events {
		leaf := models.AuditLeaf(id, events[i].Content())
		if bytes.Equal(leaf[:], sealed) {
			v.fault(models.AuditEventsReordered, c.Sequence, &id, "What the event %s said stands at %s.", id, events[i].ID)
			return
		}
	}
	v.fault(models.AuditEventAltered, c.Sequence, &id, "The event %s says something else than when it was sealed.", id)
}

// stranger judges an event among sealed ones: another checkpoint has it as a late one, it may still get one, or Mainstay has not written it.
func (v *auditVerifier) stranger(c *models.AuditCheckpoint, e *models.AuditEvent) error {
	late, err := auditRows[struct{ Sequence int64 }](v.auditReader, `SELECT sequence FROM audit_checkpoints
		WHERE tenant_id = $1 AND late AND last_id >= $2 AND first_id <= $2 AND $2 = ANY (event_ids) LIMIT 1`, v.tenant, e.ID)
	if err != nil || len(late) > 0 {
		return err
	}
	if bytes.Compare(e.ID[:], v.openFrom[:]) >= 0 {
		v.found.Open++
		v.found.OldestOpen = earlier(v.found.OldestOpen, e.At)
		return nil
	}
	v.fault(models.AuditEventInserted, c.Sequence, &e.ID, "The event %s stands among sealed ones and no checkpoint has it.", e.ID)
	return nil
}

func earlier(a *time.Time, b time.Time) *time.Time {
	if a == nil || b.Before(*a) {
		return &b
	}
	return a
}

// tail counts what stands behind the last checkpoint.
func (v *auditVerifier) tail() error {
	open, err := auditRows[struct {
		Count  int64
		Oldest *time.Time
	}](v.auditReader, `SELECT count(*) AS count, min(e.at) AS oldest FROM audit_events e WHERE e.tenant_id = $1 AND e.id > $2
		AND NOT EXISTS (SELECT FROM audit_checkpoints c WHERE c.tenant_id = $1 AND c.late AND c.last_id >= e.id AND c.first_id <= e.id
			AND e.id = ANY (c.event_ids))`, v.tenant, v.sealedTo)
	if err != nil {
		return err
	}
	v.found.Complete = true
	v.found.Open += open[0].Count
	if open[0].Oldest != nil {
		v.found.OldestOpen = earlier(v.found.OldestOpen, *open[0].Oldest)
	}
	return nil
}

// VerifyAuditAnchors holds the chain of the actor's tenant against the heads that storage keeps of it, which come newest first. The newest that
// the chain still has vouches for everything before it. One that the chain has not is a fault, unless a recovery that stands in the chain took it
// back. In bucket, what the database knows to be anchored since then must be there.
func (s *Store) VerifyAuditAnchors(
	ctx context.Context, keys models.AuditKeys, bucket string, anchors iter.Seq2[models.AuditCheckpointHead, error],
) (models.AuditProof, error) {
	var proof models.AuditProof
	err := s.readAudit(ctx, func(r *auditReader, tenant uuid.UUID) error {
		v := auditVerifier{auditReader: r, tenant: tenant, keys: keys}
		var newest int64
		for head, err := range anchors {
			if err != nil {
				return err
			}
			newest = max(newest, head.Sequence)
			proven, err := v.anchor(&head, &proof)
			if err != nil {
				return err
			}
			if proven || v.found.Fault != nil {
				break
			}
		}
		if v.found.Fault == nil {
			if err := v.anchored(bucket, newest); err != nil {
				return err
			}
		}
		proof.Fault = v.found.Fault
		return nil
	})
	return proof, err
}

// anchor judges one head that storage has, and reports whether the chain has it too.
func (v *auditVerifier) anchor(head *models.AuditCheckpointHead, proof *models.AuditProof) (bool, error) {
	if head.TenantID != v.tenant || v.keys.Judge(head) != "" {
		v.fault(models.AuditAnchorAltered, head.Sequence, nil, "What storage has of checkpoint %d does not hold: it is not signed by a key that counts here.", head.Sequence)
		return false, nil
	}
	same, err := auditRows[models.AuditCheckpointHead](v.auditReader, `SELECT `+auditHeadColumns+` FROM audit_checkpoints
		WHERE tenant_id = $1 AND sequence = $2`, v.tenant, head.Sequence)
	if err != nil {
		return false, err
	}
	if len(same) > 0 && bytes.Equal(same[0].Hash(), head.Hash()) {
		proof.Sequence, proof.MadeAt = head.Sequence, &head.MadeAt
		return true, nil
	}
	taken, err := auditRows[struct{ Sequence int64 }](v.auditReader, `SELECT r.sequence FROM audit_checkpoints r
		WHERE r.tenant_id = $1 AND r.recovery_id <> '' AND r.recovered_at >= $2
			AND NOT EXISTS (SELECT FROM audit_checkpoints k WHERE k.tenant_id = $1 AND k.sequence >= $3 AND k.made_at < r.recovered_at)
		LIMIT 1`, v.tenant, head.MadeAt, head.Sequence)
	if err != nil {
		return false, err
	}
	switch {
	case len(taken) > 0:
		proof.Abandoned++
	case len(same) > 0:
		v.fault(models.AuditCheckpointAltered, head.Sequence, nil, "Storage has another checkpoint %d than the database.", head.Sequence)
	default:
		v.fault(models.AuditTailRemoved, head.Sequence, nil,
			"Storage has checkpoint %d of %s, the database ends before it. Where it was recovered just now, a worker has to run first: it seals that.",
			head.Sequence, head.MadeAt.UTC().Format(time.RFC3339))
	}
	return false, nil
}

// anchored looks whether storage lost what the database knows to be there.
func (v *auditVerifier) anchored(bucket string, newest int64) error {
	lost, err := auditRows[models.AuditAnchor](v.auditReader, `SELECT sequence, object FROM audit_anchors
		WHERE tenant_id = $1 AND bucket = $2 AND sequence > $3 AND anchored_at > coalesce(
			(SELECT max(recovered_at) FROM audit_checkpoints WHERE tenant_id = $1 AND recovery_id <> ''), '-infinity')
		ORDER BY sequence DESC LIMIT 1`, v.tenant, bucket, newest)
	if err == nil && len(lost) > 0 {
		v.fault(models.AuditAnchorMissing, lost[0].Sequence, nil, "The bucket %s has no %s any more.", bucket, lost[0].Object)
	}
	return err
}

// ProveAuditSeals says in words where the sealed log of one of the tenants is first wrong; empty where it is nowhere. Without a key nothing is
// proven. It asks the database alone: one that was restored ends before what is anchored.
func (s *Store) ProveAuditSeals(ctx context.Context, keys models.AuditKeys, tenants []uuid.UUID) (string, error) {
	if !keys.CanVerify() {
		return "", nil
	}
	verify := func(ctx context.Context) ([]models.AuditFault, error) {
		found, err := s.VerifyAuditSeals(ctx, keys, AuditWalk{})
		if found.Fault == nil {
			return nil, err
		}
		return []models.AuditFault{*found.Fault}, err
	}
	return firstFault(ctx, tenants, verify, func(tenant uuid.UUID, faults []models.AuditFault) string {
		return fmt.Sprintf("Tenant %s, audit checkpoint %d: %s", tenant, faults[0].Checkpoint, faults[0].Detail)
	})
}
