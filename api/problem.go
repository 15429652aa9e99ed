package api

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"mainstay/internal/telemetry"
	"mainstay/models"
)

// Problem is the body of every error (RFC 9457). code is one word of a fixed list, errors name the fields at fault.
type Problem struct { //nolint:errname // RFC 9457 names it
	Type            string              `json:"type" doc:"URI of the kind of problem"`
	Title           string              `json:"title"`
	Status          int                 `json:"status"`
	Code            string              `json:"code"`
	Detail          string              `json:"detail"`
	RequestID       string              `json:"request_id"`
	Errors          []models.FieldError `json:"errors,omitempty"`
	AllowedCommands *[]string           `json:"allowed_commands,omitempty" doc:"what the state allows now"`
	Permission      string              `json:"permission,omitempty" doc:"of a refusal: the permission that is missing; /v1/permissions says who holds it"`

	retryAfter string
}

// Error implements error.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retryAfter != "" {
		h.Set("Retry-After", p.retryAfter)
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	return h
}

// statusOf maps every code of models to its HTTP status.
var statusOf = map[models.Code]int{
	models.CodeInvalid:              http.StatusUnprocessableEntity,
	models.CodeUnauthenticated:      http.StatusUnauthorized,
	models.CodeForbidden:            http.StatusForbidden,
	models.CodeNotFound:             http.StatusNotFound,
	models.CodeConflict:             http.StatusConflict,
	models.CodeKeyReused:            http.StatusUnprocessableEntity,
	models.CodeKeyInUse:             http.StatusConflict,
	models.CodePreconditionFailed:   http.StatusPreconditionFailed,
	models.CodePreconditionRequired: http.StatusPreconditionRequired,
	models.CodeTooLarge:             http.StatusRequestEntityTooLarge,
	models.CodeRateLimited:          http.StatusTooManyRequests,
	models.CodeRetrySameKey:         http.StatusServiceUnavailable,
	models.CodeUnavailable:          http.StatusServiceUnavailable,
	models.CodeInternal:             http.StatusInternalServerError,
}

// problemOf maps an error of the layers below. An error without a code shows nothing but the request's id.
func problemOf(err error, requestID string) *Problem {
	e := models.AsError(err)
	if e == nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		e = &models.Error{Code: models.CodeRetrySameKey, Detail: "It took too long. Send the same request again with the same Idempotency-Key."}
	}
	if e == nil {
		e = &models.Error{Code: models.CodeInternal, Detail: "Something went wrong on our side. Name the request id when you report it."}
	}
	p := newProblem(statusOf[e.Code], e.Code, e.Detail, requestID)
	p.Errors, p.Permission = e.Fields, string(e.Permission)
	if e.RetryAfter > 0 {
		p.retryAfter = retryAfter(e.RetryAfter)
	}
	if e.AllowedCommands != nil {
		p.AllowedCommands = &e.AllowedCommands
	}
	return p
}

func newProblem(status int, code models.Code, detail, requestID string) *Problem {
	p := &Problem{
		Type: "https://mainstay.example/problems/" + string(code), Title: http.StatusText(status), Status: status,
		Code: string(code), Detail: detail, RequestID: requestID,
	}
	if status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests || code == models.CodeKeyInUse {
		p.retryAfter = "2"
	}
	return p
}

// codeOf names the problems that Huma and Gin find themselves.
func codeOf(status int) models.Code {
	switch status {
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return models.CodeNotFound
	case http.StatusRequestEntityTooLarge:
		return models.CodeTooLarge
	case http.StatusUnauthorized:
		return models.CodeUnauthenticated
	case http.StatusForbidden:
		return models.CodeForbidden
	}
	if status >= http.StatusInternalServerError {
		return models.CodeInternal
	}
	return models.CodeInvalid
}

// humaError shapes what Huma finds (decoding, validation) like every other problem.
func humaError(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
	requestID := ""
	if ctx != nil {
		requestID = telemetry.RequestID(ctx.Context())
	}
	if len(errs) == 1 {
		if known := models.AsError(errs[0]); known != nil {
			return problemOf(known, requestID)
		}
	}
	p := newProblem(status, codeOf(status), sentence(message), requestID)
	for _, err := range errs {
		if err == nil {
			continue
		}
		field := models.FieldError{Code: "invalid", Detail: err.Error()}
		if d, ok := err.(huma.ErrorDetailer); ok {
			field.Pointer, field.Detail = pointer(d.ErrorDetail().Location), d.ErrorDetail().Message
			if strings.HasSuffix(field.Detail, bodyTooLarge) {
				return newProblem(http.StatusRequestEntityTooLarge, models.CodeTooLarge, "The file is larger than 100 MiB.", requestID)
			}
		}
		p.Errors = append(p.Errors, field)
	}
	return p
}

// pointer turns Huma's location (body.lines[0].quantity) into a JSON pointer, or the bare name of a parameter.
func pointer(location string) string {
	if name, ok := strings.CutPrefix(location, "form."); ok {
		return "/" + name
	}
	rest, inBody := strings.CutPrefix(location, "body")
	if !inBody {
		for _, place := range []string{"query.", "path.", "header."} {
			if name, ok := strings.CutPrefix(location, place); ok {
				name, _, _ = strings.Cut(name, "[") // one of a repeated parameter
				return name
			}
		}
		return location
	}
	rest = strings.NewReplacer(".", "/", "[", "/", "]", "").Replace(rest)
	if rest != "" && !strings.HasPrefix(rest, "/") {
		rest = "/" + rest
	}
	return rest
}

// bodyTooLarge ends what Huma says of a form that goes on beyond its limit; it keeps of the error no more than the text.
var bodyTooLarge = (&http.MaxBytesError{}).Error()

func sentence(message string) string {
	if message == "" {
		return message
	}
	return strings.ToUpper(message[:1]) + message[1:] + "."
}

// writeProblem answers outside Huma: unknown routes, panics, bodies refused by middleware.
func writeProblem(c *gin.Context, p *Problem) {
	maps.Copy(c.Writer.Header(), p.GetHeaders())
	c.Header("Content-Type", "application/problem+json")
	c.Status(p.Status)
	_ = json.NewEncoder(c.Writer).Encode(p)
	c.Abort()
}
