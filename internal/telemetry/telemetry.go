// Package telemetry is how a process tells what it does: log lines, metrics and traces.
package telemetry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// Options say what a process tells and where.
type Options struct {
	Process      string     // "api", "worker", ...; stands in every log line and trace
	Version      string     // of the binary
	Level        slog.Level // of log lines, [slog.LevelInfo] by default
	Log          io.Writer  // takes one JSON object a line
	OTLPEndpoint string     // base URL of an OTLP/HTTP collector; empty = no traces
}

// Telemetry is the logger, the metrics and the tracer of one process. Nothing of it is global, so several processes fit
// into one test.
type Telemetry struct {
	Logger   *slog.Logger
	Registry *prometheus.Registry
	HTTP     *HTTPMetrics
	// CSPReports counts what browsers report of the web frontend's content security policy.
	CSPReports prometheus.Counter

	// Tracers makes no spans at almost no cost where there is no collector; Tracing says which.
	Tracers    trace.TracerProvider
	Propagator propagation.TextMapPropagator
	Tracing    bool

	meters   *sdkmetric.MeterProvider
	shutdown []func(context.Context) error
}

// Start sets the telemetry of a process up. It does not wait for the collector: traces are sent in the background and
// dropped where it is away.
func Start(ctx context.Context, o Options) (*Telemetry, error) {
	t := &Telemetry{
		Logger:     slog.New(newHandler(o.Log, o.Level)).With("process", o.Process),
		Registry:   prometheus.NewRegistry(),
		Tracers:    noop.NewTracerProvider(),
		Propagator: propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{}),
	}
	t.CSPReports = prometheus.NewCounter(prometheus.CounterOpts{
		Name: "mainstay_csp_reports_total", Help: "Violations of the web frontend's content security policy that browsers reported.",
	})
	err := errors.Join(
		t.Registry.Register(t.CSPReports),
		t.Registry.Register(collectors.NewGoCollector()),
		t.Registry.Register(collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})),
		t.Registry.Register(buildInfo(o)),
	)
	if err == nil {
		t.HTTP, err = newHTTPMetrics(t.Registry)
	}
	if err == nil {
		err = t.startMeters()
	}
	if err == nil && o.OTLPEndpoint != "" {
		err = t.startTraces(ctx, o)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("telemetry: %w", err), t.Shutdown(ctx))
	}
	return t, nil
}

func buildInfo(o Options) prometheus.Collector {
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "mainstay_build_info", Help: "1, labelled with the version that runs.",
		ConstLabels: prometheus.Labels{"version": o.Version, "process": o.Process},
	})
	info.Set(1)
	return info
}

// startTraces leaves the sampler to the OTEL_TRACES_SAMPLER variables, which default to every trace.
func (t *Telemetry) startTraces(ctx context.Context, o Options) error {
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(strings.TrimRight(o.OTLPEndpoint, "/")+"/v1/traces"))
	if err != nil {
		return fmt.Errorf("set traces up: %w", err)
	}
	whoAmI, err := resource.Merge(resource.Default(), resource.NewSchemaless(
		attribute.String("service.name", "mainstay-"+o.Process), attribute.String("service.version", o.Version)))
	if err != nil {
		return fmt.Errorf("describe the process: %w", err)
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(whoAmI))
	t.Tracers, t.Tracing = provider, true
	t.shutdown = append(t.shutdown, provider.Shutdown)
	return nil
}

// Metrics serves the registry in the Prometheus text format.
func (t *Telemetry) Metrics() http.Handler {
	return promhttp.HandlerFor(t.Registry, promhttp.HandlerOpts{Registry: t.Registry})
}

// Shutdown sends what is left, within ctx.
func (t *Telemetry) Shutdown(ctx context.Context) error {
	var faults []error
	for _, shutdown := range t.shutdown {
		faults = append(faults, shutdown(ctx))
	}
	return errors.Join(faults...)
}
