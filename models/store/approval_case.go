package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"mainstay/models"
)

// The seam to the subjects of approvals. A subject calls openApproval in the transaction that submits it and keeps the case's id in
// its row; the end of the case comes back as a refresh of the subject's process, whose row then reads the case's status. Locks are
// taken subject first, then case.

// openApproval asks for the approval of a subject: the tenant's policies are evaluated, and where one matches a case with its
// frozen route is opened, its first level asked and its process started. Nil means that no policy matches: the subject is approved
// at once. A conflict says that too few people are left who may decide. The case is written when it returns.
func (tx *Tx) openApproval(s models.ApprovalSubject) (*uuid.UUID, error) {
	policies, err := txRead[models.ApprovalPolicy](tx, policiesOfSubject, tx.Actor.TenantID, string(s.Type))
	if err != nil {
		return nil, err
	}
	return tx.openApprovalUnder(policies, s)
}

var policiesOfSubject = `SELECT ` + columns[models.ApprovalPolicy]("p") + ` FROM approval_policies p
	WHERE p.tenant_id = $1 AND p.subject = $2 AND p.archived_at IS NULL ORDER BY p.created_at, p.id`

// queuePolicies adds the read of a subject's policies to a batch.
func queuePolicies(b *pgx.Batch, tenant uuid.UUID, subject models.ApprovalSubjectType, into *[]models.ApprovalPolicy) {
	b.Queue(policiesOfSubject, tenant, string(subject)).Query(func(r pgx.Rows) (err error) {
		*into, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[models.ApprovalPolicy])
		return err
	})
}

// openApprovalUnder is openApproval where the policies were read already.
func (tx *Tx) openApprovalUnder(policies []models.ApprovalPolicy, s models.ApprovalSubject) (*uuid.UUID, error) {
	if len(policies) == 0 {
		return nil, nil //nolint:nilnil // no policy, no case
	}
	route, err := tx.routeApproval(policies, s)
	if err != nil || len(route.Levels) == 0 {
		return nil, err
	}
	zones, err := txValues[string](tx, `SELECT time_zone FROM tenants WHERE id = $1`, tx.Actor.TenantID)
	if err != nil {
		return nil, err
	}
	a, err := models.OpenApproval(tx.Actor.TenantID, models.NewID(), s, route, zones[0], tx.Now)
	if err != nil {
		return nil, err
	}
	if s.PreviousID != nil {
		previous, err := tx.approvalCase(*s.PreviousID)
		if err != nil {
			return nil, err
		}
		a.Difference = models.ApprovalDifference(previous.Content, s.Content)
	}
	asked, err := tx.askLevel(&a)
	if err != nil {
		return nil, err
	}
	if err := tx.insertApproval(a); err != nil {
		return nil, err
	}
	if err := tx.notifyAsked(a, asked, models.NotifyApprovalRequested); err != nil {
		return nil, err
	}
	return &a.ID, errors.Join(
		tx.fact(models.Delivery{Kind: models.DeliverStart, Process: models.ProcessApproval, SubjectID: a.ID, Queue: models.QueueCore}),
		tx.Audit(Change{Action: "approval_case.open", SubjectType: "approval_case", SubjectID: a.ID, After: auditedApproval(a)}),
	)
}

// routeApproval evaluates policies; a route without levels means that none matches.
func (tx *Tx) routeApproval(policies []models.ApprovalPolicy, s models.ApprovalSubject) (models.ApprovalRoute, error) {
	facts, err := tx.approvalFacts(s)
	if err != nil {
		return models.ApprovalRoute{}, err
	}
	matches, err := models.MatchApproval(policies, facts)
	if err != nil || len(matches) == 0 {
		return models.ApprovalRoute{}, err
	}
	ids, roles := models.WantedPeople(matches)
	people, err := tx.approvalPeople(ids, roles, s.LocationID)
	if err != nil {
		return models.ApprovalRoute{}, err
	}
	return models.RouteApproval(matches, people, s.Excluded())
}

