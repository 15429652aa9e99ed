package api

import (
	"context"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"time"

	"mainstay/internal/telemetry"
	"mainstay/models"
)

// System is how the installation is, for its operators.
type System struct {
	Version       string             `json:"version"`
	GoVersion     string             `json:"go_version"`
	StartedAt     time.Time          `json:"started_at" doc:"of the process that answers"`
	Dependencies  []SystemDependency `json:"dependencies" doc:"by name"`
	Figures       []SystemFigure     `json:"figures" doc:"of the whole installation, as /metrics has them, without what names a tenant"`
	TemporalUIURL string             `json:"temporal_ui_url,omitempty"`
	Namespace     string             `json:"temporal_namespace,omitempty"`
	MailUIURL     string             `json:"mail_ui_url,omitempty" doc:"where caught mail is read; absent where mail goes out"`
}

// SystemDependency is one of what the process stands on.
type SystemDependency struct {
	Name   string `json:"name" example:"database"`
	Status string `json:"status" enum:"ok,away"`
	TookMS int64  `json:"took_ms" doc:"until it answered"`
}

// SystemFigure is one number over all tenants.
type SystemFigure struct {
	Name   string  `json:"name" enum:"assets,users_active,work_orders,work_orders_overdue,maintenance_schedules,generation_lag_seconds,outbox_oldest_seconds,processes_late"`
	Status string  `json:"status,omitempty" doc:"of work_orders and maintenance_schedules"`
	Value  float64 `json:"value"`
}

type systemOutput struct{ Body System }

func (s *Server) systemRoutes() {
	register(s, operation{
		method: http.MethodGet, path: "/v1/system", id: "get-system", tag: operationsTag, permission: models.PermissionOperationsRead,
		summary: "Read versions, dependencies and how far the processes are behind",
	}, s.getSystem)
}

// dependencyWithin bounds how long the answer waits for a dependency.
const dependencyWithin = 3 * time.Second

// getSystem answers while dependencies are away; without the database there are no figures.
func (s *Server) getSystem(ctx context.Context, _ *struct{}) (*systemOutput, error) {
	figures, err := s.store.Figures(ctx)
	if err != nil {
		s.telemetry.Logger.WarnContext(ctx, "figures", "error", err)
	}
	out := System{
		Version: s.options.Version, GoVersion: runtime.Version(), StartedAt: s.startedAt, Dependencies: askAll(ctx, s.options.Ready),
		Figures: make([]SystemFigure, len(figures)), TemporalUIURL: s.options.TemporalUIURL, Namespace: s.options.Namespace,
		MailUIURL: s.options.MailUIURL,
	}
	for i, f := range figures {
		out.Figures[i] = SystemFigure(f)
	}
	return &systemOutput{Body: out}, nil
}

func askAll(ctx context.Context, checks map[string]telemetry.Check) []SystemDependency {
	ctx, cancel := context.WithTimeout(ctx, dependencyWithin)
	defer cancel()
	out := make([]SystemDependency, len(checks))
	var all sync.WaitGroup
	for i, name := range slices.Sorted(maps.Keys(checks)) {
		all.Go(func() {
			began := time.Now()
			out[i] = SystemDependency{Name: name, Status: "ok"}
			if checks[name](ctx) != nil {
				out[i].Status = "away"
			}
			out[i].TookMS = time.Since(began).Milliseconds()
		})
	}
	all.Wait()
	return out
}
