package models

import (
	"reflect"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

func TestWordsOfWorkOrderAreCompleteInEachLanguage(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"en-GB", "de-AT", "fr", "es"} {
		w := WordsOfWorkOrder(locale)
		for v, at := reflect.ValueOf(w), 0; at < v.NumField(); at++ {
			require.False(t, v.Field(at).IsZero(), "%s %s", locale, v.Type().Field(at).Name)
		}
		require.Len(t, w.Types, 4)
		require.Len(t, w.Priorities, 4)
		for _, status := range WorkOrderStatuses() {
			require.NotEmpty(t, w.Statuses[status], "%s %s", locale, status)
		}
	}
	require.Equal(t, "Work order", WordsOfWorkOrder("xx").WorkOrder)
	german := WordsOfWorkOrder("de")
	day := NewDate(2026, time.November, 20)
	require.Equal(t, "Fr 20. Nov. 2026", german.DayOf(&day))
	require.Empty(t, german.DayOf(nil))
	require.Equal(t, "1.234,5", german.Figure(decimal.RequireFromString("1234.5")))
}
