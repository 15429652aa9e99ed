package models_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"mainstay/models"
)

func recurrence(t testing.TB, rule, startsOn string) models.Recurrence {
	t.Helper()
	parsed, err := models.ParseRecurrence(rule, date(t, startsOn))
	require.NoError(t, err, rule)
	return parsed
}

func texts(dates []models.Date) string {
	var all []string
	for _, date := range dates {
		all = append(all, date.String())
	}
	return strings.Join(all, " ")
}

func TestRecurrenceDates(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ rule, startsOn, want string }{
		{"FREQ=DAILY", "2026-06-01", "2026-06-01 2026-06-02 2026-06-03 2026-06-04"},
		{"FREQ=DAILY;INTERVAL=90", "2026-06-01", "2026-06-01 2026-08-30 2026-11-28 2027-02-26"},
		{"FREQ=DAILY;BYMONTHDAY=31", "2026-01-01", "2026-01-31 2026-02-28 2026-03-31 2026-04-30"},
		{"FREQ=WEEKLY", "2026-06-03", "2026-06-03 2026-06-10 2026-06-17 2026-06-24"},
		{"FREQ=WEEKLY;BYDAY=MO,FR", "2026-06-03", "2026-06-05 2026-06-08 2026-06-12 2026-06-15"},
		{"FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO", "1997-08-05", "1997-08-05 1997-08-10 1997-08-19 1997-08-24"},
		{"FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "1997-08-05", "1997-08-05 1997-08-17 1997-08-19 1997-08-31"},
		{"FREQ=MONTHLY", "2026-01-31", "2026-01-31 2026-02-28 2026-03-31 2026-04-30"},
		{"FREQ=MONTHLY", "2027-12-30", "2027-12-30 2028-01-30 2028-02-29 2028-03-30"},
		{"FREQ=MONTHLY;BYMONTHDAY=29,30,31", "2026-01-30", "2026-01-30 2026-01-31 2026-02-28 2026-03-29"},
		{"FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-15", "2026-01-31 2026-02-28 2026-03-31 2026-04-30"},
		{"FREQ=MONTHLY;BYMONTHDAY=-1,31", "2026-04-01", "2026-04-30 2026-05-31 2026-06-30 2026-07-31"},
		{"FREQ=MONTHLY;BYMONTHDAY=-31", "2026-01-01", "2026-01-01 2026-03-01 2026-05-01 2026-07-01"},
		{"FREQ=MONTHLY;BYDAY=-1FR", "2026-06-01", "2026-06-26 2026-07-31 2026-08-28 2026-09-25"},
		{"FREQ=MONTHLY;BYDAY=5MO", "2026-01-01", "2026-03-30 2026-06-29 2026-08-31 2026-11-30"},
		{"FREQ=MONTHLY;BYDAY=1MO,SU", "2026-06-01", "2026-06-01 2026-06-07 2026-06-14 2026-06-21"},
		{"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-05-01", "2026-05-29 2026-06-30 2026-07-31 2026-08-31"},
		{"FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "2026-01-01", "2026-02-13 2026-03-13 2026-11-13 2027-08-13"},
		{"FREQ=MONTHLY;INTERVAL=3;COUNT=3", "2026-03-01", "2026-03-01 2026-06-01 2026-09-01"},
		{"FREQ=MONTHLY;UNTIL=20260501", "2026-03-01", "2026-03-01 2026-04-01 2026-05-01"},
		{"FREQ=YEARLY", "2024-02-29", "2024-02-29 2025-02-28 2026-02-28 2027-02-28"},
		{"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", "2027-01-01", "2027-02-28 2028-02-29 2029-02-28 2030-02-28"},
		{"FREQ=YEARLY;BYMONTH=2,8", "2026-01-31", "2026-02-28 2026-08-31 2027-02-28 2027-08-31"},
		{"FREQ=YEARLY;BYDAY=20MO", "1997-05-19", "1997-05-19 1998-05-18 1999-05-17 2000-05-15"},
		{"FREQ=YEARLY;BYDAY=-1SU", "2026-01-01", "2026-12-27 2027-12-26 2028-12-31 2029-12-30"},
		{"FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996-11-05", "1996-11-05 2000-11-07 2004-11-02 2008-11-04"},
		{"FREQ=YEARLY;INTERVAL=100", "9850-03-01", "9850-03-01 9950-03-01"},
	} {
		rule := recurrence(t, test.rule, test.startsOn)
		require.Equal(t, test.want, texts(rule.Between(models.Date{}, date(t, "9999-12-31"), 4)), test.rule)
	}
}

func TestRecurrenceAsksFarFromTheStart(t *testing.T) {
	t.Parallel()
	rule := recurrence(t, "FREQ=DAILY;INTERVAL=7", "1000-01-01")
	next, ok := rule.Next(date(t, "2026-11-24"))
	require.True(t, ok)
	require.Zero(t, next.Sub(date(t, "1000-01-01"))%7)
	require.Equal(t, "2026-11-25", next.String())

	counted := recurrence(t, "FREQ=DAILY;COUNT=10000", "2000-01-01")
	last, ok := counted.Previous(date(t, "9999-12-31"))
	require.True(t, ok)
	require.Equal(t, 9999, last.Sub(date(t, "2000-01-01")))
	_, ok = counted.Next(last)
	require.False(t, ok)

	_, ok = rule.Next(date(t, "9999-12-31"))
	require.False(t, ok)
	_, ok = rule.Previous(date(t, "1000-01-01"))
	require.False(t, ok)
	var none models.Recurrence
	_, ok = none.Next(models.Date{})
	require.False(t, ok)
	require.Empty(t, none.String()+none.Describe())
}

func TestParseRecurrenceRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ rule, part, detail string }{
		{"", "RRULE", "empty"},
		{"  ", "RRULE", "empty"},
		{"MONTHLY", "RRULE", "NAME=value"},
		{"FREQ=MONTHLY;", "RRULE", "NAME=value"},
		{"FREQ=", "RRULE", "NAME=value"},
		{strings.Repeat("X", 501), "RRULE", "longer than 500"},
		{"INTERVAL=2", "FREQ", "needs one of"},
		{"FREQ=HOURLY", "FREQ", `"HOURLY" is not one of`},
		{"FREQ=DAILY;FREQ=DAILY", "FREQ", "given twice"},
		{"FREQ=DAILY;BYHOUR=3", "BYHOUR", "do not know this part"},
		{"FREQ=YEARLY;BYWEEKNO=3", "BYWEEKNO", "do not know this part"},
		{"FREQ=DAILY;INTERVAL=0", "INTERVAL", "whole number"},
		{"FREQ=DAILY;INTERVAL=-1", "INTERVAL", "whole number"},
		{"FREQ=DAILY;INTERVAL=1.5", "INTERVAL", "whole number"},
		{"FREQ=DAILY;INTERVAL=99999999999999999999", "INTERVAL", "whole number"},
		{"FREQ=MONTHLY;INTERVAL=1201", "INTERVAL", "100 years"},
		{"FREQ=DAILY;COUNT=0", "COUNT", "whole number"},
		{"FREQ=DAILY;COUNT=10001", "COUNT", "whole number"},
		{"FREQ=DAILY;COUNT=3;UNTIL=20270101", "COUNT", "not with both"},
		{"FREQ=DAILY;UNTIL=20270231", "UNTIL", "calendar"},
		{"FREQ=DAILY;UNTIL=20270101T000000Z", "UNTIL", "without a time"},
		{"FREQ=DAILY;UNTIL=20260531", "UNTIL", "before the start"},
		{"FREQ=MONTHLY;BYMONTHDAY=45", "BYMONTHDAY", `"45" is not a day of a month`},
		{"FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY", "not a day of a month"},
		{"FREQ=MONTHLY;BYMONTHDAY=-32", "BYMONTHDAY", "not a day of a month"},
		{"FREQ=MONTHLY;BYMONTHDAY=1,,2", "BYMONTHDAY", "not a day of a month"},
		{"FREQ=MONTHLY;BYMONTHDAY=1,+1", "BYMONTHDAY", "given twice"},
		{"FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY", "WEEKLY"},
		{"FREQ=YEARLY;BYMONTH=13", "BYMONTH", "whole number"},
		{"FREQ=YEARLY;BYMONTH=1,1", "BYMONTH", "given twice"},
		{"FREQ=WEEKLY;BYDAY=XX", "BYDAY", "not a weekday"},
		{"FREQ=WEEKLY;BYDAY=M", "BYDAY", "not a weekday"},
		{"FREQ=WEEKLY;BYDAY=MO,MO", "BYDAY", "given twice"},
		{"FREQ=WEEKLY;BYDAY=1MO", "BYDAY", "nth weekday"},
		{"FREQ=MONTHLY;BYDAY=0MO", "BYDAY", "ordinal"},
		{"FREQ=MONTHLY;BYDAY=6MO", "BYDAY", "at most 5"},
		{"FREQ=YEARLY;BYDAY=54MO", "BYDAY", "ordinal"},
		{"FREQ=YEARLY;BYMONTH=3;BYDAY=-6MO", "BYDAY", "at most 5"},
		{"FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS", "the rule has none"},
		{"FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367", "BYSETPOS", "whole number"},
		{"FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1,1", "BYSETPOS", "given twice"},
		{"FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "RRULE", "never"},
		{"FREQ=MONTHLY;BYDAY=2MO;BYMONTHDAY=1", "RRULE", "never"},
		{"FREQ=MONTHLY;INTERVAL=12;BYMONTH=5", "RRULE", "never"},
		{"FREQ=DAILY;INTERVAL=7;BYDAY=TU", "RRULE", "never"},
		{"FREQ=YEARLY;UNTIL=20260701;BYMONTH=8", "RRULE", "never"},
		{"FREQ=WEEKLY;WKST=DO", "WKST", "not one of"},
	} {
		_, err := models.ParseRecurrence(test.rule, date(t, "2026-06-01"))
		var refused *models.RecurrenceError
		require.ErrorAs(t, err, &refused, test.rule)
		require.Equal(t, test.part, refused.Part, test.rule)
		require.Contains(t, refused.Detail, test.detail, test.rule)
	}
	_, err := models.ParseRecurrence("FREQ=DAILY", models.Date{})
	require.EqualError(t, err, "DTSTART: a calendar rule needs the date it starts on")
}

