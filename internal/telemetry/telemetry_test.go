package telemetry

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"mainstay/models"
)

func start(t testing.TB, o Options) *Telemetry {
	t.Helper()
	if o.Log == nil {
		o.Log = io.Discard
	}
	o.Process = "test"
	tel, err := Start(t.Context(), o)
	require.NoError(t, err)
	return tel
}

func scrape(t *testing.T, tel *Telemetry) string {
	t.Helper()
	answer := httptest.NewRecorder()
	tel.Metrics().ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", http.NoBody))
	require.Equal(t, http.StatusOK, answer.Code)
	return answer.Body.String()
}

func TestLogLinesSayWhoAndWhere(t *testing.T) {
	var log bytes.Buffer
	tel := start(t, Options{Log: &log})
	trc, err := trace.TraceIDFromHex("0af7651916cd43dd8448eb211c80319c")
	require.NoError(t, err)
	span, err := trace.SpanIDFromHex("b7ad6b7169203331")
	require.NoError(t, err)
	actor := models.Actor{
		TenantID: uuid.MustParse("00000000-0000-0000-0000-000000000001"), UserID: uuid.MustParse("00000000-0000-0000-0000-000000000002"),
		Kind: models.ActorUser, RequestID: "from the actor",
	}
	ctx := trace.ContextWithSpanContext(t.Context(), trace.NewSpanContext(trace.SpanContextConfig{TraceID: trc, SpanID: span}))
	ctx = models.WithActor(WithRequestID(ctx, "req-1"), actor)
	tel.Logger.With("route", "/v1/assets").InfoContext(ctx, "request", "status", 200)

	var line map[string]any
	require.NoError(t, json.Unmarshal(log.Bytes(), &line))
	at, err := time.Parse(time.RFC3339Nano, line["time"].(string))
	require.NoError(t, err)
	require.Equal(t, time.UTC, at.Location())
	delete(line, "time")
	require.Equal(t, map[string]any{
		"level": "INFO", "msg": "request", "process": "test", "route": "/v1/assets", "status": 200.0, "request_id": "req-1",
		"trace_id": trc.String(), "span_id": span.String(),
		"tenant_id": actor.TenantID.String(), "actor_kind": "user", "actor_id": actor.UserID.String(),
	}, line)
}

func TestLogLinesSayNothingTheyDoNotKnow(t *testing.T) {
	var log bytes.Buffer
	tel := start(t, Options{Log: &log, Level: slog.LevelWarn})
	tel.Logger.InfoContext(t.Context(), "below the level")
	tel.Logger.WarnContext(models.WithActor(t.Context(), models.SystemActor(uuid.Nil)), "system")
	var line map[string]any
	require.NoError(t, json.Unmarshal(log.Bytes(), &line))
	delete(line, "time")
	require.Equal(t, map[string]any{
		"level": "WARN", "msg": "system", "process": "test", "tenant_id": uuid.Nil.String(), "actor_kind": "system",
	}, line)
}

func TestRequestID(t *testing.T) {
	require.Empty(t, RequestID(t.Context()))
	ctx := models.WithActor(t.Context(), models.Actor{RequestID: "a"})
	require.Equal(t, "a", RequestID(ctx))
	require.Equal(t, "b", RequestID(WithRequestID(ctx, "b")))
}

func TestHTTPMetrics(t *testing.T) {
	tel := start(t, Options{Version: "1.2.3"})
	tel.HTTP.Observe("GET", "/v1/assets/{id}", 200, 3*time.Millisecond)
	tel.HTTP.Observe("GET", "/v1/assets/{id}", 200, time.Minute)
	tel.HTTP.Observe("BREW", "", 418, 0)
	tel.HTTP.Observe("GET", "/x", 1000, 0)
	text := scrape(t, tel)
	for _, want := range []string{
		`http_requests_total{method="GET",route="/v1/assets/{id}",status="200"} 2`,
		`http_requests_total{method="other",route="unmatched",status="418"} 1`,
		`http_requests_total{method="GET",route="/x",status="other"} 1`,
		`http_request_duration_seconds_bucket{method="GET",route="/v1/assets/{id}",le="0.005"} 1`,
		`http_request_duration_seconds_count{method="GET",route="/v1/assets/{id}"} 2`,
		`mainstay_build_info{process="test",version="1.2.3"} 1`,
		"go_goroutines ", "process_resident_memory_bytes ",
	} {
		require.Contains(t, text, want)
	}
}

