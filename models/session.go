package models

import "time"

// A session ends SessionIdle after its last refresh, and SessionLifetime after its sign-in at the latest.
const (
	SessionIdle     = 14 * 24 * time.Hour
	SessionLifetime = 90 * 24 * time.Hour
)

// SessionEnd says why a session ended.
type SessionEnd string

// Reasons for the end of a session.
const (
	SessionLogout          SessionEnd = "logout"
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
