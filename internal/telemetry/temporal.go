package telemetry

import (
	"fmt"

	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.temporal.io/sdk/client"
	temporalotel "go.temporal.io/sdk/contrib/opentelemetry"
	"go.temporal.io/sdk/interceptor"
	temporallog "go.temporal.io/sdk/log"
)

// meterName is the scope under which Temporal's SDK records.
const meterName = "temporal-sdk-go"

// seconds are the buckets of Temporal's latencies; the exporter's own are made for milliseconds.
var seconds = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 3600}

// startMeters lets what records through OpenTelemetry appear in the registry.
func (t *Telemetry) startMeters() error {
	exporter, err := otelprometheus.New(
		otelprometheus.WithRegisterer(t.Registry), otelprometheus.WithoutScopeInfo(), otelprometheus.WithoutTargetInfo())
	if err != nil {
		return fmt.Errorf("set metrics up: %w", err)
	}
	latencies := sdkmetric.NewView(
		sdkmetric.Instrument{Kind: sdkmetric.InstrumentKindHistogram},
		sdkmetric.Stream{Aggregation: sdkmetric.AggregationExplicitBucketHistogram{Boundaries: seconds}})
	t.meters = sdkmetric.NewMeterProvider(sdkmetric.WithReader(exporter), sdkmetric.WithView(latencies))
	t.shutdown = append(t.shutdown, t.meters.Shutdown)
	return nil
}

// TemporalMetrics is the handler for [client.Options]: Temporal's SDK metrics (temporal_*) appear in the registry.
func (t *Telemetry) TemporalMetrics() client.MetricsHandler {
	return &metrics{inner: temporalotel.NewMetricsHandler(temporalotel.MetricsHandlerOptions{
		Meter:                t.meters.Meter(meterName),
		UseMonotonicCounters: true,
		OnError:              func(err error) { t.Logger.Warn("a Temporal metric is lost", "error", err) },
	})}
}

// TemporalTracing is the interceptor for [client.Options], which covers the client and its workers, so that a trace goes
// on from a request through workflow and activity; none where there are no traces.
func (t *Telemetry) TemporalTracing() ([]interceptor.ClientInterceptor, error) {
	if !t.Tracing {
		return nil, nil
	}
	tracing, err := temporalotel.NewTracingInterceptor(temporalotel.TracerOptions{
		Tracer: t.Tracers.Tracer(meterName), TextMapPropagator: t.Propagator, AllowInvalidParentSpans: true, DisableBaggage: true,
	})
	if err != nil {
		return nil, fmt.Errorf("telemetry: trace Temporal: %w", err)
	}
	return []interceptor.ClientInterceptor{tracing}, nil
}

// TemporalLogger is the logger for [client.Options].
func (t *Telemetry) TemporalLogger() temporallog.Logger {
	return temporallog.NewStructuredLogger(t.Logger.With("component", "temporal"))
}