func (tx *Tx) approvalFacts(s models.ApprovalSubject) (models.ApprovalFacts, error) {
	type paths struct{ Departments, Categories, Locations []uuid.UUID }
	up := func(table string, arg int) string {
		return fmt.Sprintf(`ARRAY (WITH RECURSIVE up AS (SELECT id, parent_id FROM %[1]s WHERE tenant_id = $1 AND id = $%[2]d
			UNION SELECT t.id, t.parent_id FROM %[1]s t JOIN up ON t.id = up.parent_id WHERE t.tenant_id = $1) SELECT id FROM up)`, table, arg)
	}
	found, err := txRead[paths](tx, `SELECT `+up("departments", 2)+` AS departments, `+up("asset_categories", 3)+` AS categories,
		ARRAY (SELECT ancestor_id FROM location_paths WHERE tenant_id = $1 AND descendant_id = $4) AS locations`,
		tx.Actor.TenantID, s.DepartmentID, s.CategoryID, s.LocationID)
	if err != nil {
		return models.ApprovalFacts{}, err
	}
	return models.ApprovalFacts{
		Subject: s.Type, Amount: s.Amount, DepartmentPath: found[0].Departments, CategoryPath: found[0].Categories, LocationPath: found[0].Locations,
	}, nil
}

// approvalPeople reads people by id and by role, by name; location is the subject's.
func (tx *Tx) approvalPeople(ids []uuid.UUID, roles []models.Role, location *uuid.UUID) ([]models.ApprovalPerson, error) {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return txRead[models.ApprovalPerson](tx, `SELECT u.id, u.name, u.roles, coalesce(nullif(u.time_zone, ''), t.time_zone) AS time_zone,
			u.disabled_at IS NOT NULL AS disabled, $4::uuid IS NULL OR cardinality(u.location_ids) = 0 OR EXISTS (
				SELECT FROM location_paths p WHERE p.tenant_id = $1 AND p.descendant_id = $4 AND p.ancestor_id = ANY (u.location_ids)) AS in_scope
		FROM users u JOIN tenants t ON t.id = u.tenant_id
		WHERE u.tenant_id = $1 AND (u.id = ANY ($2::uuid[]) OR u.roles && $3::text[]) ORDER BY u.name, u.id`,
		tx.Actor.TenantID, notNull(ids), names, location)
}

func placeOfPeople(people []models.ApprovalPerson) models.ApprovalPlace {
	return func(user uuid.UUID) string {
		for _, p := range people {
			if p.ID == user {
				return p.TimeZone
			}
		}
		return "UTC"
	}
}

// askLevel puts the question of the next level to its people, or to who stands in for them now.
func (tx *Tx) askLevel(a *models.Approval) ([]models.ApprovalStep, error) {
	away, err := txRead[models.Delegation](tx, `SELECT `+delegationColumns+` FROM delegations d
		WHERE d.tenant_id = $1 AND d.revoked_at IS NULL AND d.starts_at <= $2 AND d.ends_at > $2 ORDER BY d.created_at DESC, d.id`,
		tx.Actor.TenantID, tx.Now)
	if err != nil {
		return nil, err
	}
	ids := slices.Clone(a.Route.Levels[a.Level+1].SeatIDs)
	for _, d := range away {
		ids = append(ids, d.ToID)
	}
	people, err := tx.approvalPeople(ids, nil, a.LocationID)
	if err != nil {
		return nil, err
	}
	standIn := func(seat uuid.UUID, barred func(uuid.UUID) bool) uuid.UUID {
		return models.StandIn(away, seat, tx.Now, func(user uuid.UUID) bool { return barred(user) || !mayDecide(people, user) })
	}
	return a.Ask(placeOfPeople(people), standIn, tx.Now)
}

func mayDecide(people []models.ApprovalPerson, user uuid.UUID) bool {
	return slices.ContainsFunc(people, func(p models.ApprovalPerson) bool { return p.ID == user && p.MayDecide() })
}

const approvalCaseColumns = `c.tenant_id, c.id, c.subject_type, c.subject_id, c.status, c.requester_id, c.editor_ids, c.amount,
	c.location_id, c.content, c.content_hash, c.route, c.level, c.previous_id, c.difference, c.next_content, c.reason, c.ended_at, c.ended_by,
	c.expires_at, c.next_action_at, c.process_started_at, c.version, c.created_at, c.updated_at`

