package models

import (
	"time"

	"github.com/google/uuid"
)

// AssetMove says that an asset went from one place to another; the history of moves is never changed.
type AssetMove struct {
	TenantID       uuid.UUID `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	AssetID        uuid.UUID
	FromLocationID uuid.UUID
	ToLocationID   uuid.UUID
	FromParentID   *uuid.UUID
	ToParentID     *uuid.UUID
	MovedAt        time.Time
	Reason         string
	ActorID        uuid.UUID
	CreatedAt      time.Time `gorm:"autoCreateTime:false"`
}

// NewAssetMove asks to move an asset, and all assets below it, to a location. The parent stays unless SetParent.
type NewAssetMove struct {
	LocationID uuid.UUID
	SetParent  bool
	ParentID   *uuid.UUID
	At         *time.Time // nil: now; never later
	Reason     string
}

// Validate checks what can be checked without the database.
func (n NewAssetMove) Validate(now time.Time) error {
	var f Faults
	f.Add(n.LocationID == uuid.Nil, "/location_id", "required", "A location is needed.")
	f.Add(n.Reason == "", "/reason", "required", "A reason is needed.")
	f.Add(n.At != nil && n.At.After(now), "/at", "maximum", "A move that lies ahead has not happened yet.")
	return f.Err()
}