func TestRecurrenceCanonicalTextAndSentence(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ rule, canonical, sentence string }{
		{"freq=daily;interval=1", "FREQ=DAILY", "Every day, from 2026-06-01"},
		{"RRULE:FREQ=WEEKLY;WKST=MO", "FREQ=WEEKLY", "Every week on Monday, from 2026-06-01"},
		{"BYDAY=FR,MO;FREQ=WEEKLY;INTERVAL=2;WKST=SU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;WKST=SU", "Every 2 weeks on Monday and Friday, from 2026-06-01"},
		{"FREQ=MONTHLY;INTERVAL=3", "FREQ=MONTHLY;INTERVAL=3", "Every 3 months on day 1, from 2026-06-01"},
		{
			"FREQ=MONTHLY;BYMONTHDAY=31,-2,15;COUNT=12", "FREQ=MONTHLY;COUNT=12;BYMONTHDAY=15,31,-2",
			"Every month on day 15, day 31 and the 2nd last day (in a shorter month its last day), from 2026-06-01, 12 times",
		},
		{"FREQ=MONTHLY;BYDAY=-1FR,+1MO", "FREQ=MONTHLY;BYDAY=-1FR,1MO", "Every month on the last Friday and the 1st Monday, from 2026-06-01"},
		{"FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "Every month on day 13 where it is Friday, from 2026-06-01"},
		{
			"FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=-1,3", "FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=-1,3",
			"Every month on Saturday and Sunday, of these only the last and 3rd, from 2026-06-01",
		},
		{"FREQ=YEARLY;UNTIL=20301231", "FREQ=YEARLY;UNTIL=20301231", "Every year on day 1 in June, from 2026-06-01 until 2030-12-31"},
		{"FREQ=YEARLY;BYMONTH=11,3;COUNT=1", "FREQ=YEARLY;COUNT=1;BYMONTH=3,11", "Every year on day 1 in March and November, from 2026-06-01, once"},
	} {
		rule := recurrence(t, test.rule, "2026-06-01")
		require.Equal(t, test.canonical, rule.String())
		require.Equal(t, test.sentence, rule.Describe())
		require.Equal(t, rule, recurrence(t, rule.String(), "2026-06-01"))
	}
}