func TestTemporalMetricsAppearInTheRegistry(t *testing.T) {
	tel := start(t, Options{})
	metrics := tel.TemporalMetrics().WithTags(map[string]string{"task_queue": "core"})
	metrics.Counter("temporal_workflow_completed").Inc(1)
	again := tel.TemporalMetrics().WithTags(map[string]string{"task_queue": "core"})
	again.Counter("temporal_workflow_completed").Inc(1)
	again.Counter("temporal_workflow_completed").Inc(1)
	both := again.WithTags(map[string]string{"operation": "a", "workflow_type": "b"})
	both.Counter("temporal_request").Inc(1)
	again.WithTags(map[string]string{"workflow_type": "b", "operation": "a"}).Counter("temporal_request").Inc(1)
	again.WithTags(map[string]string{"workflow_type": "a", "operation": "b"}).Counter("temporal_request").Inc(1)
	metrics.Gauge("temporal_worker_task_slots_used").Update(4)
	metrics.Timer("temporal_request_latency").Record(20 * time.Millisecond)
	text := scrape(t, tel)
	for _, want := range []string{
		`temporal_workflow_completed_total{task_queue="core"} 3`,
		`temporal_request_total{operation="a",task_queue="core",workflow_type="b"} 2`,
		`temporal_request_total{operation="b",task_queue="core",workflow_type="a"} 1`,
		`temporal_worker_task_slots_used{task_queue="core"} 4`,
		`temporal_request_latency_seconds_bucket{task_queue="core",le="0.01"} 0`,
		`temporal_request_latency_seconds_bucket{task_queue="core",le="0.025"} 1`,
	} {
		require.Contains(t, text, want)
	}
	require.NoError(t, tel.Shutdown(t.Context()))
}

func TestPoolsAppearInTheRegistry(t *testing.T) {
	pool, err := pgxpool.New(t.Context(), "postgres://nobody@127.0.0.1:1/none?pool_max_conns=7")
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	db := sql.OpenDB(stdlib.GetConnector(*pool.Config().ConnConfig))
	db.SetMaxOpenConns(5)
	t.Cleanup(func() { require.NoError(t, db.Close()) })

	tel := start(t, Options{})
	require.NoError(t, tel.RegisterPools(db, pool.Stat))
	text := scrape(t, tel)
	require.Contains(t, text, `go_sql_max_open_connections{db_name="write"} 5`)
	require.Contains(t, text, "mainstay_read_pool_connections_max 7")
	require.Contains(t, text, "mainstay_read_pool_acquires_total 0")
	require.Error(t, tel.RegisterPools(db, pool.Stat), "twice")
}

func TestTracesAreOffWithoutACollector(t *testing.T) {
	tel := start(t, Options{})
	require.False(t, tel.Tracing)
	require.Nil(t, tel.DatabaseTracer())
	interceptors, err := tel.TemporalTracing()
	require.NoError(t, err)
	require.Empty(t, interceptors)
	_, span := tel.Tracers.Tracer("x").Start(t.Context(), "x")
	defer span.End()
	require.False(t, span.IsRecording())
	require.NotNil(t, tel.TemporalLogger())
}

func TestTracesReachTheCollector(t *testing.T) {
	paths := make(chan string, 10)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { paths <- r.Method + " " + r.URL.Path }))
	t.Cleanup(collector.Close)
	tel := start(t, Options{OTLPEndpoint: collector.URL + "/base/"})
	require.True(t, tel.Tracing)
	require.NotNil(t, tel.DatabaseTracer())
	interceptors, err := tel.TemporalTracing()
	require.NoError(t, err)
	require.Len(t, interceptors, 1)
	_, span := tel.Tracers.Tracer("x").Start(t.Context(), "x")
	require.True(t, span.IsRecording())
	span.End()
	require.NoError(t, tel.Shutdown(t.Context()))
	require.Equal(t, "POST /base/v1/traces", <-paths)
}

