package models

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"time"

	"github.com/google/uuid"
)

// AuditCheckpoint seals a batch of a tenant's audit events. The checkpoints of a tenant are a chain: each is signed and holds the hash of the one
// before it. It is never changed: the table refuses UPDATE and DELETE.
type AuditCheckpoint struct {
	AuditCheckpointHead

	EventIDs []uuid.UUID // of what it seals, ascending
	Leaves   []byte      // the [AuditEvent.Leaf] of each, one after the other
}

// AuditCheckpointHead is what is signed of a checkpoint. As JSON it is what an anchor in storage holds.
type AuditCheckpointHead struct {
	TenantID uuid.UUID `json:"tenant_id"`
	Sequence int64     `json:"sequence"` // from 1, without a gap
	// Late says that the events were committed after those of their time were sealed.
	Late    bool       `json:"late"`
	Events  int        `json:"events"`
	FirstID *uuid.UUID `json:"first_id"` // nil without events
	LastID  *uuid.UUID `json:"last_id"`
	Root    []byte     `json:"root"` // [AuditRoot] of what it seals
	// Previous is the hash of the checkpoint before; zeros in the first.
	Previous []byte `json:"previous"`
	// RecoveryID is the recovery of the database behind which the chain goes on here; empty in most. Then there are no events.
	RecoveryID  string     `json:"recovery_id,omitempty"`
	RecoveredAt *time.Time `json:"recovered_at,omitempty"` // when that recovery began
	MadeAt      time.Time  `json:"made_at"`
	KeyID       string     `json:"key_id"`
	Signature   []byte     `json:"signature"`
}

// LeafBytes is the length of an [AuditEvent.Leaf].
const LeafBytes = sha256.Size

// canonical hashes fields so that no two lists of fields are the same bytes: each has its length before it.
type canonical struct{ hash hash.Hash }

func newCanonical(what string) canonical {
	c := canonical{sha256.New()}
	c.text(what)
	return c
}

func (c canonical) bytes(b []byte) {
	c.number(int64(len(b)))
	c.hash.Write(b)
}

func (c canonical) text(s string) { c.bytes([]byte(s)) }

func (c canonical) number(n int64) {
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], uint64(n)) //nolint:gosec // the bits, whatever the sign
	c.hash.Write(raw[:])
}

func (c canonical) instant(t time.Time) { c.number(t.UnixMicro()) }

// absent stands where a field is null: no field is that long.
func (c canonical) absent() { c.number(-1) }

func (c canonical) optional(id *uuid.UUID) {
	if id == nil {
		c.absent()
		return
	}
	c.bytes(id[:])
}

func (c canonical) document(d []byte) {
	if d == nil {
		c.absent()
		return
	}
	c.bytes(d)
}

func (c canonical) sum() (sum [sha256.Size]byte) {
	c.hash.Sum(sum[:0])
	return sum
}

// Content is the SHA-256 of everything the event says but its id: each field with its length before it, times in microseconds since 1970,
// before and after as PostgreSQL prints jsonb.
func (e *AuditEvent) Content() [sha256.Size]byte {
	c := newCanonical("mainstay audit event 1")
	c.bytes(e.TenantID[:])
	c.instant(e.At)
	c.bytes(e.ActorID[:])
	c.text(string(e.ActorKind))
	c.text(e.Action)
	c.text(e.SubjectType)
	c.bytes(e.SubjectID[:])
	c.document(e.Before)
	c.document(e.After)
	c.text(e.Reason)
	c.text(e.RequestID)
	c.optional(e.CommandID)
	return c.sum()
}

// Leaf is the SHA-256 by which a checkpoint knows the event.
func (e *AuditEvent) Leaf() [LeafBytes]byte { return AuditLeaf(e.ID, e.Content()) }

// AuditLeaf is the leaf of an event with an id and a content.
func AuditLeaf(id uuid.UUID, content [sha256.Size]byte) [LeafBytes]byte {
	var both [len(id) + sha256.Size]byte
	copy(both[:], id[:])
	copy(both[len(id):], content[:])
	return sha256.Sum256(both[:])
}

