package models

import (
	"time"

	"github.com/google/uuid"
)

// Record is what every row that people edit has. Version counts its changes: it is the ETag of the API.
type Record struct {
	TenantID   uuid.UUID  `gorm:"primaryKey"`
	ID         uuid.UUID  `gorm:"primaryKey"`
	ArchivedAt *time.Time // out of use since; nil while it is in use
	Version    int
	CreatedAt  time.Time `gorm:"autoCreateTime:false"` // the transaction's time, not GORM's
	UpdatedAt  time.Time `gorm:"autoUpdateTime:false"`
}

// Head gives the record within a row that embeds it.
func (r *Record) Head() *Record { return r }
