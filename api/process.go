package api

import (
	"context"
	"net/url"

	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/workflows"
)

// process names the workflow behind a noun; the link is for operators only.
func (s *Server) process(ctx context.Context, kind string, tenant, id uuid.UUID) *Process {
	p := &Process{WorkflowID: workflows.WorkflowID(kind, tenant, id), Type: kind}
	if actor, ok := models.ActorFrom(ctx); ok && s.options.TemporalUIURL != "" && actor.Can(models.PermissionOperationsRead) {
		p.URL = s.options.TemporalUIURL + "/namespaces/" + s.options.Namespace + "/workflows/" + url.PathEscape(p.WorkflowID)
	}
	return p
}

// begin hands the admitted create of a subject to its process c, which needs no CommandID. A repeat of a request that is done starts nothing.
func (s *Server) begin(ctx context.Context, admitted models.Command, c workflows.Command) error {
	if admitted.DoneAt != nil {
		return nil
	}
	c.CommandID = admitted.ID
	_, err := s.processes.Do(ctx, c)
	return err
}
