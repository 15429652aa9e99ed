package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
	"mainstay/models/store"
)

// TimelineEntry is one thing that happened to a work order.
type TimelineEntry struct {
	ID       uuid.UUID        `json:"id"`
	At       time.Time        `json:"at"`
	Kind     string           `json:"kind" enum:"event,comment,labor,cost"`
	Actor    *store.Person    `json:"actor,omitempty" doc:"absent: the system"`
	Action   string           `json:"action" doc:"of an event its name, of labor and costs their kind"`
	Text     string           `json:"text,omitempty" doc:"comment, description of a cost, reason of an event"`
	Before   map[string]any   `json:"before,omitempty" doc:"the fields that an event changed, as they were"`
	After    map[string]any   `json:"after,omitempty" doc:"the same as they are"`
	Hours    *decimal.Decimal `json:"hours,omitempty"`
	WorkedOn *models.Date     `json:"worked_on,omitempty"`
	Amount   *Money           `json:"amount,omitempty"`
}

func (s *Server) timelineRoutes() {
	register(s, operation{
		method: http.MethodGet, path: "/v1/work-orders/{id}/timeline", id: "get-work-order-timeline", tag: "Work orders",
		summary: "Read what happened to a work order", permission: models.PermissionWorkOrdersRead,
	}, s.listTimeline)
}

type timelineInput struct {
	ID uuid.UUID `path:"id"`
	PageQuery
	Sort string `query:"sort" default:"-at" enum:"at,-at"`
}

func (s *Server) listTimeline(ctx context.Context, in *timelineInput) (*listOutput[TimelineEntry], error) {
	return listPage(in.PageQuery, in.Sort, timelineBody, func(page store.Page) (store.Rows[store.TimelineEntry], error) {
		return s.store.Timeline(ctx, in.ID, page)
	})
}

func timelineBody(e store.TimelineEntry) TimelineEntry {
	out := TimelineEntry{
		ID: e.ID, At: e.At, Kind: e.Kind, Action: e.Action, Text: e.Text, Before: fieldsOf(e.Before), After: fieldsOf(e.After),
		Hours: e.Hours, WorkedOn: e.WorkedOn,
	}
	if e.ActorName != nil {
		out.Actor = &store.Person{ID: e.ActorID, Name: *e.ActorName}
	}
	if e.Amount != nil && e.Currency != nil {
		amount := moneyOf(*e.Amount, *e.Currency)
		out.Amount = &amount
	}
	return out
}

// fieldsOf reads a document of our own; nil where there is none.
func fieldsOf(document json.RawMessage) map[string]any {
	var fields map[string]any
	_ = json.Unmarshal(document, &fields)
	return fields
}
