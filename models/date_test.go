package models_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"mainstay/models"
)

func date(t testing.TB, text string) models.Date {
	t.Helper()
	parsed, err := models.ParseDate(text)
	require.NoError(t, err)
	return parsed
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	location, err := time.LoadLocation(name)
	require.NoError(t, err)
	return location
}

func TestDateAgreesWithTheStandardCalendar(t *testing.T) {
	t.Parallel()
	day := time.Date(1, time.January, 1, 0, 0, 0, 0, time.UTC)
	for want := models.NewDate(1, time.January, 1); ; want = want.AddDays(1) {
		got := models.DateOf(day, time.UTC)
		year, month, dayOfMonth := got.Civil()
		if got != want || got.Weekday() != day.Weekday() || got.String() != day.Format("2006-01-02") ||
			year != day.Year() || month != day.Month() || dayOfMonth != day.Day() {
			require.Equal(t, day.Format("2006-01-02 Mon"), got.String()+got.Weekday().String(), "walked to %s", want)
		}
		if got.String() == "9999-12-31" {
			require.Equal(t, got, got.AddDays(1), "the calendar ends here")
			return
		}
		day = day.AddDate(0, 0, 1)
	}
}

func TestParseDateIsStrict(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "2026", "2026-1-02", "2026-01-2", "26-01-02", "2026/01/02", "2026-01-02T00:00:00Z", " 2026-01-02", "2026-01-02 ",
		"2026-00-10", "2026-13-01", "2026-02-29", "2026-04-31", "2026-01-00", "0000-01-01", "+026-01-01", "2026-0١-01", "-001-01-01",
	} {
		_, err := models.ParseDate(text)
		require.Error(t, err, "%q", text)
	}
	require.Equal(t, models.NewDate(2024, time.February, 29), date(t, "2024-02-29"))
}

func TestDateArithmetic(t *testing.T) {
	t.Parallel()
	require.Equal(t, "2026-02-28", date(t, "2026-01-31").AddMonths(1).String())
	require.Equal(t, "2024-02-29", date(t, "2024-01-31").AddMonths(1).String())
	require.Equal(t, "2025-02-28", date(t, "2024-02-29").AddMonths(12).String())
	require.Equal(t, "2025-12-31", date(t, "2026-03-31").AddMonths(-3).String())
	require.Equal(t, "2026-03-01", date(t, "2026-02-28").AddDays(1).String())
	require.Equal(t, 14, date(t, "2026-06-15").Sub(date(t, "2026-06-01")))
	require.Equal(t, "2026-05-01", models.NewDate(2026, time.April, 31).String())
	require.Equal(t, "2025-11-30", models.NewDate(2026, -1, 30).String())
	require.True(t, date(t, "2026-06-01").Before(date(t, "2026-06-02")))
	require.True(t, date(t, "2026-06-02").After(date(t, "2026-06-01")))
	require.Zero(t, date(t, "2026-06-02").Compare(date(t, "2026-06-02")))

	var none models.Date
	require.True(t, none.AddDays(3).IsZero())
	require.True(t, none.AddMonths(3).IsZero())
	require.True(t, none.Before(models.NewDate(1, 1, 1)))
	require.True(t, none.In(time.UTC).IsZero())
}

func TestDateBeginsAtTheFirstMomentTheZoneHas(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ zone, date, want, why string }{
		{"UTC", "2026-03-29", "2026-03-29T00:00:00Z", "plain"},
		{"Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z", "the gap is at 02:00"},
		{"Europe/Berlin", "2026-10-26", "2026-10-25T23:00:00Z", "the day after the clocks went back"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z", "no midnight: the day begins at 01:00"},
		{"Africa/Cairo", "2024-04-26", "2024-04-25T22:00:00Z", "no midnight"},
		{"Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z", "no midnight"},
		{"America/Havana", "2025-11-02", "2025-11-02T04:00:00Z", "midnight twice: the first"},
		{"America/St_Johns", "2010-11-07", "2010-11-07T02:30:00Z", "at 00:01 back to 23:01 of the day before"},
		{"Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z", "the last day east of the line"},
		{"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", "a day that never was"},
		{"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z", "the first day west of it"},
		{"Europe/Berlin", "2041-01-01", "2040-12-31T23:00:00Z", "beyond the zone's table, after a leap year"},
		{"America/Sao_Paulo", "2041-01-01", "2041-01-01T03:00:00Z", "a zone without rules for the future"},
		{"Asia/Manila", "1844-12-31", "1844-12-31T15:56:08Z", "a day that never was, before standard time"},
	} {
		at := date(t, test.date).In(zone(t, test.zone))
		require.Equal(t, test.want, at.Format(time.RFC3339), "%s %s: %s", test.zone, test.date, test.why)
	}
}

func TestDateInIsTheEarliestMomentOfItsDate(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Europe/Berlin", "America/Sao_Paulo", "Africa/Cairo", "Asia/Beirut", "America/Havana", "Asia/Gaza", "America/Asuncion", "Australia/Lord_Howe"} {
		location := zone(t, name)
		for day := date(t, "2005-01-01"); day.Before(date(t, "2061-01-01")); day = day.AddDays(1) {
			at := day.In(location)
			if models.DateOf(at, location) != day || models.DateOf(at.Add(-time.Nanosecond), location) != day.AddDays(-1) {
				require.Fail(t, "not the first moment", "%s %s: %s", name, day, at)
			}
		}
	}
}

func TestDateTravelsThroughJSONAndSQL(t *testing.T) {
	t.Parallel()
	type row struct {
		Due   models.Date            `json:"due"`
		Until models.Date            `json:"until,omitzero"`
		Keys  map[models.Date]string `json:"keys"`
	}
	before := row{Due: date(t, "2026-06-01"), Keys: map[models.Date]string{date(t, "2026-07-01"): "x"}}
	text, err := json.Marshal(before)
	require.NoError(t, err)
	require.JSONEq(t, `{"due":"2026-06-01","keys":{"2026-07-01":"x"}}`, string(text))
	var after row
	require.NoError(t, json.Unmarshal(text, &after))
	require.Equal(t, before, after)

	require.NoError(t, json.Unmarshal([]byte(`{"due":null}`), &after))
	require.True(t, after.Due.IsZero())
	text, err = json.Marshal(models.Date{})
	require.NoError(t, err)
	require.Equal(t, "null", string(text))
	for _, bad := range []string{`""`, `20260601`, `"2026-06-31"`, `"2026-06-01T00:00:00Z"`, `{}`, `"`} {
		require.Error(t, json.Unmarshal([]byte(bad), new(models.Date)), bad)
	}

	for _, source := range []any{"2026-06-01", []byte("2026-06-01"), time.Date(2026, time.June, 1, 23, 0, 0, 0, time.FixedZone("", -8*3600))} {
		var scanned models.Date
		require.NoError(t, scanned.Scan(source))
		require.Equal(t, date(t, "2026-06-01"), scanned)
		value, err := scanned.Value()
		require.NoError(t, err)
		require.Equal(t, time.Date(2026, time.June, 1, 0, 0, 0, 0, time.UTC), value)
	}
	scanned := date(t, "2026-06-01")
	require.NoError(t, scanned.Scan(nil))
	value, err := scanned.Value()
	require.NoError(t, err)
	require.Nil(t, value)
	require.Error(t, scanned.Scan("infinity"))
	require.Error(t, scanned.Scan(20260601))
}
