package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/models/store"
)

const (
	heartbeat  = 15 * time.Second
	streamLife = 15 * time.Minute // then the client comes again with Last-Event-ID, and its sign-in is checked anew
	replayMost = 1000
)

// Event is the data of a server-sent event. It says what changed, not how: the client reads the subject again.
type Event struct {
	ID          uuid.UUID `json:"id"`
	At          time.Time `json:"at"`
	Action      string    `json:"action" example:"work_order.complete"`
	SubjectType string    `json:"subject_type"`
	SubjectID   uuid.UUID `json:"subject_id"`
}

// eventReaders says who may follow the changes of which noun; a noun that is not listed is followed by nobody.
var eventReaders = map[string]models.Permission{
	"approval_case":        models.PermissionApprovalsRead, // those that one has to do with
	"approval_policy":      models.PermissionApprovalPoliciesRead,
	"catalog_entry":        models.PermissionCatalogRead,
	"delegation":           models.PermissionDelegationsRead, // from or to oneself
	"exchange_rate":        models.PermissionExchangeRatesRead,
	"goods_receipt":        models.PermissionPurchaseOrdersRead,
	"item":                 models.PermissionItemsRead,
	"purchase_order":       models.PermissionPurchaseOrdersRead,
	"requisition":          models.PermissionRequisitionsRead,
	"reservation":          models.PermissionReservationsRead,
	"stock_movement":       models.PermissionStockMovementsRead,
	"stock_transfer":       models.PermissionStockMovementsRead,
	"supplier":             models.PermissionSuppliersRead,
	"supplier_invoice":     models.PermissionSupplierInvoicesRead,
	"asset":                models.PermissionAssetsRead,
	"asset_category":       models.PermissionAssetCategoriesRead,
	"asset_disposal":       models.PermissionAssetDisposalsRead,
	"asset_template":       models.PermissionAssetTemplatesRead,
	"asset_transfer":       models.PermissionAssetTransfersRead,
	"attachment":           models.PermissionAttachmentsRead,
	"comment":              models.PermissionWorkOrdersRead,
	"cost_center":          models.PermissionCostCentersRead,
	"department":           models.PermissionDepartmentsRead,
	"failure_code":         models.PermissionFailureCodesRead,
	"job_plan":             models.PermissionJobPlansRead,
	"labor_entry":          models.PermissionWorkOrdersRead,
	"location":             models.PermissionLocationsRead,
	"maintenance_schedule": models.PermissionMaintenanceSchedulesRead,
	"meter":                models.PermissionMetersRead,
	"notification":         models.PermissionNotificationsRead, // one's own only
	"user":                 models.PermissionUsersRead,
	"work_order":           models.PermissionWorkOrdersRead,
	"work_order_cost":      models.PermissionCostsRead,
	"work_request":         models.PermissionWorkRequestsRead,
}

// eventsAnywhere are the nouns that stand at no place: who sees some places only follows them like everybody.
var eventsAnywhere = map[string]bool{
	"approval_case": true, "approval_policy": true, "catalog_entry": true, "delegation": true, "exchange_rate": true, "goods_receipt": true,
	"item": true, "purchase_order": true, "requisition": true, "supplier": true, "supplier_invoice": true,
}

func (s *Server) eventRoutes() {
	s.events = newEventFeed(s.store, s.telemetry.Logger)
	register(s, operation{
		method: http.MethodGet, path: "/v1/events", id: "follow-events", tag: "Events",
		summary: "Follow changes as server-sent events", permission: models.PermissionEventsRead,
	}, s.followEvents)
}

type followEventsInput struct {
	Topics      []string `query:"topics,explode" maxItems:"50" doc:"kinds of subjects, such as work_order; notification is one's own inbox; all that one may read where it is missing"`
	LastEventID string   `header:"Last-Event-ID" format:"uuid" doc:"sends what came after it first; an event named reset says that too much did"`
}

func (s *Server) followEvents(ctx context.Context, in *followEventsInput) (*huma.StreamResponse, error) {
	actor, _ := models.ActorFrom(ctx)
	for _, topic := range in.Topics {
		if _, ok := eventReaders[topic]; !ok {
			return nil, models.InvalidField("topics", "enum", "There are no events of %q.", topic)
		}
	}
	live, leave, err := s.events.follow(ctx, actor)
	if err != nil {
		return nil, err
	}
	var missed []store.Event
	if in.LastEventID != "" {
		if missed, err = s.store.Events(ctx, uuid.MustParse(in.LastEventID), replayMost+1); err != nil {
			leave()
			return nil, err
		}
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer leave()
		hc.SetHeader("Content-Type", "text/event-stream")
		hc.SetHeader("Cache-Control", "no-store")
		hc.SetHeader("X-Accel-Buffering", "no")
		stream := &eventStream{server: s, actor: actor, began: time.Now(), topics: in.Topics, out: hc.BodyWriter()}
		if err := stream.run(hc.Context(), missed, live); err != nil && ctx.Err() == nil {
			s.telemetry.Logger.WarnContext(ctx, "event stream", "error", err)
		}
	}}, nil
}