// AuditRoot is one hash over the ids and leaves that a checkpoint seals.
func AuditRoot(ids []uuid.UUID, leaves []byte) []byte {
	c := newCanonical("mainstay audit leaves 1")
	c.number(int64(len(ids)))
	for _, id := range ids {
		c.hash.Write(id[:])
	}
	c.bytes(leaves)
	sum := c.sum()
	return sum[:]
}

// Hash is what is signed, and what the next checkpoint holds as its Previous. The signature is no part of it.
func (h *AuditCheckpointHead) Hash() []byte {
	c := newCanonical("mainstay audit checkpoint 1")
	c.bytes(h.TenantID[:])
	c.number(h.Sequence)
	late := int64(0)
	if h.Late {
		late = 1
	}
	c.number(late)
	c.number(int64(h.Events))
	c.optional(h.FirstID)
	c.optional(h.LastID)
	c.bytes(h.Root)
	c.bytes(h.Previous)
	c.text(h.RecoveryID)
	if h.RecoveredAt == nil {
		c.absent()
	} else {
		c.instant(*h.RecoveredAt)
	}
	c.instant(h.MadeAt)
	c.text(h.KeyID)
	sum := c.sum()
	return sum[:]
}

// SealAuditEvents is an unsigned checkpoint of events of one tenant, which are in the order of their ids.
func SealAuditEvents(events []AuditEvent) AuditCheckpoint {
	c := AuditCheckpoint{EventIDs: make([]uuid.UUID, len(events)), Leaves: make([]byte, 0, len(events)*LeafBytes)}
	for i := range events {
		leaf := events[i].Leaf()
		c.EventIDs[i], c.Leaves = events[i].ID, append(c.Leaves, leaf[:]...)
	}
	c.Events, c.Root = len(events), AuditRoot(c.EventIDs, c.Leaves)
	if len(events) > 0 {
		c.FirstID, c.LastID = &c.EventIDs[0], &c.EventIDs[len(events)-1]
	}
	return c
}

// Whole reports whether the head is the one of these ids and leaves.
func (c *AuditCheckpoint) Whole() bool {
	n := len(c.EventIDs)
	if n != c.Events || len(c.Leaves) != n*LeafBytes || (n == 0) != (c.FirstID == nil) || (n == 0) != (c.LastID == nil) {
		return false
	}
	if n > 0 && (*c.FirstID != c.EventIDs[0] || *c.LastID != c.EventIDs[n-1]) {
		return false
	}
	return bytes.Equal(c.Root, AuditRoot(c.EventIDs, c.Leaves))
}

// AuditKeys sign checkpoints and know whose signatures count. The zero value does neither.
type AuditKeys struct {
	private ed25519.PrivateKey
	public  map[string]ed25519.PublicKey
}

// NewAuditKeys makes them from the seed that signs, nil where nothing is signed, and the public keys that count beside its own. Each has 32
// bytes.
func NewAuditKeys(seed []byte, public ...[]byte) AuditKeys {
	k := AuditKeys{public: map[string]ed25519.PublicKey{}}
	if len(seed) > 0 {
		k.private = ed25519.NewKeyFromSeed(seed)
		public = append(public, k.Public())
	}
	for _, p := range public {
		k.public[auditKeyID(p)] = p
	}
	return k
}

func auditKeyID(public []byte) string {
	sum := sha256.Sum256(public)
	return hex.EncodeToString(sum[:8])
}

// CanSign reports whether there is a key to sign with.
func (k AuditKeys) CanSign() bool { return k.private != nil }

// CanVerify reports whether there is any key whose signatures count.
func (k AuditKeys) CanVerify() bool { return len(k.public) > 0 }

// Public is the public half of the key that signs; nil where there is none.
func (k AuditKeys) Public() []byte {
	if k.private == nil {
		return nil
	}
	return k.private[ed25519.SeedSize:]
}

// ID names the key that signs; empty where there is none.
func (k AuditKeys) ID() string {
	if k.private == nil {
		return ""
	}
	return auditKeyID(k.Public())
}

// Sign signs a head that is complete.
func (k AuditKeys) Sign(h *AuditCheckpointHead) {
	h.KeyID = k.ID()
	h.Signature = ed25519.Sign(k.private, h.Hash())
}