func FuzzParseRecurrence(f *testing.F) {
	for _, seed := range []string{
		"FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=YEARLY;BYDAY=53MO,-1SU;BYSETPOS=-1", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU;COUNT=9",
		"RRULE:FREQ=DAILY;UNTIL=20300101;BYMONTH=2", "FREQ=MONTHLY;BYMONTHDAY=-31,+31", "FREQ=DAILY;INTERVAL=36525",
	} {
		f.Add(seed, 20_000)
	}
	f.Fuzz(func(t *testing.T, text string, start int) {
		startsOn := models.NewDate(1, 1, 1).AddDays(start)
		rule, err := models.ParseRecurrence(text, startsOn)
		if err != nil {
			var refused *models.RecurrenceError
			require.ErrorAs(t, err, &refused)
			return
		}
		again, err := models.ParseRecurrence(rule.String(), startsOn)
		require.NoError(t, err)
		require.Equal(t, rule, again)
		require.NotEmpty(t, rule.Describe())
		dates := rule.Between(startsOn, date(t, "9999-12-31"), 50)
		require.NotEmpty(t, dates)
		before := models.Date{}
		for i, date := range dates {
			next, ok := rule.Next(before)
			require.True(t, ok)
			require.Equal(t, date, next)
			before = date
			if i > 0 {
				previous, ok := rule.Previous(date)
				require.True(t, ok)
				require.Equal(t, dates[i-1], previous)
			}
		}
	})
}