const approvalStepColumns = `s.tenant_id, s.id, s.case_id, s.level, s.seat_id, s.user_id, s.via, s.status, s.comment, s.channel, s.asked_at,
	s.remind_at, s.escalate_at, s.reminded_at, s.escalated_at, s.decided_at, s.content_hash`

func (tx *Tx) approvalCase(id uuid.UUID) (models.ApprovalCase, error) {
	return txReadOne[models.ApprovalCase](tx, "approval", `SELECT `+approvalCaseColumns+` FROM approval_cases c
		WHERE c.tenant_id = $1 AND c.id = $2`, tx.Actor.TenantID, id)
}

// lockApproval locks a case and reads its steps.
func (tx *Tx) lockApproval(id uuid.UUID) (models.Approval, error) {
	c, err := txReadOne[models.ApprovalCase](tx, "approval", `SELECT `+approvalCaseColumns+` FROM approval_cases c
		WHERE c.tenant_id = $1 AND c.id = $2 FOR NO KEY UPDATE`, tx.Actor.TenantID, id)
	if err != nil {
		return models.Approval{}, err
	}
	steps, err := txRead[models.ApprovalStep](tx, `SELECT `+approvalStepColumns+` FROM approval_steps s
		WHERE s.tenant_id = $1 AND s.case_id = $2 ORDER BY s.asked_at, s.id`, tx.Actor.TenantID, id)
	return models.Approval{ApprovalCase: c, Steps: steps}, err
}

