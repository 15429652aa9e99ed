package models_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"mainstay/models"
)

func TestArchiverIsJudgedByWhatCameLast(t *testing.T) {
	t.Parallel()
	early := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	late := early.Add(time.Minute)
	on := models.ArchiverState{Mode: "on", Command: "x"}
	for name, c := range map[string]struct {
		change func(*models.ArchiverState)
		fault  string
	}{
		"nothing to do yet":    {func(*models.ArchiverState) {}, ""},
		"archiving":            {func(a *models.ArchiverState) { a.ArchivedAt = &late }, ""},
		"a fault that is over": {func(a *models.ArchiverState) { a.FailedAt, a.ArchivedAt = &early, &late }, ""},
		"a fault that lasts":   {func(a *models.ArchiverState) { a.FailedAt, a.ArchivedAt, a.LastFailed = &late, &early, "0A" }, "segment 0A"},
		"never archived":       {func(a *models.ArchiverState) { a.FailedAt = &late }, "cannot archive"},
		"off":                  {func(a *models.ArchiverState) { a.Mode = "off" }, "archive_mode is off"},
		"no command":           {func(a *models.ArchiverState) { a.Command = "" }, "archive_command is empty"},
	} {
		state := on
		c.change(&state)
		if c.fault == "" {
			require.Empty(t, state.Fault(), name)
		} else {
			require.Contains(t, state.Fault(), c.fault, name)
		}
	}
}

// TestAClockThatJumpsHidesNoHole: whether a heartbeat is late its number says too, and a clock that went back is a fault of its own.
func TestAClockThatJumpsHidesNoHole(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	written := models.WALHeartbeat{ID: 100, At: at}
	require.False(t, models.WALHeartbeat{ID: 104, At: at.Add(4 * time.Minute)}.Late(written))
	require.True(t, models.WALHeartbeat{ID: 106, At: at.Add(6 * time.Minute)}.Late(written))
	require.False(t, models.WALHeartbeat{ID: 104, At: at.Add(-time.Hour)}.Late(written))
	require.True(t, models.WALHeartbeat{ID: 111, At: at.Add(-time.Hour)}.Late(written), "eleven minutes later, by the clock an hour before")

	require.Empty(t, models.WALHeartbeat{At: at}.ClockFault(time.Time{}), "the first")
	require.Empty(t, models.WALHeartbeat{At: at}.ClockFault(at.Add(time.Second)), "two checks side by side")
	require.Empty(t, models.WALHeartbeat{At: at.Add(time.Hour)}.ClockFault(at), "forth alone makes nothing look fresh")
	require.Contains(t, models.WALHeartbeat{At: at}.ClockFault(at.Add(time.Hour)), "it is 2026-03-02T08:00:00Z, and was 2026-03-02T09:00:00Z")
}
