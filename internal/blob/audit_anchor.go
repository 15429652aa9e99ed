package blob

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"encoding/json"
	"io"
	"iter"
	"slices"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// AnchorKey names the anchor of a checkpoint: a UUIDv8 that begins with its sequence and ends with its hash, so that two checkpoints of one
// sequence lie side by side.
func AnchorKey(head models.AuditCheckpointHead) Key {
	var id uuid.UUID
	copy(id[:], head.Hash())
	var sequence [8]byte
	binary.BigEndian.PutUint64(sequence[:], uint64(head.Sequence)) //nolint:gosec // counted from 1
	copy(id[:6], sequence[2:])
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80
	return Key{Tenant: head.TenantID, Kind: AuditAnchors, ID: id}
}

func anchorSequence(id uuid.UUID) int64 {
	var sequence [8]byte
	copy(sequence[2:], id[:6])
	return int64(binary.BigEndian.Uint64(sequence[:])) //nolint:gosec // 48 bits
}

// PutAuditAnchor stores the head of a checkpoint. Until lockedUntil, where it is set, nobody can delete that; the bucket needs object lock then.
func (s *Store) PutAuditAnchor(ctx context.Context, head models.AuditCheckpointHead, lockedUntil time.Time) (Object, error) {
	text, err := json.Marshal(head)
	if err != nil {
		return Object{}, err
	}
	return s.Put(ctx, AnchorKey(head), bytes.NewReader(text), Content{Size: int64(len(text)), Type: "application/json", LockedUntil: lockedUntil})
}

// anchorBytes is more than the head of any checkpoint takes.
const anchorBytes = 64 << 10

// AuditAnchors reads the anchors of a tenant, those of the newest checkpoints first, one after the other as they are asked for. Of an object with
// several versions the first counts: a later one, or a delete marker, is not of our making. What cannot be read as a head comes as one without a
// signature.
func (s *Store) AuditAnchors(ctx context.Context, tenant uuid.UUID) iter.Seq2[models.AuditCheckpointHead, error] {
	return func(yield func(models.AuditCheckpointHead, error) bool) {
		exists, err := s.client.BucketExists(ctx, s.bucket)
		if err != nil {
			yield(models.AuditCheckpointHead{}, failure("look for the bucket", err))
			return
		}
		if !exists {
			return
		}
		versions, err := s.Versions(ctx, tenant, AuditAnchors)
		if err != nil {
			yield(models.AuditCheckpointHead{}, err)
			return
		}
		for _, v := range firstVersions(versions) {
			head, err := s.readAuditAnchor(ctx, v)
			if !yield(head, err) || err != nil {
				return
			}
		}
	}
}

func firstVersions(versions []Version) []Version {
	first := map[uuid.UUID]Version{}
	for _, v := range versions { // of each file the newest comes first
		if !v.Deleted {
			first[v.Key.ID] = v
		}
	}
	anchors := make([]Version, 0, len(first))
	for _, v := range first {
		anchors = append(anchors, v)
	}
	slices.SortFunc(anchors, func(a, b Version) int {
		return cmp.Or(cmp.Compare(anchorSequence(b.Key.ID), anchorSequence(a.Key.ID)), bytes.Compare(b.Key.ID[:], a.Key.ID[:]))
	})
	return anchors
}

func (s *Store) readAuditAnchor(ctx context.Context, v Version) (models.AuditCheckpointHead, error) {
	body, _, err := s.GetVersion(ctx, v.Key, v.ID)
	if err != nil {
		return models.AuditCheckpointHead{}, err
	}
	defer func() { _ = body.Close() }()
	text, err := io.ReadAll(io.LimitReader(body, anchorBytes))
	if err != nil {
		return models.AuditCheckpointHead{}, failure("read an anchor", err)
	}
	var head models.AuditCheckpointHead
	if json.Unmarshal(text, &head) != nil || AnchorKey(head) != v.Key {
		return models.AuditCheckpointHead{TenantID: v.Key.Tenant, Sequence: anchorSequence(v.Key.ID)}, nil
	}
	return head, nil
}
