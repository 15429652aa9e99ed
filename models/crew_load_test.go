package models_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"mainstay/models"
)

func TestNewCrewLoad(t *testing.T) {
	t.Parallel()
	hours := decimal.RequireFromString
	friday := models.NewDate(2026, time.November, 27)
	ann, ben, gone := uuid.New(), uuid.New(), uuid.New()
	week := models.DefaultWorkingHours()
	week[5] = hours("4.5")
	work := func(person *uuid.UUID, day models.Date, planned string) models.CrewDay {
		return models.CrewDay{PersonID: person, Day: day, CrewHours: models.CrewHours{Planned: hours(planned), Orders: 1}}
	}
	load := models.NewCrewLoad(friday, friday.AddDays(2), []models.CrewPerson{
		{ID: ann, Name: "Ann", WorkingHours: models.DefaultWorkingHours()}, {ID: ben, Name: "Ben", WorkingHours: week},
	}, []models.CrewDay{
		work(&ann, friday, "6"), work(&ben, friday.AddDays(1), "5"), work(nil, friday.AddDays(2), "3"), work(&gone, friday, "8"),
		work(&ann, friday.AddDays(3), "8"),
	})
	text := func(days []models.CrewHours) (planned, capacity []string) {
		for _, d := range days {
			planned, capacity = append(planned, d.Planned.String()), append(capacity, d.Capacity.String())
		}
		return planned, capacity
	}
	planned, capacity := text(load.Days)
	require.Equal(t, []string{"6", "5", "0"}, planned)
	require.Equal(t, []string{"16", "4.5", "0"}, capacity)
	planned, capacity = text(load.Unassigned)
	require.Equal(t, []string{"0", "0", "3"}, planned)
	require.Equal(t, []string{"0", "0", "0"}, capacity)
	require.Equal(t, []string{"6", "8"}, []string{load.Members[0].Total.Planned.String(), load.Members[0].Total.Capacity.String()})
	require.Equal(t, []string{"5", "12.5"}, []string{load.Members[1].Total.Planned.String(), load.Members[1].Total.Capacity.String()})
	require.NoError(t, models.CheckCrewDays(friday, friday.AddDays(models.MaxCrewDays-1)))
	require.Error(t, models.CheckCrewDays(friday, friday.AddDays(models.MaxCrewDays)))
	require.Error(t, models.CheckCrewDays(friday, friday.AddDays(-1)))
}
