package telemetry

import (
	"slices"
	"strings"
	"sync"

	"go.temporal.io/sdk/client"
)

// metrics keeps what its inner handler makes. Temporal's SDK asks anew for tags and instruments at each call, and the
// OpenTelemetry handler builds them anew, which took a fifteenth of a worker's time. Tags name queues, types and operations, so
// there are no more of them than series in the registry.
type metrics struct {
	inner    client.MetricsHandler
	tagged   sync.Map // tags -> *metrics
	counters sync.Map // name -> client.MetricsCounter
	gauges   sync.Map // name -> client.MetricsGauge
	timers   sync.Map // name -> client.MetricsTimer
}

// WithTags implements client.MetricsHandler.
func (m *metrics) WithTags(tags map[string]string) client.MetricsHandler {
	return kept(&m.tagged, tagsKey(tags), func() client.MetricsHandler { return &metrics{inner: m.inner.WithTags(tags)} })
}

// Counter implements client.MetricsHandler.
func (m *metrics) Counter(name string) client.MetricsCounter {
	return kept(&m.counters, name, func() client.MetricsCounter { return m.inner.Counter(name) })
}

// Gauge implements client.MetricsHandler.
func (m *metrics) Gauge(name string) client.MetricsGauge {
	return kept(&m.gauges, name, func() client.MetricsGauge { return m.inner.Gauge(name) })
}

// Timer implements client.MetricsHandler.
func (m *metrics) Timer(name string) client.MetricsTimer {
	return kept(&m.timers, name, func() client.MetricsTimer { return m.inner.Timer(name) })
}

func kept[T any](known *sync.Map, key string, build func() T) T {
	found, ok := known.Load(key)
	if !ok {
		found, _ = known.LoadOrStore(key, build())
	}
	value, _ := found.(T)
	return value
}

func tagsKey(tags map[string]string) string {
	pairs := make([]string, 0, len(tags))
	for name, value := range tags {
		pairs = append(pairs, name+"\x00"+value)
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "\x00")
}
