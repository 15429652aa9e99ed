//go:build bench

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"mainstay/models/store"
)

const (
	assetClients = 16
	assetRows    = 20_000
)

// bareAssets answers with net/http and pgx alone: no sign-in, no tenant wall, no log line; the same rows, queries and bodies.
type bareAssets struct {
	pool  *pgxpool.Pool
	plant barePlant
}

const bareAssetView = `SELECT a.id, a.code, a.name, a.description, a.category_id, a.location_id, a.site_id, a.parent_id, a.template_id,
	a.department_id, a.cost_center_id, a.serial_number, a.barcode, a.manufacturer, a.model, a.criticality, a.lifecycle_state,
	a.operating_state, a.custody, a.purchase_price, a.purchase_currency, a.purchased_on, a.installed_on, a.warranty_until,
	a.replacement_price, a.fields, a.archived_at, a.version, a.created_at, a.updated_at, c.code AS category_code, c.name AS category_name,
	l.code AS location_code, l.name AS location_name, p.code AS parent_code, p.name AS parent_name,
	t.code AS template_code, t.name AS template_name, d.code AS department_code, d.name AS department_name,
	k.code AS cost_center_code, k.name AS cost_center_name,
	EXISTS (SELECT FROM assets x WHERE x.tenant_id = $1 AND x.parent_id = a.id AND x.archived_at IS NULL) AS has_children
	FROM assets a
	JOIN asset_categories c ON c.tenant_id = $1 AND c.id = a.category_id
	JOIN locations l ON l.tenant_id = $1 AND l.id = a.location_id
	LEFT JOIN assets p ON p.tenant_id = $1 AND p.id = a.parent_id
	LEFT JOIN asset_templates t ON t.tenant_id = $1 AND t.id = a.template_id
	LEFT JOIN departments d ON d.tenant_id = $1 AND d.id = a.department_id
	LEFT JOIN cost_centers k ON k.tenant_id = $1 AND k.id = a.cost_center_id
	WHERE a.tenant_id = $1`

// barePlant is what the bare program has to know, as JSON in its environment.
type barePlant struct {
	Address, URL                        string
	Tenant, Admin, Category, Area, Site uuid.UUID
}

const barePlantVariable = "MAINSTAY_TEST_BARE"

func init() { programs["bare"] = serveBareAssets } //nolint:gochecknoinits // the test binary is the bare program too

// serveBareAssets is the bare program: a process of its own, as ours is.
func serveBareAssets() {
	b := &bareAssets{}
	err := json.Unmarshal([]byte(os.Getenv(barePlantVariable)), &b.plant)
	if err == nil {
		b.pool, err = pgxpool.New(context.Background(), b.plant.URL+"&pool_max_conns=16")
	}
	if err != nil {
		panic(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /assets/{id}", func(rw http.ResponseWriter, r *http.Request) {
		b.answer(rw, r, bareAssetView+" AND a.id = $2", b.plant.Tenant, r.PathValue("id"))
	})
	mux.HandleFunc("GET /assets", func(rw http.ResponseWriter, r *http.Request) {
		b.answer(rw, r, bareAssetView+" AND a.archived_at IS NULL AND (a.name, a.id) > ($2, $3) ORDER BY a.name, a.id LIMIT 51",
			b.plant.Tenant, r.URL.Query().Get("name"), r.URL.Query().Get("id"))
	})
	mux.HandleFunc("POST /assets", b.create)
	mux.HandleFunc("PATCH /assets/{id}", b.update)
	panic(http.ListenAndServe(b.plant.Address, mux)) //nolint:gosec // a bench on loopback
}

// newBareAssets starts the bare program and returns its address.
func newBareAssets(t *testing.T, w *world) string {
	t.Helper()
	address, _, _ := freeAddresses(t)
	text, err := json.Marshal(barePlant{
		Address: address, URL: w.db.URL, Tenant: w.plant.Tenant, Admin: w.plant.Admin, Category: w.plant.Category, Area: w.plant.Area,
		Site: w.plant.Site,
	})
	require.NoError(t, err)
	program, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), program)
	cmd.Env = append(os.Environ(), asProgram+"=bare", barePlantVariable+"="+string(text))
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	w.eventually(func() bool {
		return send(http.DefaultClient, http.MethodGet, "http://"+address+"/assets/"+w.plant.Asset.String(), nil, nil, http.StatusOK) == nil
	})
	return "http://" + address
}

func (b *bareAssets) answer(w http.ResponseWriter, r *http.Request, query string, args ...any) {
	rows, err := b.pool.Query(r.Context(), query, args...)
	if err == nil {
		var found []store.AssetView
		if found, err = pgx.CollectRows(rows, pgx.RowToStructByNameLax[store.AssetView]); err == nil {
			w.Header().Set("Content-Type", "application/json")
			err = json.NewEncoder(w).Encode(found)
		}
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

type bareAsset struct{ Code, Name string }

func (b *bareAssets) create(w http.ResponseWriter, r *http.Request) {
	var in bareAsset
	err := json.NewDecoder(r.Body).Decode(&in)
	if err == nil {
		id := uuid.New()
		err = pgx.BeginFunc(r.Context(), b.pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(r.Context(), `INSERT INTO assets (tenant_id, id, code, name, category_id, location_id, site_id,
				lifecycle_state, operating_state, custody, created_at, updated_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7, 'in_service', 'up', 'available', now(), now())`, b.plant.Tenant, id, in.Code,
				in.Name, b.plant.Category, b.plant.Area, b.plant.Site); err != nil {
				return err
			}
			return b.audit(r, tx, id, in)
		})
	}
	b.done(w, http.StatusCreated, in, err)
}

func (b *bareAssets) update(w http.ResponseWriter, r *http.Request) {
	var in bareAsset
	err := json.NewDecoder(r.Body).Decode(&in)
	if err == nil {
		id := uuid.MustParse(r.PathValue("id"))
		err = pgx.BeginFunc(r.Context(), b.pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(r.Context(), `UPDATE assets SET name = $3, version = version + 1, updated_at = now()
				WHERE tenant_id = $1 AND id = $2`, b.plant.Tenant, id, in.Name); err != nil {
				return err
			}
			return b.audit(r, tx, id, in)
		})
	}
	b.done(w, http.StatusOK, in, err)
}

