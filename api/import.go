package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"path"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"mainstay/internal/blob"
	"mainstay/internal/sheet"
	"mainstay/models"
	"mainstay/models/store"
)

// Import is a file on its way into the tables.
type Import struct {
	ID              uuid.UUID            `json:"id"`
	Kind            string               `json:"kind"`
	Status          string               `json:"status" enum:"validating,validated,running,completed,failed,cancelled"`
	DryRun          bool                 `json:"dry_run"`
	Mapping         models.ImportMapping `json:"mapping"`
	FileName        string               `json:"file_name"`
	RowsTotal       int                  `json:"rows_total" doc:"rows seen so far, from the end of the check on all"`
	RowsDone        int                  `json:"rows_done" doc:"of the running phase: the check, or the writing"`
	RowsOK          int                  `json:"rows_ok" doc:"are, or would be, as the file says"`
	RowsFailed      int                  `json:"rows_failed"`
	RowsChanged     int                  `json:"rows_changed" doc:"of rows_ok: those that wrote something"`
	ErrorsURL       *string              `json:"errors_url" doc:"CSV of the row errors; null where there are none"`
	Failure         string               `json:"failure,omitempty" doc:"why the file cannot be read on"`
	AllowedCommands []string             `json:"allowed_commands"`
	Process         *Process             `json:"process,omitempty"`
	CreatedAt       time.Time            `json:"created_at"`
	UpdatedAt       time.Time            `json:"updated_at"`
	FinishedAt      *time.Time           `json:"finished_at"`
}

func (s *Server) importRoutes() {
	const tag = "Imports and exports"
	register(s, operation{
		method: http.MethodPost, path: "/v1/imports", id: "create-import", tag: tag, status: http.StatusAccepted, maxBody: maxUpload,
		summary: "Import a CSV file, or try it", permission: models.PermissionImportsRun,
	}, s.createImport)
	register(s, operation{
		method: http.MethodGet, path: "/v1/imports", id: "list-imports", tag: tag, summary: "List imports", permission: models.PermissionImportsRun,
	}, s.listImports)
	register(s, operation{
		method: http.MethodGet, path: "/v1/imports/{id}", id: "get-import", tag: tag, summary: "Follow an import",
		permission: models.PermissionImportsRun,
	}, func(ctx context.Context, in *recordPath) (*importOutput, error) { return s.readImport(ctx, in.ID) })
	register(s, operation{
		method: http.MethodGet, path: "/v1/imports/{id}/errors", id: "get-import-errors", tag: tag,
		summary: "Download the row errors of an import as CSV", permission: models.PermissionImportsRun,
	}, s.importErrors)
	for _, name := range []string{"commit", "cancel"} {
		register(s, operation{
			method: http.MethodPost, path: "/v1/imports/{id}/" + name, id: name + "-import", tag: tag, status: http.StatusAccepted,
			summary:    map[string]string{"commit": "Write what a dry run has checked", "cancel": "Stop an import; what it wrote stays"}[name],
			permission: models.PermissionImportsRun,
		}, func(ctx context.Context, in *recordPath) (*importOutput, error) {
			return s.commandImport(ctx, in.ID, name)
		})
	}
}

type importForm struct {
	File    huma.FormFile `form:"file" required:"true" doc:"CSV in UTF-8, at most 100 MiB"`
	Kind    string        `form:"kind" required:"true" enum:"assets,work-orders,locations,maintenance-schedules,meters,meter-readings,users,items,suppliers,opening-stock"`
	Mapping string        `form:"mapping" required:"false" maxLength:"100000" doc:"JSON; without it columns meet the fields of their names"`
	DryRun  bool          `form:"dry_run" required:"false" doc:"check only; commit later"`
}

type importInput struct {
	RawBody huma.MultipartFormFiles[importForm]
}

type importOutput struct {
	Location string `header:"Location"`
	Body     Import
}

// createImport stores the file and then its row: a row always has its file. A file without a row is left where the second step
// fails; the same request again writes the same object.
func (s *Server) createImport(ctx context.Context, in *importInput) (*importOutput, error) {
	form := in.RawBody.Data()
	if form.File.Size > models.ImportMaxBytes {
		return nil, &models.Error{Code: models.CodeTooLarge, Detail: "The file is larger than 100 MiB."}
	}
	if !storable(form.File.Filename) {
		return nil, models.InvalidField("/file", "encoding", "The file's name is no text in UTF-8.")
	}
	actor, _ := models.ActorFrom(ctx)
	kind := models.ImportKind(form.Kind)
	if err := kind.Check(actor); err != nil {
		return nil, err
	}
	mapping, text, err := parseMapping(form.Mapping)
	if err != nil {
		return nil, err
	}
	if err := s.checkImport(ctx, kind, mapping, form.File); err != nil {
		return nil, err
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, form.File); err != nil {
		return nil, err
	}
	if _, err := form.File.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	sum := hash.Sum(nil)
	ctx = withImportHash(ctx, sum, form)
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	key := blob.Key{Tenant: actor.TenantID, Kind: blob.Imports, ID: id}
	row := models.Import{
		ID: id, Kind: kind, Mapping: text, DryRun: form.DryRun, ObjectKey: key.String(), FileName: path.Base(form.File.Filename), FileSHA256: sum,
	}
	if _, err := s.blob.Put(ctx, key, form.File, blob.Content{Size: form.File.Size, SHA256: hex.EncodeToString(sum), Type: "text/csv"}); err != nil {
		return nil, err
	}
	if err := s.store.CreateImport(ctx, row); err != nil {
		return nil, err
	}
	return s.readImport(ctx, id)
}

