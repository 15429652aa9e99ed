package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// demoCostly is the cost in euros from which the demo company's work orders need an approval.
const demoCostly = 5000

// addApprovals gives the company policies for costly work and orders, and questions that wait for its approver since this morning.
func (c *demoCompany) addApprovals() {
	c.routes = map[models.ApprovalSubjectType]models.ApprovalRoute{}
	c.addPolicy(models.ApprovalOfWorkOrder, "Work")
	c.addPolicy(models.ApprovalOfPurchaseOrder, "Orders")
	waiting := 0
	for _, order := range c.orders {
		order["approval_case_id"], order["estimated_cost"] = nil, nil
		if order["status"] != models.WorkOrderWaitingApproval || waiting == 5 {
			continue
		}
		waiting++
		cost := decimal.NewFromInt(int64(demoCostly + 1340*waiting))
		order["estimated_cost"] = cost
		order["approval_case_id"] = c.addApproval(order, cost)
	}
}

// addPolicy asks the approver about what costs as much as demoCostly.
func (c *demoCompany) addPolicy(subject models.ApprovalSubjectType, what string) {
	policy, least := models.ApprovalPolicy{ApprovalTerms: models.DefaultApprovalTerms()}, decimal.NewFromInt(demoCostly)
	levels := []models.ApprovalLevel{{Mode: models.ApprovalByAny, Roles: []models.Role{models.RoleApprover}}}
	if err := policy.SetRules([]models.ApprovalRule{{MinAmount: &least, Levels: levels}}); err != nil {
		panic(err) // the rule is known
	}
	id := c.id("approval policy %s", subject)
	c.policies = append(c.policies, c.record(id, demoRow{
		"subject": subject, "name": fmt.Sprintf("%s from %d EUR", what, demoCostly), "rules": policy.Rules,
		"tolerance_amount": 0, "tolerance_percent": 0, "remind_days": policy.RemindDays, "escalate_days": policy.EscalateDays,
		"expire_days": policy.ExpireDays,
	}))
	c.routes[subject] = models.ApprovalRoute{
		PolicyIDs: []uuid.UUID{id}, Terms: policy.ApprovalTerms,
		Levels: []models.ApprovalRouteLevel{{Mode: models.ApprovalByAny, Need: 1, SeatIDs: []uuid.UUID{c.people["approver"]}, Roles: []models.Role{models.RoleApprover}}},
	}
}

// addApproval asks for one work order as its create would have, and returns the case's id.
func (c *demoCompany) addApproval(order demoRow, cost decimal.Decimal) uuid.UUID {
	requester, location := c.people["planner"], order["location_id"].(uuid.UUID) //nolint:forcetypeassert // written by addOrder
	title, number := order["title"].(string), order["number"].(string)           //nolint:forcetypeassert // written by addOrder
	return c.openCase(models.ApprovalSubject{
		Type: models.ApprovalOfWorkOrder, ID: order["id"].(uuid.UUID), RequesterID: &requester, Amount: cost, LocationID: &location, //nolint:forcetypeassert // as above
		Content: models.ApprovalContent{
			Number: number, Title: title, Amount: models.Money{Amount: cost, Currency: "EUR"},
			Facts: []models.ApprovalFact{
				{Label: "Why", Text: "The part is worn and the workshop has no time before the stop."},
				{Label: "Needed by", Text: fmt.Sprint(order["due_on"])},
			},
		},
	}, c.routes[models.ApprovalOfWorkOrder])
}

// openCase asks about a subject and returns the case's id.
func (c *demoCompany) openCase(subject models.ApprovalSubject, route models.ApprovalRoute) uuid.UUID {
	number, title := subject.Content.Number, subject.Content.Title
	asked := c.now.Add(-time.Hour)
	a, err := models.OpenApproval(c.tenant, c.id("approval %s", number), subject, route, "Europe/Berlin", asked)
	if err == nil {
		_, err = a.Ask(func(uuid.UUID) string { return "Europe/Berlin" }, func(seat uuid.UUID, _ func(uuid.UUID) bool) uuid.UUID { return seat }, asked)
	}
	if err != nil {
		panic(err) // the zone is known
	}
	c.cases = append(c.cases, demoRow{
		"tenant_id": c.tenant, "id": a.ID, "subject_type": a.SubjectType, "subject_id": a.SubjectID, "status": a.Status, "requester_id": a.RequesterID,
		"editor_ids": []string{}, "amount": a.Amount, "location_id": a.LocationID, "content": a.Content, "content_hash": byteaOf(a.ContentHash),
		"route": a.Route, "level": a.Level, "difference": json.RawMessage("[]"), "reason": "", "expires_at": a.ExpiresAt, "next_action_at": a.NextActionAt,
		"version": a.Version, "created_at": asked, "updated_at": asked,
	})
	for _, s := range a.Steps {
		step := c.id("approval step %s", number)
		c.steps = append(c.steps, demoRow{
			"tenant_id": c.tenant, "id": step, "case_id": a.ID, "level": s.Level, "seat_id": s.SeatID, "user_id": s.UserID, "via": s.Via,
			"status": s.Status, "comment": "", "channel": "", "asked_at": asked, "remind_at": s.RemindAt, "escalate_at": s.EscalateAt,
		})
		mail := models.NotificationID("approval.requested "+step.String(), a.ID, s.UserID)
		said := models.Notification{Kind: models.NotifyApprovalRequested, Details: a.Notice()}
		c.notifications = append(c.notifications, demoRow{
			"tenant_id": c.tenant, "id": mail, "user_id": s.UserID, "kind": said.Kind, "subject_type": "approval_case", "subject_id": a.ID,
			"title": number + " " + title, "body": said.Text("en"), "details": said.Details, "created_at": asked, "mail_error": "", "next_action_at": asked,
		})
		c.wake = append(c.wake,
			models.Delivery{Kind: models.DeliverStart, Process: models.ProcessApproval, SubjectID: a.ID, Queue: models.QueueCore},
			models.Delivery{Kind: models.DeliverStart, Process: models.ProcessNotification, SubjectID: mail, Queue: models.QueueIntegrations})
	}
	return a.ID
}

// byteaOf writes bytes as PostgreSQL reads them from text.
func byteaOf(bytes []byte) string { return fmt.Sprintf(`\x%x`, bytes) }
