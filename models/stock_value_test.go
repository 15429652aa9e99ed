package models

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func TestMovingAverage(t *testing.T) {
	t.Parallel()
	v := StockValue{Currency: "EUR"}
	require.Equal(t, "30", v.Add(dec("3"), dec("10")).String())
	require.Equal(t, "44.01", v.Add(dec("4"), dec("11.0025")).String())
	// (30 + 44.01) / 7 = 10.572857...: three units cost 31.72, and the last four take what is left.
	require.Equal(t, "31.72", v.Take(dec("3")).String())
	require.Equal(t, "42.29", v.Take(dec("4")).String())
	require.True(t, v.Quantity.IsZero())
	require.True(t, v.Value.IsZero())
}

func TestFirstInFirstOut(t *testing.T) {
	t.Parallel()
	v := StockValue{Currency: "EUR"}
	var layers []CostLayer
	for _, cost := range []string{"10", "12.50", "9.999"} {
		worth := v.Add(dec("2"), dec(cost))
		layers = append(layers, CostLayer{Quantity: dec("2"), Value: worth, ReceivedAt: time.Unix(int64(len(layers)), 0)})
	}
	worth, changed := v.TakeLayers(layers, dec("3"))
	require.Equal(t, "32.5", worth.String())
	require.Len(t, changed, 2)
	require.True(t, changed[0].Quantity.IsZero())
	require.Equal(t, "1", changed[1].Quantity.String())
	require.Equal(t, "32.5", v.Value.String())
}

// TestNoCentIsLost issues thirds of everything: what was taken and what is left is what came in, and an empty stock is worth nothing.
func TestNoCentIsLost(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a test that repeats itself
	v := StockValue{Currency: "EUR"}
	came, went := decimal.Zero, decimal.Zero
	for range 2000 {
		if random.IntN(3) == 0 || v.Quantity.IsZero() {
			came = came.Add(v.Add(decimal.New(random.Int64N(9000)+1, -3), decimal.New(random.Int64N(100_000), -4)))
			continue
		}
		quantity := decimal.Min(v.Quantity, decimal.New(random.Int64N(9000)+1, -3))
		went = went.Add(v.Take(quantity))
		require.False(t, v.Value.IsNegative())
	}
	went = went.Add(v.Take(v.Quantity))
	require.True(t, came.Equal(went), "%s came, %s went", came, went)
	require.True(t, v.Value.IsZero())
}

func TestReservationHoldsAndGivesBack(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	r := Reservation{Kind: ReservationHard, Quantity: dec("5")}
	require.Equal(t, "2", r.Hold(dec("2"), now).String())
	require.Equal(t, ReservationBackordered, r.Status)
	require.Equal(t, "3", r.Missing().String())
	require.Equal(t, "3", r.Hold(dec("10"), now).String())
	require.Equal(t, ReservationReserved, r.Status)
	require.Equal(t, "4", r.Take(dec("4"), now).String())
	require.Equal(t, "1", r.Take(dec("9"), now).String())
	require.Equal(t, ReservationIssued, r.Status)
	require.True(t, r.Missing().IsZero())

	soft := Reservation{Kind: ReservationSoft, Quantity: dec("5")}
	require.True(t, soft.Hold(dec("10"), now).IsZero())
	require.Equal(t, ReservationReserved, soft.Status)
}
