package models

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// ApprovalStatus is where an approval case stands.
type ApprovalStatus string

// States of an approval case. All but open are final.
const (
	ApprovalOpen      ApprovalStatus = "open"
	ApprovalApproved  ApprovalStatus = "approved"
	ApprovalRejected  ApprovalStatus = "rejected"
	ApprovalWithdrawn ApprovalStatus = "withdrawn"
	ApprovalExpired   ApprovalStatus = "expired"
	ApprovalVoid      ApprovalStatus = "void" // its content changed after it was submitted
)

// ApprovalDecision is what a person answers.
type ApprovalDecision string

// Decisions.
const (
	DecideApprove ApprovalDecision = "approve"
	DecideReject  ApprovalDecision = "reject"
)

// ApprovalContent is exactly what an approver is shown; a decision is bound to its hash.
type ApprovalContent struct {
	Number string         `json:"number"` // of the subject: "WO-000123"
	Title  string         `json:"title"`
	Amount Money          `json:"amount"`
	Facts  []ApprovalFact `json:"facts"`
	Lines  []ApprovalLine `json:"lines"`
}

// ApprovalFact is one named line of text: "Why", "Needed by".
type ApprovalFact struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

// ApprovalLine is one position. Key tells which line of the subject it is, so that a changed line is not one removed and one new.
type ApprovalLine struct {
	Key       string           `json:"key"`
	Text      string           `json:"text"`
	Quantity  *decimal.Decimal `json:"quantity,omitempty"`
	Unit      string           `json:"unit,omitempty"`
	UnitPrice *decimal.Decimal `json:"unit_price,omitempty"`
	Total     *decimal.Decimal `json:"total,omitempty"`
}

// Hash is the SHA-256 of the content's canonical JSON: fields in their order, decimals without trailing zeros.
func (c ApprovalContent) Hash() ([]byte, error) {
	if c.Facts == nil {
		c.Facts = []ApprovalFact{}
	}
	if c.Lines == nil {
		c.Lines = []ApprovalLine{}
	}
	text, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("models: content of an approval: %w", err)
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}

// ApprovalChange is one difference between two contents. Before is empty for what is new, After for what was removed.
type ApprovalChange struct {
	Key    string `json:"key"`   // "title", "amount", "fact:Why", "line:<key>:quantity"
	Label  string `json:"label"` // in words
	Before string `json:"before"`
	After  string `json:"after"`
}

// ApprovalDifference lists what differs between two contents, in the order in which they are shown; empty when they are the same.
func ApprovalDifference(before, after ApprovalContent) []ApprovalChange {
	changes := []ApprovalChange{}
	note := func(key, label, was, is string) {
		if was != is {
			changes = append(changes, ApprovalChange{Key: key, Label: label, Before: was, After: is})
		}
	}
	note("title", "Title", before.Title, after.Title)
	note("amount", "Amount", amountText(before.Amount), amountText(after.Amount))
	for _, was := range before.Facts {
		is, _ := find(after.Facts, func(f ApprovalFact) bool { return f.Label == was.Label })
		note("fact:"+was.Label, was.Label, was.Text, is.Text)
	}
	for _, is := range after.Facts {
		if _, old := find(before.Facts, func(f ApprovalFact) bool { return f.Label == is.Label }); !old {
			note("fact:"+is.Label, is.Label, "", is.Text)
		}
	}
	for _, was := range before.Lines {
		is, kept := find(after.Lines, func(l ApprovalLine) bool { return l.Key == was.Key })
		if !kept {
			note("line:"+was.Key, was.Text+", removed", lineText(was), "")
			continue
		}
		note("line:"+was.Key+":text", was.Text, was.Text, is.Text)
		note("line:"+was.Key+":quantity", is.Text+", quantity", quantityText(was), quantityText(is))
		note("line:"+was.Key+":unit_price", is.Text+", price", decimalWords(was.UnitPrice), decimalWords(is.UnitPrice))
		note("line:"+was.Key+":total", is.Text+", total", decimalWords(was.Total), decimalWords(is.Total))
	}
	for _, is := range after.Lines {
		if _, old := find(before.Lines, func(l ApprovalLine) bool { return l.Key == is.Key }); !old {
			note("line:"+is.Key, is.Text+", new", "", lineText(is))
		}
	}
	return changes
}

func find[T any](list []T, is func(T) bool) (T, bool) {
	var zero T
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], true
	}
	return zero, false
}

func amountText(m Money) string {
	return m.Amount.StringFixed(MinorDigits(m.Currency)) + " " + m.Currency
}

func decimalWords(d *decimal.Decimal) string {
	if d == nil {
		return ""
	}
	return d.String()
}

