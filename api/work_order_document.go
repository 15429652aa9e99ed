package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"mainstay/internal/pdf"
	"mainstay/models"
	"mainstay/models/store"
)

// printed is how many rows of each kind a sheet has at most.
const printed = 200

// blankHours are the rows for hours that are written down at the machine.
const blankHours = 3

func (s *Server) workOrderDocumentRoute() {
	register(s, operation{
		method: http.MethodGet, path: "/v1/work-orders/{id}/document", id: "get-work-order-document", tag: "Work orders",
		summary: "A work order to print, as a PDF in the reader's language", permission: models.PermissionWorkOrdersRead,
	}, s.workOrderDocument)
}

func (s *Server) workOrderDocument(ctx context.Context, in *struct {
	ID uuid.UUID `path:"id"`
},
) (*huma.StreamResponse, error) {
	sheet, err := s.readWorkOrderSheet(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	doc, err := sheet.document(s.options.PublicURL)
	if err != nil {
		return nil, err
	}
	content, err := doc.Bytes()
	if err != nil {
		return nil, err
	}
	return s.sendDocument(ctx, sheet.order.Number+".pdf", "application/pdf", content), nil
}

// workOrderSheet is what a work order on paper is set from; what its reader may not read is missing.
type workOrderSheet struct {
	words    models.WorkOrderWords
	company  string
	order    store.WorkOrderView
	parts    *store.Rows[store.ReservationView]
	labor    store.Rows[store.LaborView]
	comments store.Rows[store.CommentView]
	at       time.Time
}

func (s *Server) readWorkOrderSheet(ctx context.Context, id uuid.UUID) (*workOrderSheet, error) {
	actor, _ := models.ActorFrom(ctx)
	sheet := &workOrderSheet{at: time.Now()}
	var err error
	if sheet.order, err = s.store.WorkOrder(ctx, id); err != nil {
		return nil, err
	}
	reader, err := s.store.User(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	tenant, err := s.store.Tenant(ctx)
	if err != nil {
		return nil, err
	}
	sheet.company, sheet.words = tenant.Name, models.WordsOfWorkOrder(reader.Locale)
	if actor.Can(models.PermissionReservationsRead) {
		parts, err := s.store.Reservations(ctx, store.ReservationFilter{
			WorkOrderIDs: []uuid.UUID{id}, Statuses: []string{string(models.ReservationReserved), string(models.ReservationBackordered), string(models.ReservationIssued)},
		}, store.Page{Limit: printed, Sort: "created_at"})
		if err != nil {
			return nil, err
		}
		sheet.parts = &parts
	}
	if sheet.labor, err = s.store.LaborEntries(ctx, id, store.Page{Limit: printed, Sort: "worked_on"}); err != nil {
		return nil, err
	}
	sheet.comments, err = s.store.Comments(ctx, "work_order", id, store.Page{Limit: printed, Sort: "created_at"})
	return sheet, err
}

func (f *workOrderSheet) document(publicURL string) (*pdf.WorkOrder, error) {
	zone, err := models.Zone(f.order.TimeZone)
	if err != nil {
		return nil, err
	}
	w, o := f.words, f.order
	doc := &pdf.WorkOrder{
		Company: f.company, Heading: w.WorkOrder + " " + o.Number, Title: o.Title, Page: w.Page, Date: f.at,
		Running: o.Number + ", " + strings.ReplaceAll(w.Printed, "%s", w.Moment(f.at, zone)),
		Link:    publicURL + "/work-orders/" + o.ID.String(), Facts: f.facts(), Sign: []string{w.DoneBy, w.Date, w.Signature},
	}
	for _, text := range []pdf.Fact{{Name: w.Work, Value: o.Description}, {Name: w.Done, Value: o.Resolution}} {
		if text.Value != "" {
			doc.Texts = append(doc.Texts, text)
		}
	}
	if f.parts != nil && len(f.parts.Items) > 0 {
		doc.Sections = append(doc.Sections, f.partsSection())
	}
	doc.Sections = append(doc.Sections, f.laborSection())
	if len(f.comments.Items) > 0 {
		doc.Sections = append(doc.Sections, f.commentSection(zone))
	}
	return doc, nil
}

func (f *workOrderSheet) facts() []pdf.Fact {
	w, o := f.words, f.order
	var facts []pdf.Fact
	add := func(name string, parts ...string) {
		if text := strings.TrimSpace(strings.Join(parts, " ")); text != "" {
			facts = append(facts, pdf.Fact{Name: name, Value: text})
		}
	}
	text := func(p *string) string {
		if p == nil {
			return ""
		}
		return *p
	}
	add(w.Asset, text(o.AssetCode), text(o.AssetName))
	add(w.Location, o.LocationCode, o.LocationName)
	if o.SiteID != o.LocationID {
		add(w.Site, o.SiteCode, o.SiteName)
	}
	add(w.Type, w.Types[o.Type])
	add(w.Priority, w.Priorities[o.Priority])
	add(w.Status, w.Statuses[o.Status])
	add(w.Due, w.DayOf(o.DueOn))
	add(w.Planned, w.DayOf(o.StartOn))
	names := make([]string, len(o.Assignees))
	for i, person := range o.Assignees {
		names[i] = person.Name
	}
	add(w.People, strings.Join(names, ", "))
	if o.PlannedHours != nil {
		add(w.Estimate, w.Figure(*o.PlannedHours))
	}
	add(w.Schedule, text(o.ScheduleNumber), text(o.ScheduleTitle))
	add(w.Request, text(o.RequestNumber), text(o.RequestTitle))
	return facts
}

func (f *workOrderSheet) partsSection() pdf.Section {
	w := f.words
	section := pdf.Section{Title: w.Parts, Columns: []pdf.Column{
		{Title: w.Part, Width: 34}, {Title: w.Name}, {Title: w.From, Width: 40}, {Title: w.Quantity, Width: 28, Right: true},
	}}
	for _, p := range f.parts.Items {
		section.Rows = append(section.Rows, []string{p.ItemCode, p.ItemName, p.LocationName, w.Figure(p.Quantity) + " " + p.Unit})
	}
	return f.ended(section, f.parts.Next)
}

func (f *workOrderSheet) laborSection() pdf.Section {
	w := f.words
	section := pdf.Section{Title: w.Hours, Blank: blankHours, Columns: []pdf.Column{
		{Title: w.Day, Width: 40}, {Title: w.Person}, {Title: w.Hours, Width: 24, Right: true},
	}}
	for _, e := range f.labor.Items {
		section.Rows = append(section.Rows, []string{w.DayOf(&e.WorkedOn), e.UserName, w.Figure(e.Hours)})
	}
	return f.ended(section, f.labor.Next)
}

func (f *workOrderSheet) commentSection(zone *time.Location) pdf.Section {
	w := f.words
	section := pdf.Section{Title: w.Comments, Columns: []pdf.Column{{Title: w.When, Width: 44}, {Title: w.Person, Width: 36}, {Title: w.Comment}}}
	for _, c := range f.comments.Items {
		section.Rows = append(section.Rows, []string{w.Moment(c.CreatedAt, zone), c.AuthorName, c.Text})
	}
	return f.ended(section, f.comments.Next)
}

// ended says below a section that it goes on where it does.
func (f *workOrderSheet) ended(section pdf.Section, next []string) pdf.Section {
	if next != nil {
		section.After = f.words.Further
	}
	return section
}
