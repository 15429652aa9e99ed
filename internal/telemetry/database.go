package telemetry

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// DatabaseTracer makes a span of every statement and batch inside a trace that is being recorded; a poll that belongs to
// no trace makes none. Statements appear with their placeholders, never with values. It is nil where there are no traces.
func (t *Telemetry) DatabaseTracer() pgx.QueryTracer {
	if !t.Tracing {
		return nil
	}
	return &databaseTracer{tracer: t.Tracers.Tracer("mainstay/store")}
}

type databaseTracer struct{ tracer trace.Tracer }

var _ interface {
	pgx.QueryTracer
	pgx.BatchTracer
} = (*databaseTracer)(nil)

func (t *databaseTracer) start(ctx context.Context, name string, attributes ...attribute.KeyValue) context.Context {
	if !trace.SpanFromContext(ctx).IsRecording() {
		return ctx
	}
	ctx, span := t.tracer.Start(ctx, name, //nolint:spancheck // end, called with the context returned, ends it
		trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attribute.String("db.system.name", "postgresql")), trace.WithAttributes(attributes...))
	return context.WithValue(ctx, spanKey{}, span) //nolint:spancheck // see above
}

// spanKey holds the span that this tracer began, so that it never ends another's.
type spanKey struct{}

func end(ctx context.Context, err error) {
	span, ok := ctx.Value(spanKey{}).(trace.Span)
	if !ok {
		return
	}
	if err != nil {
		span.RecordError(err)
		span.SetStatus(codes.Error, "")
	}
	span.End()
}

// TraceQueryStart implements [pgx.QueryTracer].
func (t *databaseTracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	return t.start(ctx, "postgresql query", attribute.String("db.query.text", data.SQL))
}

// TraceQueryEnd implements [pgx.QueryTracer].
func (t *databaseTracer) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryEndData) {
	end(ctx, data.Err)
}

// TraceBatchStart implements [pgx.BatchTracer].
func (t *databaseTracer) TraceBatchStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	if !trace.SpanFromContext(ctx).IsRecording() {
		return ctx
	}
	texts := make([]string, 0, data.Batch.Len())
	for _, query := range data.Batch.QueuedQueries {
		texts = append(texts, query.SQL)
	}
	return t.start(ctx, "postgresql batch",
		attribute.Int("db.operation.batch.size", len(texts)), attribute.String("db.query.text", strings.Join(texts, "; ")))
}

// TraceBatchQuery implements [pgx.BatchTracer].
func (t *databaseTracer) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd implements [pgx.BatchTracer].
func (t *databaseTracer) TraceBatchEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchEndData) {
	end(ctx, data.Err)
}
