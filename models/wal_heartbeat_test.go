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