func quantityText(l ApprovalLine) string {
	if l.Quantity == nil {
		return ""
	}
	if l.Unit == "" {
		return l.Quantity.String()
	}
	return l.Quantity.String() + " " + l.Unit
}

func lineText(l ApprovalLine) string {
	if l.Total != nil {
		return l.Total.String()
	}
	if text := quantityText(l); text != "" {
		return text
	}
	return l.Text
}

// Tolerates reports whether an edit keeps what was approved: nothing but figures differ, and the amount moved by no more than one
// of the tolerances. Without a tolerance no difference is kept.
func (t ApprovalTerms) Tolerates(before, after ApprovalContent) bool {
	moved := after.Amount.Amount.Sub(before.Amount.Amount).Abs()
	part := before.Amount.Amount.Mul(t.TolerancePercent).Div(decimal.NewFromInt(wholePercent))
	if moved.GreaterThan(decimal.Max(t.ToleranceAmount, part)) || before.Amount.Currency != after.Amount.Currency {
		return false
	}
	if t.ToleranceAmount.IsZero() && t.TolerancePercent.IsZero() {
		return len(ApprovalDifference(before, after)) == 0
	}
	words := func(c ApprovalContent) ApprovalContent {
		plain := ApprovalContent{Title: c.Title, Facts: c.Facts}
		for _, l := range c.Lines {
			plain.Lines = append(plain.Lines, ApprovalLine{Key: l.Key, Text: l.Text})
		}
		return plain
	}
	return len(ApprovalDifference(words(before), words(after))) == 0
}

// ApprovalSubject is what is submitted for an approval.
type ApprovalSubject struct {
	Type         ApprovalSubjectType
	ID           uuid.UUID
	RequesterID  *uuid.UUID      // nil: the system asks, a generated work order
	EditorIDs    []uuid.UUID     // who else edited it; none of them may decide
	Amount       decimal.Decimal // in the tenant's currency: what the bands compare
	DepartmentID *uuid.UUID
	CategoryID   *uuid.UUID
	LocationID   *uuid.UUID
	Content      ApprovalContent
	PreviousID   *uuid.UUID // the void case that this one takes the place of
}

// Excluded lists who may not decide.
func (s ApprovalSubject) Excluded() []uuid.UUID {
	if s.RequesterID == nil {
		return s.EditorIDs
	}
	return append([]uuid.UUID{*s.RequesterID}, s.EditorIDs...)
}

// Process is the workflow type that owns the subject; it is told when a case ends.
func (t ApprovalSubjectType) Process() string {
	switch t {
	case ApprovalOfPurchaseOrder:
		return ProcessPurchaseOrder
	case ApprovalOfWorkOrder:
		return ProcessWorkOrder
	case ApprovalOfTransfer:
		return ProcessAssetTransfer
	case ApprovalOfDisposal:
		return ProcessAssetDisposal
	}
	return ""
}

// ApprovalCase is one question to the people of its route, from opening to its end. The row is the truth; the workflow
// approval/<id> reminds, escalates and ends it.
//
//	stateDiagram-v2
//	    [*] --> open: a policy matches
//	    open --> approved: the last level has its approvals
//	    open --> rejected: the first rejection
//	    open --> withdrawn: the subject is withdrawn or cancelled
//	    open --> expired: nobody answered in time
//	    open --> void: the content changed
type ApprovalCase struct {
	TenantID         uuid.UUID
	ID               uuid.UUID
	SubjectType      ApprovalSubjectType
	SubjectID        uuid.UUID
	Status           ApprovalStatus
	RequesterID      *uuid.UUID
	EditorIDs        []uuid.UUID
	Amount           decimal.Decimal // in the tenant's currency
	LocationID       *uuid.UUID
	Content          ApprovalContent
	ContentHash      []byte
	Route            ApprovalRoute
	Level            int // the level that is asked, from 0
	PreviousID       *uuid.UUID
	Difference       []ApprovalChange // against the previous case
	NextContent      *ApprovalContent // of a void case: what the subject became
	Reason           string           // of the end
	EndedAt          *time.Time
	EndedBy          *uuid.UUID
	ExpiresAt        time.Time
	NextActionAt     *time.Time // null when it is over
	ProcessStartedAt *time.Time
	Version          int
	CreatedAt        time.Time
	UpdatedAt        time.Time
}

// ApprovalVia says why a person is asked.
type ApprovalVia string

// Ways to a seat.
const (
	ApprovalViaPolicy     ApprovalVia = "policy"
	ApprovalViaDelegation ApprovalVia = "delegation" // in the place of somebody who handed it over
	ApprovalViaEscalation ApprovalVia = "escalation" // in the place of somebody who did not answer
)