// eventStream is one open answer.
type eventStream struct {
	server *Server
	actor  models.Actor
	began  time.Time
	topics []string
	out    io.Writer
}

func (e *eventStream) run(ctx context.Context, missed []store.Event, live <-chan store.Event) error {
	ctx, cancel := context.WithTimeout(ctx, streamLife)
	defer cancel()
	if err := e.replay(ctx, missed); err != nil {
		return err
	}
	replayed := make(map[uuid.UUID]bool, len(missed))
	for _, m := range missed {
		replayed[m.ID] = true
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-e.server.draining:
			return nil
		case <-beat.C:
			if !e.holds() {
				return nil
			}
			if err := e.write(": still here\n\n"); err != nil {
				return err
			}
		case next, open := <-live:
			if !open {
				return nil // too slow: the client comes again with Last-Event-ID
			}
			if !e.holds() {
				return nil
			}
			if replayed[next.ID] {
				continue
			}
			if err := e.send(ctx, next); err != nil {
				return err
			}
		}
	}
}

// holds says whether the sign-in and its rights are still those under which the stream began.
func (e *eventStream) holds() bool { return e.server.verifier.Holds(e.actor.SessionID, e.began) }

// replay sends what the client missed, or tells it to read everything again.
func (e *eventStream) replay(ctx context.Context, missed []store.Event) error {
	if err := e.write("retry: 2000\n\n"); err != nil {
		return err
	}
	if len(missed) > replayMost {
		return e.write(fmt.Sprintf("id: %s\nevent: reset\ndata: {}\n\n", models.FirstIDAt(time.Now().Add(-feedOverlap))))
	}
	return e.send(ctx, missed...)
}

// send writes those events that the actor follows and may see.
func (e *eventStream) send(ctx context.Context, events ...store.Event) error {
	events = slices.DeleteFunc(slices.Clone(events), func(v store.Event) bool {
		permission, known := eventReaders[v.SubjectType]
		return !known || !e.actor.Can(permission) || (v.ReaderID != nil && *v.ReaderID != e.actor.UserID) || (len(e.topics) > 0 && !slices.Contains(e.topics, v.SubjectType))
	})
	events, err := e.own(ctx, events)
	if err != nil {
		return err
	}
	if e.actor.Scoped() && len(events) > 0 {
		subjects := make([]uuid.UUID, len(events))
		for i, v := range events {
			subjects[i] = v.SubjectID
		}
		within, err := e.server.store.WithinLocations(ctx, subjects)
		if err != nil {
			return err
		}
		events = slices.DeleteFunc(events, func(v store.Event) bool {
			return v.ReaderID == nil && !eventsAnywhere[v.SubjectType] && !within[v.SubjectID]
		})
	}
	for _, v := range events {
		data, err := json.Marshal(Event{ID: v.ID, At: v.At, Action: v.Action, SubjectType: v.SubjectType, SubjectID: v.SubjectID})
		if err != nil {
			return err
		}
		if err := e.write(fmt.Sprintf("id: %s\nevent: %s\ndata: %s\n\n", v.ID, v.SubjectType, data)); err != nil {
			return err
		}
	}
	return nil
}

// own leaves out approvals and delegations that the actor has nothing to do with.
func (e *eventStream) own(ctx context.Context, events []store.Event) ([]store.Event, error) {
	personal := func(v store.Event) bool { return v.SubjectType == "approval_case" || v.SubjectType == "delegation" }
	if e.actor.Can(models.PermissionAuditRead) || !slices.ContainsFunc(events, personal) {
		return events, nil
	}
	subjects := make([]uuid.UUID, len(events))
	for i, v := range events {
		subjects[i] = v.SubjectID
	}
	own, err := e.server.store.OwnApprovals(ctx, subjects)
	return slices.DeleteFunc(events, func(v store.Event) bool { return personal(v) && !own[v.SubjectID] }), err
}

func (e *eventStream) write(text string) error {
	if _, err := io.WriteString(e.out, text); err != nil {
		return err
	}
	if flusher, ok := e.out.(http.Flusher); ok {
		flusher.Flush()
	}
	return nil
}
