package models_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"mainstay/models"
)

var meterStart = time.Date(2026, time.June, 1, 6, 0, 0, 0, time.UTC)

func number(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// series is a meter's readings in order of time, as the store keeps them.
type series struct {
	models.MeterTotal
	points []models.MeterPoint
}

func (s *series) take(hour int, value string) (models.MeterOutcome, error) {
	at := meterStart.Add(time.Duration(hour) * time.Hour)
	place, found := slices.BinarySearchFunc(s.points, at, func(p models.MeterPoint, at time.Time) int { return p.ReadAt.Compare(at) })
	if found {
		place++
	}
	var before, after *models.MeterPoint
	if place > 0 {
		before = &s.points[place-1]
	}
	if place < len(s.points) {
		after = &s.points[place]
	}
	outcome, err := s.Place(at, number(value), before, after)
	if err == nil && !outcome.Duplicate {
		s.points = slices.Insert(s.points, place, models.MeterPoint{ReadAt: at, Value: number(value), Total: outcome.Total})
	}
	return outcome, err
}

func TestMeterTotalOfOneReadingMore(t *testing.T) {
	t.Parallel()
	type reading struct {
		hour  int
		value string
	}
	for _, test := range []struct {
		name         string
		rollover     string
		known        []reading
		next         reading
		total, delta string
		latest       bool
		problem      string
	}{
		{name: "first", next: reading{0, "120.5"}, total: "120.5", delta: "0", latest: true},
		{name: "higher", known: []reading{{0, "100"}}, next: reading{1, "130"}, total: "130", delta: "30", latest: true},
		{name: "standing still", known: []reading{{0, "100"}}, next: reading{1, "100"}, total: "100", delta: "0", latest: true},
		{name: "lower", known: []reading{{0, "100"}}, next: reading{1, "99"}, problem: "lower than the reading before it, 100"},
		{name: "negative", next: reading{1, "-1"}, problem: "no negative value"},
		{name: "between", known: []reading{{0, "100"}, {9, "200"}}, next: reading{5, "150"}, total: "150", delta: "50"},
		{name: "between, too high", known: []reading{{0, "100"}, {9, "200"}}, next: reading{5, "201"}, problem: "between the readings around it, 100 and 200"},
		{name: "between, too low", known: []reading{{0, "100"}, {9, "200"}}, next: reading{5, "99"}, problem: "lower than"},
		{name: "before the first", known: []reading{{5, "100"}}, next: reading{0, "80"}, total: "80", delta: "0"},
		{name: "before the first, too high", known: []reading{{5, "100"}}, next: reading{0, "101"}, problem: "higher than the later reading of 100"},
		{name: "rollover", rollover: "100000", known: []reading{{0, "99950"}}, next: reading{1, "20"}, total: "100020", delta: "70", latest: true},
		{name: "two rollovers", rollover: "1000", known: []reading{{0, "900"}, {1, "100"}, {2, "500"}, {3, "900"}}, next: reading{4, "50"}, total: "2050", delta: "150", latest: true},
		{name: "slip, not a rollover", rollover: "100000", known: []reading{{0, "5000"}}, next: reading{1, "4990"}, problem: "lower than"},
		{name: "beyond the dial", rollover: "1000", next: reading{1, "1000"}, problem: "starts again at zero"},
		{name: "between, over the rollover", rollover: "1000", known: []reading{{0, "900"}, {9, "100"}}, next: reading{5, "980"}, total: "980", delta: "80"},
		{name: "between, after the rollover", rollover: "1000", known: []reading{{0, "900"}, {9, "100"}}, next: reading{5, "30"}, total: "1030", delta: "130"},
		{name: "between, a revolution too many", rollover: "1000", known: []reading{{0, "100"}, {9, "200"}}, next: reading{5, "600"}, problem: "between"},
		{name: "before the first, over the rollover", rollover: "1000", known: []reading{{5, "20"}}, next: reading{0, "990"}, total: "-10", delta: "0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			meter := series{MeterTotal: models.MeterTotal{Kind: models.MeterContinuous}}
			if test.rollover != "" {
				meter.RolloverAt = number(test.rollover)
			}
			for _, known := range test.known {
				_, err := meter.take(known.hour, known.value)
				require.NoError(t, err)
			}
			outcome, err := meter.take(test.next.hour, test.next.value)
			if test.problem != "" {
				require.ErrorContains(t, err, test.problem)
				require.Equal(t, models.CodeInvalid, models.ErrorCode(err))
				return
			}
			require.NoError(t, err)
			require.Equal(t, test.total, outcome.Total.String())
			require.Equal(t, test.delta, outcome.Delta.String())
			require.Equal(t, test.latest, outcome.Latest)
			require.False(t, outcome.Duplicate)
		})
	}
}

func TestMeterTotalOfTheSameMoment(t *testing.T) {
	t.Parallel()
	for _, kind := range []models.MeterKind{models.MeterContinuous, models.MeterGauge} {
		meter := series{MeterTotal: models.MeterTotal{Kind: kind}}
		_, err := meter.take(1, "100")
		require.NoError(t, err)
		outcome, err := meter.take(1, "100.00")
		require.NoError(t, err)
		require.True(t, outcome.Duplicate)
		require.True(t, outcome.Latest)
		require.Len(t, meter.points, 1)
		_, err = meter.take(1, "101")
		require.Equal(t, models.CodeConflict, models.ErrorCode(err))
		require.ErrorContains(t, err, "showed 100")
	}
}

func TestGaugesHaveNoTotal(t *testing.T) {
	t.Parallel()
	gauge := series{MeterTotal: models.MeterTotal{Kind: models.MeterGauge}}
	for hour, value := range []string{"21.5", "-4", "300"} {
		outcome, err := gauge.take(hour, value)
		require.NoError(t, err)
		require.True(t, outcome.Total.IsZero())
		require.True(t, outcome.Delta.IsZero())
		require.True(t, outcome.Latest)
	}
}

func TestMeterTotalsDoNotDependOnTheOrderOfArrival(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // repeatable on purpose
	for range 200 {
		values := make([]int64, 40)
		for i := 1; i < len(values); i++ {
			values[i] = values[i-1] + random.Int64N(30)
		}
		meter := series{MeterTotal: models.MeterTotal{Kind: models.MeterContinuous}}
		for _, i := range random.Perm(len(values)) {
			_, err := meter.take(i, decimal.NewFromInt(values[i]).String())
			require.NoError(t, err)
		}
		for i, point := range meter.points {
			require.Equal(t, values[i], point.Total.IntPart())
		}
	}
}

func TestMeterTotalRunsOnOverRollovers(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // repeatable on purpose
	meter := series{MeterTotal: models.MeterTotal{Kind: models.MeterContinuous, RolloverAt: number("1000")}}
	counted := int64(0)
	for hour := range 500 {
		outcome, err := meter.take(hour, decimal.NewFromInt(counted%1000).String())
		require.NoError(t, err)
		require.Equal(t, counted, outcome.Total.IntPart())
		counted += random.Int64N(500)
	}
}
