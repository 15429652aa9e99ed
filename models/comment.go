package models

import (
	"time"

	"github.com/google/uuid"
)

// Comment is what a person says about a work order or a work request. It is never changed; it moves along when a request
// becomes an order.
type Comment struct {
	TenantID    uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	SubjectType string    // "work_order", "work_request"
	SubjectID   uuid.UUID
	AuthorID    uuid.UUID
	Text        string
	CreatedAt   time.Time
}