// ApprovalStepStatus is where the question to one person stands.
type ApprovalStepStatus string

// States of a step.
const (
	StepPending    ApprovalStepStatus = "pending"
	StepApproved   ApprovalStepStatus = "approved"
	StepRejected   ApprovalStepStatus = "rejected"
	StepDelegated  ApprovalStepStatus = "delegated"
	StepSuperseded ApprovalStepStatus = "superseded" // decided by somebody else, or the case ended
)

// ApprovalStep is the question to one person at one level. Its id is the id of the decision.
type ApprovalStep struct {
	TenantID    uuid.UUID
	ID          uuid.UUID
	CaseID      uuid.UUID
	Level       int
	SeatID      uuid.UUID // the person of the route whose approval it gives
	UserID      uuid.UUID // who is asked
	Via         ApprovalVia
	Status      ApprovalStepStatus
	Comment     string
	Channel     string // "app" or "mail"
	AskedAt     time.Time
	RemindAt    time.Time
	EscalateAt  time.Time // the answer is wanted by then
	RemindedAt  *time.Time
	EscalatedAt *time.Time
	DecidedAt   *time.Time
	ContentHash []byte // of what was shown when it was decided
}

// Approval is a case with its steps, locked together: all its changes are methods, pure, at a given moment.
type Approval struct {
	ApprovalCase
	Steps []ApprovalStep
}

// ApprovalPlace is where a person's calendar is read.
type ApprovalPlace func(user uuid.UUID) (timeZone string)

const (
	answerHour = 17 // local time of the day by which an answer is wanted
	remindHour = 9
)

// MaxReason is how many characters people may give as a reason or comment on a decision.
const MaxReason = 2000

// OpenApproval makes the case of a subject at now. zone is the tenant's, in which it expires.
func OpenApproval(tenant, id uuid.UUID, s ApprovalSubject, route ApprovalRoute, zone string, now time.Time) (Approval, error) {
	hash, err := s.Content.Hash()
	if err != nil {
		return Approval{}, err
	}
	expires, err := WorkingDaysAfter(now, route.Terms.ExpireDays, answerHour, zone)
	if err != nil {
		return Approval{}, err
	}
	return Approval{ApprovalCase: ApprovalCase{
		TenantID: tenant, ID: id, SubjectType: s.Type, SubjectID: s.ID, Status: ApprovalOpen, RequesterID: s.RequesterID, EditorIDs: s.EditorIDs,
		Amount: s.Amount, LocationID: s.LocationID, Content: s.Content, ContentHash: hash, Route: route, Level: -1, PreviousID: s.PreviousID,
		ExpiresAt: expires, Version: 1, CreatedAt: now, UpdatedAt: now,
	}}, nil
}

// WorkingDaysAfter is the hour of the n-th working day (Monday to Friday) after a moment's day in a zone.
func WorkingDaysAfter(at time.Time, n, hour int, zone string) (time.Time, error) {
	loc, err := Zone(zone)
	if err != nil {
		return time.Time{}, InvalidField("/time_zone", "unknown", "There is no time zone %q.", zone)
	}
	day := DateOf(at, loc)
	for n > 0 {
		day = day.AddDays(1)
		if w := day.Weekday(); w != time.Saturday && w != time.Sunday {
			n--
		}
	}
	year, month, date := day.Civil()
	return time.Date(year, month, date, hour, 0, 0, 0, loc).UTC(), nil
}

// Barred reports whether the person may not decide, whoever asks him: he asks for it or edited it, or is asked at this level already.
func (a *Approval) Barred(user uuid.UUID) bool {
	return a.excludes(user) || slices.ContainsFunc(a.Steps, func(s ApprovalStep) bool {
		return s.Level == a.Level && s.UserID == user && s.Status != StepDelegated && s.Status != StepSuperseded
	})
}

func (a *Approval) excludes(user uuid.UUID) bool {
	return (a.RequesterID != nil && *a.RequesterID == user) || slices.Contains(a.EditorIDs, user)
}

// Ask puts the question of the next level to its people. standIn says who is asked in a person's place. It returns the new steps.
func (a *Approval) Ask(place ApprovalPlace, standIn func(seat uuid.UUID, barred func(uuid.UUID) bool) uuid.UUID, now time.Time) ([]ApprovalStep, error) {
	a.Level++
	first := len(a.Steps)
	seats := a.Route.Levels[a.Level].SeatIDs
	for _, seat := range seats {
		user := standIn(seat, func(u uuid.UUID) bool { return a.Barred(u) || slices.Contains(seats, u) })
		via := ApprovalViaPolicy
		if user != seat {
			via = ApprovalViaDelegation
		}
		if err := a.ask(seat, user, via, place, now); err != nil {
			return nil, err
		}
	}
	a.plan()
	return a.Steps[first:], nil
}

