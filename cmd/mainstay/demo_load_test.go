package main

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestNewcomersAreSentToAMachineThatIsWorthALook(t *testing.T) {
	t.Parallel()
	company := newDemoCompany(demoTenant, time.Now().UTC(), "admin@example.com", "hash")
	at := slices.IndexFunc(company.assets, func(row demoRow) bool { return row["code"] == demoAsset })
	require.GreaterOrEqual(t, at, 0)
	asset := company.assets[at]
	require.NotNil(t, asset["replacement_price"])
	for name, rows := range map[string][]demoRow{"schedule": company.schedules, "labor": company.labor, "cost": company.costs} {
		require.True(t, slices.ContainsFunc(rows, func(row demoRow) bool { return row["asset_id"] == asset["id"] }), name)
	}
}
