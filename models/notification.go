package models

import (
	"time"

	"github.com/google/uuid"
)

// Notification tells one person of one thing that happened. Its id is derived from the cause and the person, so a cause
// notifies nobody twice; the mail's Message-ID is derived from the id.
type Notification struct {
	TenantID         uuid.UUID `gorm:"primaryKey"`
	ID               uuid.UUID `gorm:"primaryKey"`
	UserID           uuid.UUID
	Kind             string // "work_order.overdue"
	SubjectType      string
	SubjectID        uuid.UUID
	Title            string
	Body             string // in English, as it was when it was made; [Notification.Text] says it in the reader's language
	Details          NotificationDetails
	CreatedAt        time.Time
	ReadAt           *time.Time
	MailedAt         *time.Time
	MailError        string
	NextActionAt     *time.Time // set while a mail has still to be sent
	ProcessStartedAt *time.Time
}

// NotificationID is the id of the notification that cause gives to user.
func NotificationID(cause string, subject, user uuid.UUID) uuid.UUID {
	return DeriveID(subject, "notification\n"+cause+"\n"+user.String())
}