func (a *Approval) ask(seat, user uuid.UUID, via ApprovalVia, place ApprovalPlace, now time.Time) error {
	remind, err := WorkingDaysAfter(now, a.Route.Terms.RemindDays, remindHour, place(user))
	if err != nil {
		return err
	}
	escalate, err := WorkingDaysAfter(now, a.Route.Terms.EscalateDays, answerHour, place(user))
	if err != nil {
		return err
	}
	a.Steps = append(a.Steps, ApprovalStep{
		TenantID: a.TenantID, ID: NewID(), CaseID: a.ID, Level: a.Level, SeatID: seat, UserID: user, Via: via, Status: StepPending,
		AskedAt: now, RemindAt: remind, EscalateAt: escalate,
	})
	return nil
}

// StepOf is the open question to a person; nil where he has none.
func (a *Approval) StepOf(user uuid.UUID) *ApprovalStep {
	for i := range a.Steps {
		if s := &a.Steps[i]; s.UserID == user && s.Status == StepPending && a.Status == ApprovalOpen {
			return s
		}
	}
	return nil
}

// Decide takes a person's answer. shown is the hash of the content that he saw. It reports whether the next level has to be asked;
// the case is over otherwise, or waits for others.
func (a *Approval) Decide(user uuid.UUID, decision ApprovalDecision, comment, channel string, shown []byte, now time.Time) (*ApprovalStep, bool, error) {
	if err := a.checkDecision(user, decision, comment, shown); err != nil {
		return nil, false, err
	}
	step := a.StepOf(user)
	step.DecidedAt, step.Comment, step.Channel, step.ContentHash = &now, comment, channel, a.ContentHash
	if decision == DecideReject {
		step.Status = StepRejected
		a.end(ApprovalRejected, comment, &user, now)
		return step, false, nil
	}
	step.Status = StepApproved
	for i := range a.Steps { // who else was asked for this seat
		if s := &a.Steps[i]; s.SeatID == step.SeatID && s.Level == step.Level && s.Status == StepPending {
			s.Status = StepSuperseded
		}
	}
	a.touch(now)
	if !a.levelPassed() {
		return step, false, nil
	}
	a.supersede()
	if a.Level+1 < len(a.Route.Levels) {
		return step, true, nil
	}
	a.end(ApprovalApproved, "", &user, now)
	return step, false, nil
}

func (a *Approval) checkDecision(user uuid.UUID, decision ApprovalDecision, comment string, shown []byte) error {
	var f Faults
	f.Add(decision != DecideApprove && decision != DecideReject, "/decision", "enum", "A decision is approve or reject.")
	f.Add(decision == DecideReject && Blank(comment), "/comment", "required", "A rejection needs a comment.")
	f.Add(len([]rune(comment)) > MaxReason, "/comment", "maxLength", "A comment has at most %d characters.", MaxReason)
	switch {
	case a.Status != ApprovalOpen:
		return Conflict("This approval is over: it is %s.", a.Status)
	case a.excludes(user):
		return Forbidden("Who asks for an approval, or edited what it is about, does not decide it.")
	case a.StepOf(user) == nil:
		return Forbidden("This approval does not wait for you.")
	case !slices.Equal(shown, a.ContentHash):
		return Conflict("What is to be approved has changed since you saw it.")
	}
	return f.Err()
}

func (a *Approval) levelPassed() bool {
	var seats []uuid.UUID
	for _, s := range a.Steps {
		if s.Level == a.Level && s.Status == StepApproved && !slices.Contains(seats, s.SeatID) {
			seats = append(seats, s.SeatID)
		}
	}
	return len(seats) >= a.Route.Levels[a.Level].Need
}

func (a *Approval) supersede() {
	for i := range a.Steps {
		if a.Steps[i].Status == StepPending {
			a.Steps[i].Status = StepSuperseded
		}
	}
}

