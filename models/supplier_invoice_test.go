package models

import (
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func keysOf(blocks []MatchBlock) []BlockKey {
	keys := []BlockKey{}
	for _, b := range blocks {
		keys = append(keys, b.Key)
	}
	return keys
}

func TestMatchLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                                         string
		tolerance, received, before, quantity, price string
		keys                                         []BlockKey
	}{
		{"all agree", "0", "10", "0", "10", "2", []BlockKey{}},
		{"a part of what came", "0", "10", "2", "3", "2", []BlockKey{}},
		{"nothing came", "0", "0", "0", "1", "2", []BlockKey{BlockNotReceived}},
		{"more than came", "0", "4", "0", "5", "2", []BlockKey{BlockQuantity}},
		{"more than came, with the invoices before", "0", "4", "3", "2", "2", []BlockKey{BlockQuantity}},
		{"more than was ordered", "0", "10", "8", "3", "2", []BlockKey{BlockQuantity, BlockOrderQuantity}},
		{"dearer", "0", "10", "0", "10", "2.0001", []BlockKey{BlockPrice}},
		{"cheaper", "0", "10", "0", "10", "1.9999", []BlockKey{BlockPrice}},
		{"dearer within the tolerance", "5", "10", "0", "10", "2.1", []BlockKey{}},
		{"dearer than the tolerance", "5", "10", "0", "10", "2.1001", []BlockKey{BlockPrice}},
		{"over-delivered within the tolerance", "5", "10.5", "0", "10.5", "2", []BlockKey{}},
		{"not delivered, but within the tolerance of the order", "5", "10", "0", "10.5", "2", []BlockKey{BlockQuantity}},
		{"everything is wrong", "0", "0", "0", "11", "3", []BlockKey{BlockNotReceived, BlockOrderQuantity, BlockPrice}},
	} {
		o, lines := sent(t, c.tolerance, wanted("10", "2"))
		lines[0].Received = dec(c.received)
		require.Equal(t, c.keys, keysOf(MatchLine(o, lines[0], dec(c.before), dec(c.quantity), dec(c.price))), c.name)
	}
}

// TestRematchForgetsTheOrderOfEvents: receipts and invoices in any order end in the same state.
func TestRematchForgetsTheOrderOfEvents(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 2))
		o, lines := sent(t, "0", wanted("10", "2"))
		line := lines[0]
		charges := []SupplierInvoiceLine{}
		events := []func(){
			func() { line.Received = line.Received.Add(dec("4")) },
			func() { line.Received = line.Received.Add(dec("6")) },
			func() {
				charges = append(charges, SupplierInvoiceLine{Line: 1, Quantity: dec("7"), UnitPrice: dec("2")})
			},
			func() { line.Received = line.Received.Sub(dec("1")) },
		}
		r.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
		for _, event := range events {
			event()
			Rematch(o, &line, charges)
		}
		require.Equal(t, InvoiceMatched, charges[0].Status)
		require.Empty(t, charges[0].Blocks)
		require.Equal(t, "7", line.Invoiced.String())
	}
}

func TestReleaseTakesAnotherPerson(t *testing.T) {
	t.Parallel()
	o, lines := sent(t, "0", wanted("10", "2"))
	lines[0].Received = dec("10")
	clerk, boss := uuid.New(), uuid.New()
	l := SupplierInvoiceLine{Line: 1, Quantity: dec("10"), UnitPrice: dec("2.5")}
	charges := []SupplierInvoiceLine{l}
	Rematch(o, &lines[0], charges)
	l = charges[0]
	require.Equal(t, InvoiceBlocked, l.Status)
	require.Equal(t, CodeForbidden, ErrorCode(l.Release(clerk, clerk, "agreed by phone", orderedAt)))
	require.Equal(t, CodeInvalid, ErrorCode(l.Release(clerk, boss, "", orderedAt)))
	require.NoError(t, l.Release(clerk, boss, "agreed by phone", orderedAt))
	require.Equal(t, InvoiceReleased, l.Status)
	require.Equal(t, CodeConflict, ErrorCode(l.Release(clerk, boss, "again", orderedAt)))

	// The release was about the price: what goes back blocks it again.
	lines[0].Received = dec("9")
	charges[0] = l
	Rematch(o, &lines[0], charges)
	require.Equal(t, InvoiceBlocked, charges[0].Status)
	require.Equal(t, []BlockKey{BlockQuantity, BlockPrice}, keysOf(charges[0].Blocks))

	// Released again it is about the one that went back: another one is more than was released.
	require.NoError(t, charges[0].Release(clerk, boss, "credit note promised", orderedAt))
	Rematch(o, &lines[0], charges)
	require.Equal(t, InvoiceReleased, charges[0].Status)
	lines[0].Received = dec("8")
	Rematch(o, &lines[0], charges)
	require.Equal(t, InvoiceBlocked, charges[0].Status)
	lines[0].Received = dec("9.5")
	Rematch(o, &lines[0], charges)
	require.Equal(t, InvoiceReleased, charges[0].Status, "less is covered")

	charges[0].ReleasedBlocks, lines[0].Received = nil, dec("8")
	Rematch(o, &lines[0], charges)
	require.Equal(t, InvoiceReleased, charges[0].Status, "a release without figures covers any gap")
}
