package models_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"mainstay/models"
)

func TestForecastOfAMeterGoesOnAsItDid(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	rule := models.DueRule{MeterEvery: number("250")}
	state := rule.Start(models.Date{}, number("1000"))
	usage := models.MeterUsage{
		FirstTotal: number("900"), FirstAt: time.Date(2026, 4, 2, 12, 0, 0, 0, time.UTC),
		LastTotal: number("1200"), LastAt: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC),
	}
	require.Equal(t, "5", usage.PerDay().String())
	today := date(t, "2026-06-02")
	list := func(u models.MeterUsage, until string, limit int) []models.DueDate {
		return rule.ForecastMeter(state, u, date(t, until), today, zone, limit)
	}
	require.Equal(t, []models.DueDate{
		{DueOn: date(t, "2026-06-11"), DueKey: "m1250", Estimated: true},
		{DueOn: date(t, "2026-07-31"), DueKey: "m1500", Estimated: true},
	}, list(usage, "2026-08-31", 10))
	require.Len(t, list(usage, "2036-08-31", 3), 3)

	late := usage
	late.LastTotal = number("1300") // over the threshold: the order comes with the planner's next look
	require.Equal(t, today, list(late, "2026-06-02", 10)[0].DueOn)
	for name, still := range map[string]func(*models.MeterUsage){
		"one reading": func(u *models.MeterUsage) { *u = models.MeterUsage{} },
		"stands":      func(u *models.MeterUsage) { u.LastTotal = u.FirstTotal },
		"one moment":  func(u *models.MeterUsage) { u.LastAt = u.FirstAt },
	} {
		u := usage
		still(&u)
		require.Empty(t, list(u, "2036-08-31", 10), name)
	}
	slow := usage
	slow.LastTotal = number("900.0001")
	require.Empty(t, list(slow, "2056-08-31", 10))

	both := calendar(t, "FREQ=YEARLY", "2026-01-01")
	both.MeterEvery = number("250")
	require.Empty(t, both.ForecastMeter(state, usage, date(t, "2026-08-31"), today, zone, 10))
}