// Delegate hands a person's question to another.
func (a *Approval) Delegate(user, to uuid.UUID, reason string, place ApprovalPlace, now time.Time) (ApprovalStep, error) {
	step := a.StepOf(user)
	var f Faults
	f.Add(Blank(reason), "/reason", "required", "A reason is needed.")
	f.Add(len([]rune(reason)) > MaxReason, "/reason", "maxLength", "A reason has at most %d characters.", MaxReason)
	f.Add(to == user, "/to", "self", "Nobody hands approvals to himself.")
	f.Add(to != user && a.excludes(to), "/to", "segregation", "Who asks for an approval, or edited what it is about, does not decide it.")
	f.Add(to != user && !a.excludes(to) && a.Barred(to), "/to", "asked", "This person is asked already: one person has one voice.")
	switch {
	case a.Status != ApprovalOpen:
		return ApprovalStep{}, Conflict("This approval is over: it is %s.", a.Status)
	case step == nil:
		return ApprovalStep{}, Forbidden("This approval does not wait for you.")
	case len(f) > 0:
		return ApprovalStep{}, f.Err()
	}
	step.Status, step.DecidedAt, step.Comment = StepDelegated, &now, reason
	if err := a.ask(step.SeatID, to, ApprovalViaDelegation, place, now); err != nil {
		return ApprovalStep{}, err
	}
	a.touch(now)
	return a.Steps[len(a.Steps)-1], nil
}

// ApprovalAction is what the process does by itself.
type ApprovalAction string

// Automatic steps of an approval.
const (
	ApprovalRemind   ApprovalAction = "remind"   // remind who was asked
	ApprovalEscalate ApprovalAction = "escalate" // ask somebody in the place of who does not answer
	ApprovalExpire   ApprovalAction = "expire"   // nobody answered: end it
	ApprovalEnd      ApprovalAction = "end"      // the process is over
)

// NextAction is what the process does next and when, decided from the rows alone.
func (a *Approval) NextAction() (ApprovalAction, time.Time) {
	if a.Status != ApprovalOpen {
		return ApprovalEnd, time.Time{}
	}
	action, at := ApprovalExpire, a.ExpiresAt
	for _, s := range a.Steps {
		if s.Status != StepPending {
			continue
		}
		if s.EscalatedAt == nil && s.EscalateAt.Before(at) {
			action, at = ApprovalEscalate, s.EscalateAt
		}
		if s.RemindedAt == nil && s.EscalatedAt == nil && s.RemindAt.Before(at) {
			action, at = ApprovalRemind, s.RemindAt
		}
	}
	return action, at
}

// Remind notes which questions are reminded of at now, and returns them.
func (a *Approval) Remind(now time.Time) []ApprovalStep {
	var due []ApprovalStep
	for i := range a.Steps {
		if s := &a.Steps[i]; s.Status == StepPending && s.RemindedAt == nil && !s.RemindAt.After(now) {
			s.RemindedAt = &now
			due = append(due, *s)
		}
	}
	a.touch(now)
	return due
}

// Escalate asks, for each question whose answer is late at now, those of people who may be asked: everyone of them may decide in
// the place of who does not answer, who still may too. It returns the new steps.
func (a *Approval) Escalate(people []uuid.UUID, place ApprovalPlace, now time.Time) ([]ApprovalStep, error) {
	first := len(a.Steps)
	for i := range first {
		s := &a.Steps[i]
		if s.Status != StepPending || s.EscalatedAt != nil || s.EscalateAt.After(now) {
			continue
		}
		s.EscalatedAt = &now
		seat := s.SeatID
		for _, p := range people {
			if a.Barred(p) {
				continue
			}
			if err := a.ask(seat, p, ApprovalViaEscalation, place, now); err != nil {
				return nil, err
			}
		}
	}
	a.touch(now)
	return a.Steps[first:], nil
}

// End closes an open case without a decision: withdrawn, expired or void.
func (a *Approval) End(status ApprovalStatus, reason string, by *uuid.UUID, now time.Time) {
	a.end(status, reason, by, now)
}

func (a *Approval) end(status ApprovalStatus, reason string, by *uuid.UUID, now time.Time) {
	a.Status, a.Reason, a.EndedAt, a.EndedBy = status, reason, &now, by
	a.supersede()
	a.touch(now)
}

func (a *Approval) touch(now time.Time) {
	a.UpdatedAt = now
	a.Version++
	a.plan()
}

// plan sets NextActionAt from NextAction.
func (a *Approval) plan() {
	action, at := a.NextAction()
	a.NextActionAt = nextActionAt(action == ApprovalEnd, at)
}

// Notice is what notifications about the case are made of.
func (a *Approval) Notice() NotificationDetails {
	return NotificationDetails{Number: a.Content.Number, Title: a.Content.Title, Amount: amountText(a.Content.Amount), Reason: a.Reason}
}

// Consequences says in sentences what follows from either decision.
func (t ApprovalSubjectType) Consequences() (approve, reject string) {
	return approvalEnglish.Consequence(t, DecideApprove), approvalEnglish.Consequence(t, DecideReject)
}

func sentence(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