func (b *bareAssets) audit(r *http.Request, tx pgx.Tx, id uuid.UUID, after bareAsset) error {
	text, err := json.Marshal(after)
	if err != nil {
		return err
	}
	_, err = tx.Exec(r.Context(), `INSERT INTO audit_events (tenant_id, id, at, actor_id, actor_kind, action, subject_type, subject_id, after)
		VALUES ($1, $2, now(), $3, 'user', 'asset.write', 'asset', $4, $5)`, b.plant.Tenant, uuid.New(), b.plant.Admin, id, string(text))
	return err
}

func (b *bareAssets) done(w http.ResponseWriter, status int, body any, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// send asks either side and reads the answer to its end.
func send(client *http.Client, method, url string, body any, header map[string]string, want int) error {
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		reader = bytes.NewReader(text)
	}
	request, err := http.NewRequest(method, url, reader) //nolint:noctx // a bounded load
	if err != nil {
		return err
	}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != want {
		err = fmt.Errorf("%s %s: %d %s", method, url, response.StatusCode, text)
	}
	return err
}

// TestBenchAssets: one asset, a page of 50, a create and an update; each with sign-in, tenant wall, log line and metrics, against
// a bare handler.
func TestBenchAssets(t *testing.T) {
	w := newWorld(t).up()
	bare := newBareAssets(t, w)
	caller := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	_, err := w.db.Owner.ExecContext(t.Context(), `INSERT INTO assets (tenant_id, id, code, name, category_id, location_id, site_id,
		lifecycle_state, operating_state, custody, created_at, updated_at)
		SELECT $1, gen_random_uuid(), 'B-' || n, 'Pump ' || n, $2, $3, $4, 'in_service', 'up', 'available', now(), now()
		FROM generate_series(1, $5::int) n`, w.plant.Tenant, w.plant.Category, w.plant.Area, w.plant.Site, assetRows)
	require.NoError(t, err)
	w.analyze()
	var ids []string
	rows, err := w.db.Owner.QueryContext(t.Context(), `SELECT id FROM assets WHERE code LIKE 'B-%' LIMIT 5000`)
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id string
		require.NoError(t, rows.Scan(&id))
		ids = append(ids, id)
	}
	require.NoError(t, rows.Err())
	auth := map[string]string{"Authorization": "Bearer " + w.token, "Content-Type": "application/json"}
	anID := func() string { return ids[rand.IntN(len(ids))] } //nolint:gosec // no secret

	w.paired("api_get_ratio_vs_pgx", assetClients,
		func(int, int) error {
			return send(caller, http.MethodGet, w.url+"/v1/assets/"+anID(), nil, auth, http.StatusOK)
		},
		func(int, int) error {
			return send(caller, http.MethodGet, bare+"/assets/"+anID(), nil, nil, http.StatusOK)
		})
	w.paired("api_list_ratio_vs_pgx", assetClients,
		func(int, int) error {
			return send(caller, http.MethodGet, w.url+"/v1/assets?sort=name", nil, auth, http.StatusOK)
		},
		func(int, int) error {
			return send(caller, http.MethodGet, bare+"/assets?name=&id="+uuid.Nil.String(), nil, nil, http.StatusOK)
		})
	w.paired("api_create_ratio_vs_pgx", assetClients,
		func(int, int) error {
			return send(caller, http.MethodPost, w.url+"/v1/assets", map[string]any{
				"code": uuid.NewString(), "name": "Pump", "category_id": w.plant.Category, "location_id": w.plant.Area,
			}, auth, http.StatusCreated)
		},
		func(int, int) error {
			return send(caller, http.MethodPost, bare+"/assets", bareAsset{Code: uuid.NewString(), Name: "Pump"}, nil, http.StatusCreated)
		})
	versions := make([]int, assetClients)
	w.paired("api_update_ratio_vs_pgx", assetClients,
		func(client, _ int) error {
			versions[client]++
			headers := map[string]string{"Authorization": "Bearer " + w.token, "Content-Type": "application/merge-patch+json", "If-Match": fmt.Sprintf(`"%d"`, versions[client])}
			return send(caller, http.MethodPatch, w.url+"/v1/assets/"+ids[client], map[string]any{"name": fmt.Sprintf("Pump %d", time.Now().UnixNano())}, headers, http.StatusOK)
		},
		func(client, _ int) error {
			return send(caller, http.MethodPatch, bare+"/assets/"+ids[assetClients+client], bareAsset{Name: fmt.Sprintf("Pump %d", time.Now().UnixNano())}, nil, http.StatusOK)
		})
}
