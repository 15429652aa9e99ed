package main

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	collectorpb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// tracedSpan is a span as the collector got it.
type tracedSpan struct {
	*tracepb.Span
	service string
	text    string // of a statement
}

// traceCollector takes what an OTLP/HTTP exporter sends.
type traceCollector struct {
	*httptest.Server
	lock  sync.Mutex
	spans []tracedSpan
}

func newTraceCollector(t *testing.T) *traceCollector {
	t.Helper()
	c := &traceCollector{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil && r.Header.Get("Content-Encoding") == "gzip" {
			var plain *gzip.Reader
			if plain, err = gzip.NewReader(bytes.NewReader(body)); err == nil {
				body, err = io.ReadAll(plain)
			}
		}
		var sent collectorpb.ExportTraceServiceRequest
		if err != nil || r.URL.Path != "/v1/traces" || proto.Unmarshal(body, &sent) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		c.keep(&sent)
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *traceCollector) keep(sent *collectorpb.ExportTraceServiceRequest) {
	c.lock.Lock()
	defer c.lock.Unlock()
	for _, process := range sent.GetResourceSpans() {
		service := ""
		for _, a := range process.GetResource().GetAttributes() {
			if a.GetKey() == "service.name" {
				service = a.GetValue().GetStringValue()
			}
		}
		for _, scope := range process.GetScopeSpans() {
			for _, span := range scope.GetSpans() {
				text := ""
				for _, a := range span.GetAttributes() {
					if a.GetKey() == "db.query.text" {
						text = a.GetValue().GetStringValue()
					}
				}
				c.spans = append(c.spans, tracedSpan{Span: span, service: service, text: text})
			}
		}
	}
}

// trace returns the spans that hang below the span of this name, and that span first; nothing until it arrived.
func (c *traceCollector) trace(name string) []tracedSpan {
	c.lock.Lock()
	defer c.lock.Unlock()
	var found []tracedSpan
	for _, span := range c.spans {
		if span.GetName() == name {
			found = []tracedSpan{span}
		}
	}
	for i := 0; i < len(found); i++ {
		for _, span := range c.spans {
			if bytes.Equal(span.GetParentSpanId(), found[i].GetSpanId()) {
				found = append(found, span)
			}
		}
	}
	return found
}

// TestOneTraceLeadsFromTheRequestThroughTemporalToTheDatabase sends a command and a record, and looks at what a collector gets.
func TestOneTraceLeadsFromTheRequestThroughTemporalToTheDatabase(t *testing.T) {
	collector := newTraceCollector(t)
	w := newWorld(t)
	w.env = append(w.env, "OTEL_EXPORTER_OTLP_ENDPOINT="+collector.URL, "OTEL_BSP_SCHEDULE_DELAY=100")
	w.up()
	order := w.must(http.StatusCreated, http.MethodPost, "/v1/work-orders", map[string]any{
		"title": "Replace the seal of Ms. Personal", "asset_id": w.plant.Asset, "type": "corrective", "priority": "high",
	})
	w.must(http.StatusCreated, http.MethodPost, "/v1/suppliers", map[string]any{"code": "S-1", "name": "Personal Ltd", "email": "s@example.com"})

	for _, wanted := range []struct {
		request string
		spans   [][2]string // process, and what a span's name or statement holds
	}{
		{"POST /v1/work-orders", [][2]string{
			{"mainstay-api", "INSERT INTO commands"},
			{"mainstay-api", "UpdateWithStartWorkflow:create"},
			{"mainstay-worker", "HandleUpdate:create"},
			{"mainstay-worker", "RunActivity:"},
			{"mainstay-worker", `INSERT INTO "work_orders"`},
		}},
		{"POST /v1/suppliers", [][2]string{{"mainstay-api", `INSERT INTO "suppliers"`}}},
	} {
		for _, of := range wanted.spans {
			t.Logf("%s: %s", wanted.request, of)
			w.eventually(func() bool {
				return slices.ContainsFunc(collector.trace(wanted.request), func(span tracedSpan) bool {
					return span.service == of[0] && strings.Contains(span.GetName()+"\n"+span.text, of[1])
				})
			})
		}
		spans := collector.trace(wanted.request)
		require.Equal(t, tracepb.Span_SPAN_KIND_SERVER, spans[0].GetKind())
		require.Empty(t, spans[0].GetParentSpanId())
		for _, span := range spans {
			require.Equal(t, spans[0].GetTraceId(), span.GetTraceId())
			require.NotContains(t, span.String(), "Personal", "what people write stays out of traces")
		}
	}

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+"/v1/work-orders/"+textOf(order, "id"), nil)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+w.token)
	request.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	response, err := w.client.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	w.eventually(func() bool {
		spans := collector.trace("GET /v1/work-orders/:id")
		return len(spans) > 0 && hex.EncodeToString(spans[0].GetParentSpanId()) == "b7ad6b7169203331"
	})
	require.Equal(t, "0af7651916cd43dd8448eb211c80319c", hex.EncodeToString(collector.trace("GET /v1/work-orders/:id")[0].GetTraceId()),
		"a caller's trace goes on")
}