// withImportHash gives the command the hash of what the form holds; the body itself differs by its boundary each time.
func withImportHash(ctx context.Context, sum []byte, form *importForm) context.Context {
	key := models.CommandKeyFrom(ctx)
	hash := sha256.New()
	hash.Write(sum)
	text, err := json.Marshal([]any{form.Kind, form.Mapping, form.DryRun})
	if err != nil {
		panic(err) // strings and a boolean
	}
	hash.Write(text)
	key.Hash = hash.Sum(nil)
	return models.WithCommandKey(ctx, key)
}

func parseMapping(text string) (models.ImportMapping, json.RawMessage, error) {
	var m models.ImportMapping
	if text == "" {
		text = "{}"
	}
	if err := checkIJSON([]byte(text), false); err != nil {
		return m, nil, models.InvalidField("/mapping", "json", "The mapping is no JSON object.")
	}
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&m); err != nil {
		return m, nil, models.InvalidField("/mapping", "json", "The mapping is not of the form that is documented: %s.", err)
	}
	canonical, err := json.Marshal(m)
	return m, canonical, err
}

// checkImport refuses at once what the header already shows.
func (s *Server) checkImport(ctx context.Context, kind models.ImportKind, m models.ImportMapping, file io.ReadSeeker) error {
	if err := m.Validate(kind); err != nil {
		return err
	}
	records, err := sheet.NewCSVReader(file, m.DelimiterByte())
	if err != nil {
		return err
	}
	currency, err := s.store.TenantCurrency(ctx)
	if err != nil {
		return err
	}
	if _, err := models.NewImportReader(kind, m, records.Header, currency); err != nil {
		return err
	}
	_, err = file.Seek(0, io.SeekStart)
	return err
}

func (s *Server) readImport(ctx context.Context, id uuid.UUID) (*importOutput, error) {
	i, err := s.store.Import(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.importAnswer(ctx, i), nil
}

func (s *Server) commandImport(ctx context.Context, id uuid.UUID, name string) (*importOutput, error) {
	i, err := s.store.CommandImport(ctx, id, name)
	if err != nil {
		return nil, err
	}
	return s.importAnswer(ctx, i), nil
}

func (s *Server) importAnswer(ctx context.Context, i models.Import) *importOutput {
	body := importBody(i)
	body.Process = s.process(ctx, models.ProcessImport, i.TenantID, i.ID)
	return &importOutput{Location: "/v1/imports/" + i.ID.String(), Body: body}
}

func importBody(i models.Import) Import {
	body := Import{
		ID: i.ID, Kind: string(i.Kind), Status: string(i.Status), DryRun: i.DryRun, FileName: i.FileName, RowsTotal: i.RowsTotal,
		RowsDone: i.RowsDone, RowsOK: i.RowsOK, RowsFailed: i.RowsFailed, RowsChanged: i.RowsChanged, Failure: i.Failure,
		AllowedCommands: i.Status.AllowedCommands(), CreatedAt: i.CreatedAt, UpdatedAt: i.UpdatedAt, FinishedAt: i.FinishedAt,
	}
	if m, err := i.Parsed(); err == nil {
		body.Mapping = m
	}
	if i.ErrorsKey != "" {
		url := "/v1/imports/" + i.ID.String() + "/errors"
		body.ErrorsURL = &url
	}
	return body
}

type importListInput struct {
	PageQuery
	Sort   string   `query:"sort" enum:"created_at,-created_at" default:"-created_at"`
	Kind   []string `query:"kind,explode" enum:"assets,work-orders,locations,maintenance-schedules,meters,meter-readings,users,items,suppliers,opening-stock"`
	Status []string `query:"status,explode" enum:"validating,validated,running,completed,failed,cancelled"`
}

func (s *Server) listImports(ctx context.Context, in *importListInput) (*listOutput[Import], error) {
	return listPage(in.PageQuery, in.Sort, importBody, func(page store.Page) (store.Rows[models.Import], error) {
		return s.store.Imports(ctx, store.ImportQuery{Page: page, Kinds: in.Kind, Statuses: in.Status})
	})
}

func (s *Server) importErrors(ctx context.Context, in *filePath) (*huma.StreamResponse, error) {
	i, err := s.store.Import(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if i.ErrorsKey == "" {
		return nil, models.NotFound("file of row errors")
	}
	return s.download(ctx, in, i.ErrorsKey, "errors-"+i.FileName, "text/csv; charset=utf-8")
}
