package telemetry

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// HTTPMetrics counts requests and how long they took. Routes are patterns, so that the number of series stays bounded
// whatever is asked for.
type HTTPMetrics struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

func newHTTPMetrics(registry prometheus.Registerer) (*HTTPMetrics, error) {
	m := &HTTPMetrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "http_requests_total", Help: "Requests answered.",
		}, []string{"method", "route", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_request_duration_seconds", Help: "Time from a request's arrival to the end of its answer.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"method", "route"}),
	}
	return m, errors.Join(registry.Register(m.requests), registry.Register(m.duration))
}

// Observe counts one request. route is the pattern that matched, "" where none did.
func (m *HTTPMetrics) Observe(method, route string, status int, took time.Duration) {
	method = knownMethod(method)
	if route == "" {
		route = "unmatched"
	}
	m.requests.WithLabelValues(method, route, statusText(status)).Inc()
	m.duration.WithLabelValues(method, route).Observe(took.Seconds())
}

// knownMethod folds the methods a stranger may invent into one.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	default:
		return "other"
	}
}

// statusTexts spares the hot path an allocation.
var statusTexts = func() (texts [600]string) {
	for i := range texts {
		texts[i] = strconv.Itoa(i)
	}
	return texts
}()

func statusText(status int) string {
	if status < 0 || status >= len(statusTexts) {
		return "other"
	}
	return statusTexts[status]
}

// RegisterPools publishes the statistics of the store's two pools of connections: of the write door those of
// database/sql (go_sql_*), of the read door mainstay_read_pool_*.
func (t *Telemetry) RegisterPools(write *sql.DB, read func() *pgxpool.Stat) error {
	faults := []error{t.Registry.Register(collectors.NewDBStatsCollector(write, "write"))}
	for name, figure := range map[string]struct {
		help string
		of   func(*pgxpool.Stat) float64
	}{
		"connections":      {"Connections open.", func(s *pgxpool.Stat) float64 { return float64(s.TotalConns()) }},
		"connections_busy": {"Connections in use.", func(s *pgxpool.Stat) float64 { return float64(s.AcquiredConns()) }},
		"connections_max":  {"Connections that may be open.", func(s *pgxpool.Stat) float64 { return float64(s.MaxConns()) }},
	} {
		faults = append(faults, t.Registry.Register(prometheus.NewGaugeFunc(
			prometheus.GaugeOpts{Name: "mainstay_read_pool_" + name, Help: figure.help}, func() float64 { return figure.of(read()) })))
	}
	for name, figure := range map[string]struct {
		help string
		of   func(*pgxpool.Stat) float64
	}{
		"acquires_total":          {"Connections taken from the pool.", func(s *pgxpool.Stat) float64 { return float64(s.AcquireCount()) }},
		"waits_total":             {"Connections that had to be waited for.", func(s *pgxpool.Stat) float64 { return float64(s.EmptyAcquireCount()) }},
		"acquire_seconds_total":   {"Time spent on taking connections.", func(s *pgxpool.Stat) float64 { return s.AcquireDuration().Seconds() }},
		"canceled_acquires_total": {"Callers that gave up waiting.", func(s *pgxpool.Stat) float64 { return float64(s.CanceledAcquireCount()) }},
	} {
		faults = append(faults, t.Registry.Register(prometheus.NewCounterFunc(
			prometheus.CounterOpts{Name: "mainstay_read_pool_" + name, Help: figure.help}, func() float64 { return figure.of(read()) })))
	}
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("telemetry: register the pools: %w", err)
	}
	return nil
}
