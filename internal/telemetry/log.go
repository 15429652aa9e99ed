package telemetry

import (
	"context"
	"io"
	"log/slog"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel/trace"

	"mainstay/models"
)

type requestIDKey struct{}

// WithRequestID returns a context whose log lines carry the request's id, before anybody is known to have signed in.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID returns the id that [WithRequestID] set, or that the actor carries; "" where there is none.
func RequestID(ctx context.Context) string {
	if id, ok := ctx.Value(requestIDKey{}).(string); ok {
		return id
	}
	actor, _ := models.ActorFrom(ctx)
	return actor.RequestID
}

// handler adds to every line what its context says: request_id, trace_id, span_id, tenant_id, actor_kind, actor_id.
// They stand at the top level, so a logger that reaches it has no open group.
type handler struct{ slog.Handler }

func newHandler(w io.Writer, level slog.Level) slog.Handler {
	return handler{slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level})}
}

// Handle implements [slog.Handler]. Times are UTC.
func (h handler) Handle(ctx context.Context, r slog.Record) error {
	r.Time = r.Time.UTC()
	if id := RequestID(ctx); id != "" {
		r.AddAttrs(slog.String("request_id", id))
	}
	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		r.AddAttrs(slog.String("trace_id", span.TraceID().String()), slog.String("span_id", span.SpanID().String()))
	}
	if actor, ok := models.ActorFrom(ctx); ok {
		r.AddAttrs(slog.String("tenant_id", actor.TenantID.String()), slog.String("actor_kind", string(actor.Kind)))
		if actor.UserID != uuid.Nil {
			r.AddAttrs(slog.String("actor_id", actor.UserID.String()))
		}
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs implements [slog.Handler].
func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.Handler.WithAttrs(attrs)}
}

// WithGroup implements [slog.Handler].
func (h handler) WithGroup(name string) slog.Handler { return handler{h.Handler.WithGroup(name)} }
