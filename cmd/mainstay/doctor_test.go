package main

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"mainstay/models"
)

func TestDoctorFindsProcessesThatStandStill(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	one := models.Delivery{Process: models.ProcessWorkOrder, SubjectID: models.NewID(), DueAt: at}
	other := models.Delivery{Process: models.ProcessWorkOrder, SubjectID: models.NewID(), DueAt: at}
	later := one
	later.DueAt = at.Add(time.Hour) // its reminder went out, and its next action is late too
	for name, c := range map[string]struct {
		looks  []models.Delivery // the last one stays
		stuck  bool
		moving bool
	}{
		"none is late":      {},
		"nobody carries on": {looks: []models.Delivery{one}, stuck: true},
		"another comes":     {looks: []models.Delivery{one, one, other}, moving: true},
		"it goes on":        {looks: []models.Delivery{one, later}, moving: true},
		"all is caught up":  {looks: []models.Delivery{one, {}}, moving: true},
	} {
		looks := 0
		stuck, moving, err := standsStill(t.Context(), 0, func() ([]models.Delivery, error) {
			if len(c.looks) == 0 {
				return nil, nil
			}
			found := c.looks[min(looks, len(c.looks)-1)]
			looks++
			if found.Process == "" {
				return nil, nil
			}
			return []models.Delivery{found}, nil
		})
		require.NoError(t, err, name)
		require.Equal(t, c.stuck, stuck != nil, name)
		require.Equal(t, c.moving, moving, name)
	}
	_, _, err := standsStill(t.Context(), 0, func() ([]models.Delivery, error) { return nil, errors.New("away") })
	require.Error(t, err)
}