func TestDatabaseTracer(t *testing.T) {
	recorder := tracetest.NewSpanRecorder()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))
	tracer := &databaseTracer{tracer: provider.Tracer("test")}
	query := func(ctx context.Context, err error) {
		ctx = tracer.TraceQueryStart(ctx, nil, pgx.TraceQueryStartData{SQL: "select $1", Args: []any{"personal"}})
		tracer.TraceQueryEnd(ctx, nil, pgx.TraceQueryEndData{Err: err})
	}

	query(t.Context(), nil)
	require.Empty(t, recorder.Ended(), "no trace, no span")

	ctx, root := provider.Tracer("test").Start(t.Context(), "request")
	query(ctx, nil)
	query(ctx, errors.New("refused"))
	batch := &pgx.Batch{}
	batch.Queue("select set_config('app.tenant_id', $1, true)", "t")
	batch.Queue("select 2")
	inner := tracer.TraceBatchStart(ctx, nil, pgx.TraceBatchStartData{Batch: batch})
	tracer.TraceBatchQuery(inner, nil, pgx.TraceBatchQueryData{})
	tracer.TraceBatchEnd(inner, nil, pgx.TraceBatchEndData{})
	require.True(t, root.IsRecording())
	root.End()

	spans := recorder.Ended()
	require.Len(t, spans, 4)
	texts := make([]string, 3)
	for i, span := range spans[:3] {
		require.Equal(t, root.SpanContext().SpanID(), span.Parent().SpanID())
		for _, a := range span.Attributes() {
			require.NotContains(t, a.Value.String(), "personal")
			if a.Key == "db.query.text" {
				texts[i] = a.Value.AsString()
			}
		}
	}
	require.Equal(t, []string{"select $1", "select $1", "select set_config('app.tenant_id', $1, true); select 2"}, texts)
	require.Equal(t, []codes.Code{codes.Unset, codes.Error, codes.Unset},
		[]codes.Code{spans[0].Status().Code, spans[1].Status().Code, spans[2].Status().Code})
}

func BenchmarkRequestLine(b *testing.B) {
	tel := start(b, Options{})
	ctx := models.WithActor(WithRequestID(b.Context(), "req-1"), models.Actor{TenantID: uuid.New(), UserID: uuid.New(), Kind: models.ActorUser})
	b.ReportAllocs()
	for b.Loop() {
		tel.Logger.LogAttrs(ctx, slog.LevelInfo, "request", slog.String("method", "GET"), slog.String("route", "/v1/assets/{id}"),
			slog.Int("status", 200), slog.Duration("took", time.Millisecond))
	}
}

func BenchmarkHTTPMetrics(b *testing.B) {
	tel := start(b, Options{})
	b.ReportAllocs()
	for b.Loop() {
		tel.HTTP.Observe("GET", "/v1/assets/{id}", 200, time.Millisecond)
	}
}

func TestFiguresAppearInTheRegistry(t *testing.T) {
	tel := start(t, Options{})
	var fault error
	reads := 0
	require.NoError(t, tel.RegisterFigures(func(context.Context) ([]models.Figure, error) {
		reads++
		return []models.Figure{
			{Name: "assets", Value: 1200}, {Name: "work_orders", Status: "in_progress", Value: 3}, {Name: "of_a_later_version", Value: 1},
		}, fault
	}))
	fault = errors.New("the database is away")
	require.NotContains(t, scrape(t, tel), "mainstay_assets")
	fault = nil
	text := scrape(t, tel)
	require.Contains(t, text, "mainstay_assets 1200")
	require.Contains(t, text, `mainstay_work_orders{status="in_progress"} 3`)
	require.NotContains(t, text, "of_a_later_version")
	scrape(t, tel)
	require.Equal(t, 2, reads, "a scrape right after another reads nothing")
}
