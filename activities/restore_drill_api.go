package activities

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/google/uuid"

	"mainstay/internal/auth"
	"mainstay/models"
	"mainstay/models/store"
)

// goldenQueries are what people ask the API first; each must answer from the restored rows.
var goldenQueries = []string{
	"/v1/me", "/v1/tenant", "/v1/dashboard", "/v1/locations", "/v1/asset-categories", "/v1/assets", "/v1/work-orders", "/v1/work-requests",
	"/v1/maintenance-schedules", "/v1/meters", "/v1/items", "/v1/stock-movements", "/v1/suppliers", "/v1/purchase-orders", "/v1/approvals",
	"/v1/notifications", "/v1/people", "/v1/users", "/v1/audit-events", "/v1/search?q=a",
}

const (
	goldenTimeout    = 30 * time.Second
	goldenAnswer     = 16 << 20
	drillEmailDomain = "@drill.invalid"
)

// signIn serves the API on the restored rows, for this host alone, and signs in over it as a person does: as one who is made for it in each
// tenant, since nobody's password is known. Then it asks the golden queries.
func (d *drill) signIn(ctx context.Context, s *store.Store, tenants []uuid.UUID) error {
	if d.operations.API == nil {
		d.note("api", models.DrillInconclusive, "This worker serves no API for drills.")
		return nil
	}
	handler, err := d.operations.API(s)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: goldenTimeout}
	go func() { _ = server.Serve(listener) }()
	defer func() { _ = server.Close() }()
	visitor := golden{url: "http://" + listener.Addr().String(), client: &http.Client{Timeout: goldenTimeout}}
	fault := ""
	for _, tenant := range tenants {
		if err := visitor.visit(ctx, s, tenant); err != nil && fault == "" {
			fault = words(fmt.Errorf("tenant %s: %s", tenant, err.Error())) // with the fields of a refusal
		}
	}
	d.judge("api", fault, fmt.Sprintf("A login and %d queries over HTTP answer for each of %d tenants.", len(goldenQueries), len(tenants)))
	return ctx.Err()
}

// golden is a person at the API of the restored rows.
type golden struct {
	url    string
	client *http.Client
	token  string
}

func (g golden) visit(ctx context.Context, s *store.Store, tenant uuid.UUID) error {
	inside := models.WithCommandKey(models.WithActor(ctx, models.SystemActor(tenant)), models.CommandKey{ID: models.NewID(), Hash: []byte("drill"), Sent: true})
	home, err := s.Tenant(inside)
	if err != nil {
		return err
	}
	password := rand.Text()
	hash, err := auth.NewPasswords(1).Hash(ctx, password)
	if err != nil {
		return err
	}
	email := models.NewID().String() + drillEmailDomain
	roles := []models.Role{models.RoleAdmin, models.RoleAuditor, models.RolePlanner, models.RoleBuyer, models.RoleStorekeeper, models.RoleApprover}
	person := models.NewUser{Email: email, Name: "Drill", Roles: roles, TimeZone: "UTC"}
	person.Normalize()
	if _, err := s.CreateUser(inside, person, hash); err != nil {
		return fmt.Errorf("make a user: %w", err)
	}
	var tokens struct {
		AccessToken string `json:"access_token"`
	}
	if err := g.ask(ctx, http.MethodPost, "/v1/auth/login", map[string]string{"email": email, "password": password, "tenant": home.Code}, &tokens); err != nil {
		return err
	}
	g.token = tokens.AccessToken
	for _, path := range goldenQueries {
		var answer map[string]any
		if err := g.ask(ctx, http.MethodGet, path, nil, &answer); err != nil {
			return err
		}
		if len(answer) == 0 {
			return fmt.Errorf("%s has an empty answer", path)
		}
	}
	return g.compare(inside, s)
}

// compare holds lists over the API against the rows that the store has.
func (g golden) compare(ctx context.Context, s *store.Store) error {
	page := store.Page{Limit: 20, Sort: "-created_at"}
	orders, err := s.WorkOrders(ctx, store.WorkOrderFilter{}, page)
	if err != nil {
		return err
	}
	assets, err := s.Assets(ctx, store.AssetFilter{}, page)
	if err != nil {
		return err
	}
	for path, rows := range map[string]int{"/v1/work-orders?limit=20": len(orders.Items), "/v1/assets?limit=20": len(assets.Items)} {
		var list struct {
			Items []json.RawMessage `json:"items"`
		}
		if err := g.ask(ctx, http.MethodGet, path, nil, &list); err != nil {
			return err
		}
		if len(list.Items) != rows {
			return fmt.Errorf("%s has %d rows, the database has %d", path, len(list.Items), rows)
		}
	}
	return nil
}

// ask reads one answer; any other than a success is an error.
func (g golden) ask(ctx context.Context, method, path string, body, into any) error {
	var text io.Reader = http.NoBody
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return err
		}
		text = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, g.url+path, text)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	if g.token != "" {
		request.Header.Set("Authorization", "Bearer "+g.token)
	}
	response, err := g.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(response.Body, goldenAnswer))
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s answers %d: %.200s", method, path, response.StatusCode, answer)
	}
	return json.Unmarshal(answer, into)
}
