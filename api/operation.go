package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"mainstay/internal/telemetry"
	"mainstay/models"
)

// permissionExtension is where an operation's permission stands in the OpenAPI document; public operations say "public",
// those that need no more than a sign-in "signed-in".
const permissionExtension = "x-permission"

const (
	public   models.Permission = "public"
	signedIn models.Permission = "signed-in"
)

// operation declares one route.
type operation struct {
	method     string
	path       string
	id         string // operation id, unique: "list-work-orders"
	summary    string
	tag        string
	permission models.Permission
	status     int   // of success; 0 means 200
	maxBody    int64 // 0 means maxBody; for multipart forms
	stream     bool  // the body is a file, which the handler reads as it comes
}

// register adds an operation. Its permission is checked before the handler runs; deny by default, so one without a permission
// does not start.
func register[I, O any](s *Server, o operation, handle func(context.Context, *I) (*O, error)) {
	if o.permission == "" {
		panic("api: " + o.id + " declares no permission")
	}
	h := huma.Operation{
		Method: o.method, Path: o.path, OperationID: o.id, Summary: o.summary, Tags: []string{o.tag}, DefaultStatus: o.status,
		Extensions:   map[string]any{permissionExtension: string(o.permission)},
		MaxBodyBytes: max(o.maxBody, maxBody+1), // readBody has the last word on JSON
		Middlewares:  huma.Middlewares{s.authorize(o.permission), s.checkTexts},
		Security:     []map[string][]string{{"bearer": {}}, {"cookie": {}}},
		// readBody bounds the reading. A deadline that outlives it would cancel commands that take longer than it.
		BodyReadTimeout: -1,
	}
	if o.maxBody > 0 {
		h.BodyReadTimeout = uploadTimeout
	}
	if o.stream {
		s.streams[o.method+" "+ginPath(o.path)] = true
		h.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
		}}
	}
	if o.permission == public {
		h.Security = nil
	}
	if o.method == http.MethodPost && o.permission != public {
		h.Parameters = append(h.Parameters, &huma.Param{
			Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: "string", MaxLength: new(255)},
			Description: "The same key with the same body acts once and answers alike; with another body it is refused.",
		})
	}
	huma.Register(s.huma, h, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
}

// problem maps a handler's error and logs what the answer hides.
func (s *Server) problem(ctx context.Context, err error) error {
	p := problemOf(err, telemetry.RequestID(ctx))
	if p.Status >= http.StatusInternalServerError {
		s.telemetry.Logger.ErrorContext(ctx, "request failed", "error", err)
	}
	return p
}

// authorize finds who asks, checks the permission and puts actor and command key into the context.
func (s *Server) authorize(permission models.Permission) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		if permission == public {
			next(hc)
			return
		}
		ctx := hc.Context()
		actor, err := s.authenticate(hc)
		if err == nil && permission != signedIn && !actor.Can(permission) {
			err = models.Lacks(permission)
		}
		var key models.CommandKey
		if err == nil {
			key, err = commandKey(hc, actor)
		}
		if err != nil {
			p := problemOf(err, telemetry.RequestID(ctx))
			for name := range p.GetHeaders() { // WriteErr leaves them out
				hc.SetHeader(name, p.GetHeaders().Get(name))
			}
			_ = huma.WriteErr(s.huma, hc, p.Status, p.Detail, err)
			return
		}
		// In Gin's request, so that the log line names the actor too.
		c := humagin.Unwrap(hc)
		c.Request = c.Request.WithContext(models.WithCommandKey(models.WithActor(ctx, actor), key))
		next(hc)
	}
}

// commandKey identifies the request for the command ledger.
func commandKey(hc huma.Context, actor models.Actor) (models.CommandKey, error) {
	key := hc.Header("Idempotency-Key")
	if len(key) > 255 || strings.ContainsRune(key, 0) {
		return models.CommandKey{}, models.InvalidField("Idempotency-Key", "maxLength", "The key is longer than 255 characters.")
	}
	u := hc.URL()
	return models.NewCommandKey(actor, hc.Method(), u.Path, key, hashOf(hc)), nil
}

// ginPath writes {id} as Gin does.
func ginPath(path string) string { return strings.NewReplacer("{", ":", "}", "").Replace(path) }
