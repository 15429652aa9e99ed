package api

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mainstay/internal/telemetry"
	"mainstay/models"
)

// maxBody is the largest JSON body; imports and files have limits of their own.
const maxBody = 1 << 20

const (
	maxUpload     = models.ImportMaxBytes + maxBody // a form: the file and its fields
	uploadTimeout = 10 * time.Minute
	bodyTimeout   = 30 * time.Second // for the whole of a JSON body
)

// observe gives each request an id and, when it is answered, one log line and its metrics.
func (s *Server) observe(c *gin.Context) {
	began := time.Now()
	id := models.NewID().String()
	c.Header("X-Request-Id", id)
	c.Header("X-Content-Type-Options", "nosniff")
	c.Request = c.Request.WithContext(telemetry.WithRequestID(c.Request.Context(), id))
	span := s.trace(c)
	c.Next()
	if form := c.Request.MultipartForm; form != nil {
		_ = form.RemoveAll() // net/http clears only the request it made itself
	}
	took := time.Since(began)
	route := c.FullPath()
	s.telemetry.HTTP.Observe(c.Request.Method, route, c.Writer.Status(), took)
	endTrace(c, span)
	level := slog.LevelInfo
	if route == startPath {
		level = slog.LevelDebug
	}
	// Not ready is an answer, asked for every few seconds; what is away was logged when it went.
	if c.Writer.Status() >= http.StatusInternalServerError && route != readinessPath {
		level = slog.LevelError
	}
	attributes := []slog.Attr{
		slog.String("method", c.Request.Method), slog.String("route", route), slog.Int("status", c.Writer.Status()),
		slog.Duration("duration", took),
	}
	if err := c.Errors.Last(); err != nil {
		attributes = append(attributes, slog.String("error", err.Error()))
	}
	s.telemetry.Logger.LogAttrs(c.Request.Context(), level, "request", attributes...)
}

// recovery answers a panic like any internal error and keeps its stack for the log.
func (s *Server) recovery(c *gin.Context) {
	defer func() {
		if caught := recover(); caught != nil {
			if caught == http.ErrAbortHandler { //nolint:errorlint // net/http's own sentinel
				panic(caught)
			}
			ctx := c.Request.Context()
			s.telemetry.Logger.ErrorContext(ctx, "panic", "panic", fmt.Sprint(caught), "stack", string(debug.Stack()))
			writeProblem(c, problemOf(errors.New("panic"), telemetry.RequestID(ctx)))
		}
	}()
	c.Next()
}

// readBody bounds bodies and, where the request has an Idempotency-Key, hashes the body: the hash tells a repeat from
// another request under the same key.
func (s *Server) readBody(c *gin.Context) {
	if c.ContentType() == "multipart/form-data" {
		if c.Request.ContentLength > maxUpload {
			requestID := telemetry.RequestID(c.Request.Context())
			writeProblem(c, newProblem(http.StatusRequestEntityTooLarge, models.CodeTooLarge, "The file is larger than 100 MiB.", requestID))
			return
		}
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxUpload)
	}
	if c.Request.Body == nil || c.Request.Body == http.NoBody || !isJSON(c.ContentType()) ||
		s.streams[c.Request.Method+" "+c.FullPath()] {
		c.Next()
		return
	}
	control := http.NewResponseController(c.Writer)
	_ = control.SetReadDeadline(time.Now().Add(bodyTimeout)) // where the connection has none, the client is a test's recorder
	body, err := io.ReadAll(io.LimitReader(c.Request.Body, maxBody+1))
	_ = control.SetReadDeadline(time.Time{})
	requestID := telemetry.RequestID(c.Request.Context())
	switch {
	case err != nil:
		writeProblem(c, newProblem(http.StatusBadRequest, models.CodeInvalid, "The body could not be read.", requestID))
		return
	case len(body) > maxBody:
		writeProblem(c, newProblem(http.StatusRequestEntityTooLarge, models.CodeTooLarge, "The body is larger than 1 MiB.", requestID))
		return
	}
	c.Request.Body = io.NopCloser(bytes.NewReader(body))
	if len(body) > 0 {
		c.Set(bodyText, body)
	}
	if c.GetHeader("Idempotency-Key") != "" {
		hash := sha256.Sum256(body)
		c.Set(bodyHash, hash[:])
	}
	c.Next()
}

const (
	bodyHash = "body-hash"
	bodyText = "body-text"
)

// isJSON treats a missing content type as JSON, because the operations would.
func isJSON(contentType string) bool {
	return contentType == "" || contentType == "application/json" || strings.HasSuffix(contentType, "+json")
}
