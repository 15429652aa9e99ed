package api

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// trace begins the span of a request, below the caller's where the request names one. It holds the route and never the path, which
// may carry a secret. The health checks, which are asked for every few seconds, and event streams, which last for hours, have none.
func (s *Server) trace(c *gin.Context) trace.Span {
	route := c.FullPath()
	if !s.telemetry.Tracing || route == "" || untraced[route] {
		return noop.Span{}
	}
	ctx := s.telemetry.Propagator.Extract(c.Request.Context(), propagation.HeaderCarrier(c.Request.Header))
	ctx, span := s.telemetry.Tracers.Tracer("mainstay/api").Start(ctx, c.Request.Method+" "+route, //nolint:spancheck // endTrace ends it
		trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(attribute.String("http.request.method", c.Request.Method), attribute.String("http.route", route)))
	c.Request = c.Request.WithContext(ctx)
	return span //nolint:spancheck // see above
}

var untraced = map[string]bool{livenessPath: true, readinessPath: true, "/v1/events": true}

// endTrace ends it with the status that was answered; only a fault of ours makes it an error.
func endTrace(c *gin.Context, span trace.Span) {
	status := c.Writer.Status()
	span.SetAttributes(attribute.Int("http.response.status_code", status))
	if status >= http.StatusInternalServerError {
		span.SetStatus(codes.Error, "")
	}
	span.End()
}