func (tx *Tx) insertApproval(a models.Approval) error {
	content, err := json.Marshal(a.Content)
	if err != nil {
		return err
	}
	route, err := json.Marshal(a.Route)
	if err != nil {
		return err
	}
	difference, err := json.Marshal(notNullChanges(a.Difference))
	if err != nil {
		return err
	}
	if _, err := tx.exec(`INSERT INTO approval_cases (tenant_id, id, subject_type, subject_id, status, requester_id, editor_ids, amount, location_id,
			content, content_hash, route, level, previous_id, difference, expires_at, next_action_at, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		a.TenantID, a.ID, string(a.SubjectType), a.SubjectID, string(a.Status), a.RequesterID, notNull(a.EditorIDs), a.Amount, a.LocationID,
		string(content), a.ContentHash, string(route), a.Level, a.PreviousID, string(difference), a.ExpiresAt, a.NextActionAt, a.Version,
		a.CreatedAt, a.UpdatedAt); err != nil {
		return err
	}
	return tx.saveSteps(a.Steps)
}

func notNullChanges(changes []models.ApprovalChange) []models.ApprovalChange {
	if changes == nil {
		return []models.ApprovalChange{}
	}
	return changes
}

// saveApproval writes a locked case and its steps.
func (tx *Tx) saveApproval(a models.Approval) error {
	var next any
	if a.NextContent != nil {
		text, err := json.Marshal(a.NextContent)
		if err != nil {
			return err
		}
		next = string(text)
	}
	if _, err := tx.exec(`UPDATE approval_cases SET status = $3, level = $4, next_content = $5, reason = $6, ended_at = $7, ended_by = $8,
			next_action_at = $9, version = $10, updated_at = $11 WHERE tenant_id = $1 AND id = $2`,
		a.TenantID, a.ID, string(a.Status), a.Level, next, a.Reason, a.EndedAt, a.EndedBy, a.NextActionAt, a.Version, a.UpdatedAt); err != nil {
		return err
	}
	return tx.saveSteps(a.Steps)
}

// saveSteps writes the steps in the order in which they were asked: who gives a voice away does so before another gets it.
func (tx *Tx) saveSteps(steps []models.ApprovalStep) error {
	for _, s := range steps {
		if _, err := tx.exec(`INSERT INTO approval_steps (tenant_id, id, case_id, level, seat_id, user_id, via, status, comment, channel, asked_at,
				remind_at, escalate_at, reminded_at, escalated_at, decided_at, content_hash)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
			ON CONFLICT (tenant_id, id) DO UPDATE SET status = excluded.status, comment = excluded.comment, channel = excluded.channel,
				reminded_at = excluded.reminded_at, escalated_at = excluded.escalated_at, decided_at = excluded.decided_at,
				content_hash = excluded.content_hash`,
			s.TenantID, s.ID, s.CaseID, s.Level, s.SeatID, s.UserID, string(s.Via), string(s.Status), s.Comment, s.Channel, s.AskedAt, s.RemindAt,
			s.EscalateAt, s.RemindedAt, s.EscalatedAt, s.DecidedAt, s.ContentHash); err != nil {
			return err
		}
	}
	return nil
}

// voidApproval ends an open case because its content changed; next is what the subject is now. A case that is over stays as it is.
func (tx *Tx) voidApproval(id uuid.UUID, reason string, next models.ApprovalContent) error {
	return tx.endApproval(id, models.ApprovalVoid, reason, &next)
}

// withdrawApproval ends an open case because its subject is taken back. A case that is over stays as it is.
func (tx *Tx) withdrawApproval(id uuid.UUID, reason string) error {
	return tx.endApproval(id, models.ApprovalWithdrawn, reason, nil)
}

func (tx *Tx) endApproval(id uuid.UUID, status models.ApprovalStatus, reason string, next *models.ApprovalContent) error {
	a, err := tx.lockApproval(id)
	if err != nil || a.Status != models.ApprovalOpen {
		return err
	}
	before := auditedApproval(a)
	var by *uuid.UUID
	if tx.Actor.UserID != uuid.Nil {
		by = &tx.Actor.UserID
	}
	a.End(status, reason, by, tx.Now)
	a.NextContent = next
	if err := tx.saveApproval(a); err != nil {
		return err
	}
	wake := models.Delivery{Kind: models.DeliverRefresh, Process: models.ProcessApproval, SubjectID: id, Queue: models.QueueCore}
	return errors.Join(tx.fact(wake), tx.approvalEnded(a), tx.Audit(Change{
		Action: "approval_case." + string(status), SubjectType: "approval_case", SubjectID: id, Before: before, After: auditedApproval(a), Reason: reason,
	}))
}

// changeApproval judges an edit of a subject that waits for its case: within the tolerance the case stays; else it is void, and the
// subject as it is now is submitted anew. The answer is the case that counts from now on, nil where no policy matches any more.
func (tx *Tx) changeApproval(id uuid.UUID, s models.ApprovalSubject) (*uuid.UUID, error) {
	was, err := tx.lockApproval(id)
	if err != nil {
		return nil, err
	}
	live := was.Status == models.ApprovalOpen || was.Status == models.ApprovalApproved
	if !live || was.Route.Terms.Tolerates(was.Content, s.Content) {
		return &id, nil // a refusal stands, whatever is edited after it
	}
	for _, editor := range was.EditorIDs {
		if !slices.Contains(s.EditorIDs, editor) {
			s.EditorIDs = append(s.EditorIDs, editor)
		}
	}
	// An approval that the subject has not yet followed is not void, but counts no more.
	if err := tx.voidApproval(id, "The content changed after it was submitted.", s.Content); err != nil {
		return nil, err
	}
	s.PreviousID = &id
	return tx.openApproval(s)
}

// approvalEnded tells the subject's process that the case is over, and the requester how it ended.
func (tx *Tx) approvalEnded(a models.Approval) error {
	if process := a.SubjectType.Process(); process != "" {
		if err := tx.fact(models.Delivery{
			Kind: models.DeliverRefresh, Process: process, SubjectID: a.SubjectID, Queue: models.QueueCore,
		}); err != nil {
			return err
		}
	}
	return tx.notifyApprovalRequester(a)
}

// auditedApproval is what the audit log keeps of a case: its state, not its text.
func auditedApproval(a models.Approval) map[string]any {
	return map[string]any{
		"subject_type": a.SubjectType, "subject_id": a.SubjectID, "status": a.Status, "amount": a.Amount, "level": a.Level,
		"content_hash": fmt.Sprintf("%x", a.ContentHash), "previous_id": a.PreviousID, "ended_by": a.EndedBy, "expires_at": a.ExpiresAt,
	}
}

// notifyAsked tells people that an approval waits for them; kind says why now.
func (tx *Tx) notifyAsked(a models.Approval, steps []models.ApprovalStep, kind string) error {
	for _, s := range steps {
		if err := tx.notify(models.Notification{
			ID: models.NotificationID(kind+" "+s.ID.String(), a.ID, s.UserID), UserID: s.UserID, Kind: kind, SubjectType: "approval_case",
			SubjectID: a.ID, Title: a.Content.Number + " " + a.Content.Title, Details: a.Notice(),
		}); err != nil {
			return err
		}
	}
	return nil
}

// notifyApprovalRequester tells who asked how the case ended, unless he ended it himself.
func (tx *Tx) notifyApprovalRequester(a models.Approval) error {
	if a.RequesterID == nil || (a.EndedBy != nil && *a.EndedBy == *a.RequesterID) {
		return nil
	}
	kind := "approval." + string(a.Status)
	return tx.notify(models.Notification{
		ID: models.NotificationID(kind, a.ID, *a.RequesterID), UserID: *a.RequesterID, Kind: kind, SubjectType: string(a.SubjectType),
		SubjectID: a.SubjectID, Title: a.Content.Number + " " + a.Content.Title, Details: a.Notice(),
	})
}

// LoadApproval reads a case for its process and notes that the process runs. Nil when there is no such row.
func (s *Store) LoadApproval(ctx context.Context, id uuid.UUID) (*models.Approval, error) {
	var a models.Approval
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		if a, err = tx.lockApproval(id); err != nil || a.ProcessStartedAt != nil {
			return err
		}
		_, err = tx.exec(`UPDATE approval_cases SET process_started_at = $3 WHERE tenant_id = $1 AND id = $2`, tx.Actor.TenantID, id, tx.Now)
		return err
	})
	if isNotFound(err) {
		return nil, nil //nolint:nilnil // no row, no state
	}
	return &a, err
}

// RunApprovalAction does the automatic step when the rows still say that it is next and due. Nil when there is no such row.
func (s *Store) RunApprovalAction(ctx context.Context, id uuid.UUID, action models.ApprovalAction) (*models.Approval, error) {
	var a models.Approval
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		if a, err = tx.lockApproval(id); err != nil {
			return err
		}
		if next, at := a.NextAction(); next != action || next == models.ApprovalEnd || at.After(tx.Now) {
			return nil
		}
		before := auditedApproval(a)
		switch action {
		case models.ApprovalRemind:
			err = tx.notifyAsked(a, a.Remind(tx.Now), models.NotifyApprovalReminder)
		case models.ApprovalEscalate:
			err = tx.escalateApproval(&a)
		case models.ApprovalExpire:
			a.End(models.ApprovalExpired, "Nobody decided in time.", nil, tx.Now)
			err = tx.approvalEnded(a)
		case models.ApprovalEnd:
		}
		if err != nil {
			return err
		}
		if err := tx.saveApproval(a); err != nil {
			return err
		}
		return tx.Audit(Change{
			Action: "approval_case." + string(action), SubjectType: "approval_case", SubjectID: id, Before: before, After: auditedApproval(a),
		})
	})
	if isNotFound(err) {
		return nil, nil //nolint:nilnil // no row, no state
	}
	return &a, err
}

// escalateApproval asks the people of the route, or the administrators where it names none who may be asked.
func (tx *Tx) escalateApproval(a *models.Approval) error {
	people, err := tx.approvalPeople(a.Route.EscalateTo, []models.Role{models.RoleAdmin}, a.LocationID)
	if err != nil {
		return err
	}
	var named, administrators []uuid.UUID
	for _, p := range people {
		switch {
		case !p.MayDecide() || a.Barred(p.ID):
		case slices.Contains(a.Route.EscalateTo, p.ID):
			named = append(named, p.ID)
		case slices.Contains(p.Roles, models.RoleAdmin) && p.InScope:
			administrators = append(administrators, p.ID)
		}
	}
	if len(named) == 0 {
		named = administrators
	}
	asked, err := a.Escalate(named, placeOfPeople(people), tx.Now)
	if err != nil {
		return err
	}
	return tx.notifyAsked(*a, asked, models.NotifyApprovalEscalated)
}
