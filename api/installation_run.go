package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/workflows"
)

// installationRun is a noun of the installation whose process carries itself out once: platform operators ask for one, follow it and list all.
// M is the model, T what is told of it and B what asks for it.
type installationRun[M, T, B any] struct {
	process string
	create  string // the command of the process
	one     string // in the path and in the ids of operations
	// What the operations say of themselves.
	asks, lists, follows string

	admit   func(ctx context.Context, id uuid.UUID, asked B) (models.Command, error)
	summary func(B) string // of the process
	read    func(context.Context, uuid.UUID) (M, error)
	page    func(context.Context, store.Page) (store.Rows[M], error)
	head    func(*M) *models.Operation
	body    func(M, *Process) T // lists name no process
}

const operationsTag = "Operations"

type installationRunOutput[T any] struct {
	Location string `header:"Location"`
	Body     T
}

type installationRunListInput struct {
	PageQuery
	Sort string `query:"sort" default:"-created_at" enum:"created_at,-created_at"`
}

func (s *Server) operationsRoutes() {
	registerRuns(s, s.backups())
	registerRuns(s, s.restoreDrills())
	s.restoreDrillReportRoute()
	registerRuns(s, s.retentionRuns())
	registerRuns(s, s.fileRuns())
}

func registerRuns[M, T, B any](s *Server, n installationRun[M, T, B]) {
	path := n.path()
	register(s, operation{
		method: http.MethodPost, path: path, id: "create-" + n.one, tag: operationsTag, status: http.StatusAccepted, summary: n.asks,
		permission: models.PermissionBackupsRun,
	}, func(ctx context.Context, in *struct{ Body B }) (*installationRunOutput[T], error) {
		return n.ask(ctx, s, in.Body)
	})
	register(s, operation{
		method: http.MethodGet, path: path, id: "list-" + n.one + "s", tag: operationsTag, summary: n.lists, permission: models.PermissionBackupsRead,
	}, n.list)
	register(s, operation{
		method: http.MethodGet, path: path + "/{id}", id: "get-" + n.one, tag: operationsTag, summary: n.follows, permission: models.PermissionBackupsRead,
	}, func(ctx context.Context, in *recordPath) (*installationRunOutput[T], error) {
		return n.get(ctx, s, in.ID)
	})
}

func (n installationRun[M, T, B]) path() string { return "/v1/" + n.one + "s" }

// ask hands a create to its process; a repeat under the same command key reads the run as it is now.
func (n installationRun[M, T, B]) ask(ctx context.Context, s *Server, asked B) (*installationRunOutput[T], error) {
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	admitted, err := n.admit(ctx, id, asked)
	if err != nil {
		return nil, err
	}
	if err := s.begin(ctx, admitted, workflows.Command{
		Process: n.process, Name: n.create, SubjectID: id, Summary: n.summary(asked),
	}); err != nil {
		return nil, err
	}
	return n.get(ctx, s, id)
}

func (n installationRun[M, T, B]) get(ctx context.Context, s *Server, id uuid.UUID) (*installationRunOutput[T], error) {
	row, err := n.read(ctx, id)
	if err != nil {
		return nil, err
	}
	process := s.process(ctx, n.process, n.head(&row).TenantID, id)
	return &installationRunOutput[T]{Location: n.path() + "/" + id.String(), Body: n.body(row, process)}, nil
}

func (n installationRun[M, T, B]) list(ctx context.Context, in *installationRunListInput) (*listOutput[T], error) {
	body := func(row M) T { return n.body(row, nil) }
	return listPage(in.PageQuery, in.Sort, body, func(page store.Page) (store.Rows[M], error) { return n.page(ctx, page) })
}
