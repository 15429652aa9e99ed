package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/models/store"
)

// Notification tells the reader of one thing that happened.
type Notification struct {
	ID          uuid.UUID  `json:"id"`
	Kind        string     `json:"kind" example:"work_order.overdue"`
	SubjectType string     `json:"subject_type"`
	SubjectID   uuid.UUID  `json:"subject_id"`
	Title       string     `json:"title"`
	Body        string     `json:"body" doc:"what happened, in the reader's language"`
	CreatedAt   time.Time  `json:"created_at"`
	ReadAt      *time.Time `json:"read_at,omitempty"`
	MailedAt    *time.Time `json:"mailed_at,omitempty"`
	MailError   string     `json:"mail_error,omitempty" doc:"why the mail server refused it for good"`
}

func (s *Server) notificationRoutes() {
	const tag, path = "Notifications", "/v1/notifications"
	register(s, operation{
		method: http.MethodGet, path: path, id: "list-notifications", tag: tag,
		summary: "List one's own notifications", permission: models.PermissionNotificationsRead,
	}, s.listNotifications)
	register(s, operation{
		method: http.MethodPost, path: path + "/{id}/read", id: "read-notification", tag: tag,
		summary: "Mark a notification as read", permission: models.PermissionNotificationsRead,
	}, s.readNotification)
	register(s, operation{
		method: http.MethodPost, path: path + "/read-all", id: "read-all-notifications", tag: tag,
		summary: "Mark all one's notifications as read", permission: models.PermissionNotificationsRead,
	}, s.readAllNotifications)
}

type listNotificationsInput struct {
	PageQuery
	Unread     string   `query:"unread" enum:"true,false"`
	LocationID []string `query:"location_id,explode" doc:"what is about work and assets there and below, and what is about nothing that stands anywhere"`
	Sort       string   `query:"sort" default:"-created_at" enum:"created_at,-created_at"`
}

func (s *Server) listNotifications(ctx context.Context, in *listNotificationsInput) (*listOutput[Notification], error) {
	var faults models.Faults
	filter := store.NotificationFilter{LocationIDs: queryIDs(&faults, "location_id", in.LocationID)}
	if in.Unread != "" {
		filter.Unread = new(in.Unread == "true")
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return listPage(in.PageQuery, in.Sort, notificationBody, func(page store.Page) (store.Rows[store.NotificationView], error) {
		return s.store.Notifications(ctx, filter, page)
	})
}

func notificationBody(n store.NotificationView) Notification {
	return Notification{
		ID: n.ID, Kind: n.Kind, SubjectType: n.SubjectType, SubjectID: n.SubjectID, Title: n.Heading(n.Locale), Body: n.Text(n.Locale),
		CreatedAt: n.CreatedAt, ReadAt: n.ReadAt, MailedAt: n.MailedAt, MailError: n.MailError,
	}
}

type notificationOutput struct{ Body Notification }

func (s *Server) readNotification(ctx context.Context, in *recordPath) (*notificationOutput, error) {
	if _, err := s.store.ReadNotifications(ctx, []uuid.UUID{in.ID}); err != nil {
		return nil, err
	}
	n, err := s.store.Notification(ctx, in.ID)
	return &notificationOutput{Body: notificationBody(n)}, err
}

// ReadAll says how many notifications were unread before.
type ReadAll struct {
	Read int `json:"read"`
}

type readAllOutput struct{ Body ReadAll }

func (s *Server) readAllNotifications(ctx context.Context, _ *struct{}) (*readAllOutput, error) {
	read, err := s.store.ReadNotifications(ctx, nil)
	return &readAllOutput{Body: ReadAll{Read: read}}, err
}
