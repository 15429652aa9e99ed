package models

import (
	"time"

	"github.com/google/uuid"
)

// A session ends SessionIdle after its last refresh, and SessionLifetime after its sign-in at the latest.
const (
	SessionIdle     = 14 * 24 * time.Hour
	SessionLifetime = 90 * 24 * time.Hour
)

// A browser's session ends BrowserSessionIdle after it was last seen, and BrowserSessionLifetime after its sign-in at the latest.
const (
	BrowserSessionIdle     = 12 * time.Hour
	BrowserSessionLifetime = 30 * 24 * time.Hour
)

// Session is a sign-in that has not ended, as its owner sees it.
type Session struct {
	ID        uuid.UUID
	Browser   bool // it is proved by a cookie, not by tokens
	UserAgent string
	Address   string
	CreatedAt time.Time
	UsedAt    time.Time // to about ten minutes
	ExpiresAt time.Time // unless it is used before
}

// SessionEnd says why a session ended.
type SessionEnd string

// Reasons for the end of a session.
const (
	SessionLogout          SessionEnd = "logout"
	SessionRevoked         SessionEnd = "revoked"              // by its owner, from another session
	SessionReuse           SessionEnd = "refresh_token_reused" // a stolen copy is the likely cause
	SessionPasswordChanged SessionEnd = "password_changed"
	SessionUserDisabled    SessionEnd = "user_disabled"
)

// SessionExpiry returns when a session of a sign-in at created, refreshed at now, ends unless it is refreshed again.
func SessionExpiry(created, now time.Time) time.Time {
	idle, last := now.Add(SessionIdle), created.Add(SessionLifetime)
	if last.Before(idle) {
		return last
	}
	return idle
}
