package models

import (
	"cmp"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

func TestReorderQuantity(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                               string
		point, safety, most                string
		onHand, reserved, missing, onOrder string
		least, pack                        string
		factor                             string
		want                               string
	}{
		{name: "enough", point: "4", onHand: "5", want: "0"},
		{name: "at the point", point: "4", onHand: "4", want: "4"},
		{name: "up to the most", point: "4", most: "20", onHand: "1", want: "19"},
		{name: "the safety stock above the point", point: "10", safety: "3", onHand: "8", want: "5"},
		{name: "what is promised is gone", point: "4", onHand: "6", reserved: "2", missing: "3", want: "7"},
		{name: "what is on order counts", point: "4", onHand: "0", onOrder: "8", want: "0"},
		{name: "what is on order counts in part", point: "4", most: "10", onHand: "0", onOrder: "3", want: "7"},
		{name: "a point of nothing", point: "0", onHand: "0", want: "1"},
		{name: "a most that is the point", point: "4", most: "4", onHand: "4", want: "1"},
		{name: "the least that is sold", point: "4", onHand: "4", least: "25", want: "25"},
		{name: "in packs", point: "4", onHand: "3", pack: "6", want: "6"},
		{name: "least and packs", point: "4", onHand: "3", least: "7", pack: "6", want: "12"},
		{name: "in boxes", point: "4", most: "20", onHand: "3", factor: "6", want: "3"},
		{name: "in boxes, least and pack of them", point: "4", onHand: "3", factor: "6", least: "3", pack: "2", want: "4"},
		{name: "no point, no orders", onHand: "0", want: "0"},
	} {
		number := func(text string) *decimal.Decimal {
			if text == "" {
				return nil
			}
			d := dec(text)
			return &d
		}
		or0 := func(text string) decimal.Decimal {
			if text == "" {
				return dec("0")
			}
			return dec(text)
		}
		i := Item{ReorderPoint: number(c.point), SafetyStock: number(c.safety), MaxStock: number(c.most)}
		p := StockPosition{OnHand: or0(c.onHand), Reserved: or0(c.reserved), Backordered: or0(c.missing), OnOrder: or0(c.onOrder)}
		factor := dec(cmp.Or(c.factor, "1"))
		quantity := ReorderQuantity(i, p, factor, number(c.least), number(c.pack))
		require.Equal(t, c.want, quantity.String(), c.name)
		p.OnOrder = p.OnOrder.Add(quantity.Mul(factor))
		require.True(t, ReorderQuantity(i, p, factor, number(c.least), number(c.pack)).IsZero(), "%s: run again it orders nothing", c.name)
	}
}
