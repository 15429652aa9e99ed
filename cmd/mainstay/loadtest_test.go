package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLoadtestProvesThatNothingIsLost(t *testing.T) {
	w := newWorld(t).up()
	w.env = append(w.env, "MAINSTAY_URL="+w.url, "MAINSTAY_TOKEN="+w.token)
	var result loadResult
	out := w.run("loadtest", "--asset", w.plant.Asset.String(), "--clients", "2", "--for", "2s", "--output", "json")
	require.NoError(t, json.Unmarshal([]byte(out), &result))
	require.Positive(t, result.Orders)
	require.Zero(t, result.NotClosed)
	require.Equal(t, result.Orders, w.count(`SELECT count(*) FROM work_orders WHERE status = 'closed'`))
}