// Judge says what is wrong with the signature of a head; empty where nothing is.
func (k AuditKeys) Judge(h *AuditCheckpointHead) AuditFaultKind {
	public, known := k.public[h.KeyID]
	switch {
	case !known:
		return AuditKeyUnknown
	case !ed25519.Verify(public, h.Hash(), h.Signature):
		return AuditCheckpointAltered
	}
	return ""
}

// AuditFaultKind is a way in which a sealed log can be wrong.
type AuditFaultKind string

// What a verification of the sealed log can find.
const (
	AuditEventAltered      AuditFaultKind = "event_altered"      // it says something else than was sealed
	AuditEventRemoved      AuditFaultKind = "event_removed"      // it was sealed and is gone
	AuditEventInserted     AuditFaultKind = "event_inserted"     // it stands among sealed events and no checkpoint has it
	AuditEventsReordered   AuditFaultKind = "events_reordered"   // it stands under the id of another
	AuditCheckpointAltered AuditFaultKind = "checkpoint_altered" // its signature or its content does not hold
	AuditCheckpointRemoved AuditFaultKind = "checkpoint_removed" // its number is missing
	AuditChainBroken       AuditFaultKind = "chain_broken"       // the checkpoint before it is not the one it was made behind
	AuditKeyUnknown        AuditFaultKind = "key_unknown"        // it is signed by a key that is not configured
	AuditTailRemoved       AuditFaultKind = "tail_removed"       // storage has a later checkpoint than the database
	AuditAnchorAltered     AuditFaultKind = "anchor_altered"     // what storage has is no checkpoint of ours
	AuditAnchorMissing     AuditFaultKind = "anchor_missing"     // storage lost what was anchored
)

// AuditFault is the first place where the sealed log is wrong.
type AuditFault struct {
	Kind       AuditFaultKind `json:"kind"`
	Checkpoint int64          `json:"checkpoint"`
	EventID    *uuid.UUID     `json:"event_id,omitempty"`
	Detail     string         `json:"detail"`
}

// AuditVerification is what a walk along a tenant's chain found.
type AuditVerification struct {
	Fault       *AuditFault     `json:"fault"`       // nil: what was looked at is intact
	Through     int64           `json:"through"`     // the last checkpoint that was looked at
	Checkpoints int64           `json:"checkpoints"` // looked at
	Events      int64           `json:"events"`      // sealed by them
	Late        int64           `json:"late"`        // of these, sealed behind their time
	Complete    bool            `json:"complete"`    // the chain was walked to its end, or to the fault
	Open        int64           `json:"open"`        // events that no checkpoint seals yet; 0 unless complete
	OldestOpen  *time.Time      `json:"oldest_open_at"`
	SealedAt    *time.Time      `json:"sealed_at"` // when the newest checkpoint was made
	Recoveries  []AuditRecovery `json:"recoveries"`
}

// AuditRecovery is a place where the chain goes on behind a recovery of the database: what was sealed after the moment that the database was
// taken back to is gone, and anchors of it stay in storage.
type AuditRecovery struct {
	RecoveryID  string    `json:"recovery_id"`
	Checkpoint  int64     `json:"checkpoint"`
	RecoveredAt time.Time `json:"recovered_at"`
}

// AuditProof is what the anchors in storage say of a chain.
type AuditProof struct {
	Fault     *AuditFault `json:"fault"`
	Sequence  int64       `json:"sequence"` // the newest checkpoint that storage vouches for; 0 where it has none
	MadeAt    *time.Time  `json:"made_at"`
	Abandoned int         `json:"abandoned"` // anchors of what recoveries took back
}

// AuditSeal says where an event is sealed.
type AuditSeal struct {
	Sequence int64
	MadeAt   time.Time
	Anchored bool // storage has that checkpoint or a later one
}

// AuditAnchor says where the head of a checkpoint lies in storage.
type AuditAnchor struct {
	TenantID    uuid.UUID
	Sequence    int64
	Bucket      string
	Object      string
	VersionID   string
	LockedUntil *time.Time // nil: the bucket has no lock
	AnchoredAt  time.Time
}
