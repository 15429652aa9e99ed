package api

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mainstay/models"
	"mainstay/models/store"
)

//go:embed approval_page.html
var approvalPageText string

var approvalPage = template.Must(template.New("approval page").Parse(approvalPageText))

const (
	approvalPagePath = "/approve/:token"
	// approvalPolicy lets the page load nothing but our own type, run nothing and send its form nowhere else.
	approvalPolicy = "default-src 'none'; style-src 'nonce-%s'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
	maxDecision    = 64 << 10 // bytes of the form: a comment of 2000 characters, however it is encoded
	nonceLife      = 12 * time.Hour
	nonceRandom    = 16
	nonceTime      = 8
)

// approvalPageRoutes is for browsers and therefore not in the OpenAPI document. GET and HEAD only show; what decides is a POST with
// the number of a page that was shown and the value of the button that a person pressed.
func (s *Server) approvalPageRoutes() {
	s.engine.GET(approvalPagePath, s.showApprovalPage)
	s.engine.HEAD(approvalPagePath, s.showApprovalPage)
	s.engine.POST(approvalPagePath, s.postApprovalPage)
}

// approvalPageView is what the template shows, in the reader's language.
type approvalPageView struct {
	Words models.ApprovalWords
	Style string // nonce of the style sheet
	Font  string // path of the type; empty where there is no frontend, which brings it
	For   string
	Made  string
	Home  string

	Form     bool // the question is open: show the form
	Nonce    string
	Number   string
	Unsaid   string // of the number: "PO-000", and what people say: "318"
	Said     string
	Amount   string
	Title    string
	Facts    []models.ApprovalFact
	Before   []string // who approved before
	Changes  []models.ApprovalChange
	Lines    []approvalPageLine
	AllLines string
	Comment  string
	Fault    string // why nothing was decided
	Missing  bool   // the comment is what is missing

	Icon string // good, changed, over
	Head string
	Say  string
	Open string // where the subject is
}

type approvalPageLine struct{ Text, Total string }

// tokenHash is what the database knows of a link's token.
func tokenHash(c *gin.Context) []byte {
	sum := sha256.Sum256([]byte(c.Param("token")))
	return sum[:]
}

func (s *Server) showApprovalPage(c *gin.Context) {
	link, err := s.store.ApprovalLink(c.Request.Context(), tokenHash(c))
	if err != nil {
		s.approvalFault(c, err)
		return
	}
	s.sendApprovalPage(c, http.StatusOK, s.approvalPage(link, "", "", false))
}

// postApprovalPage decides where the form was shown by us and carries a button's value. Anything else shows the page again and
// changes nothing. No other site can send it: it does not know the token, and the page is not told to it.
func (s *Server) postApprovalPage(c *gin.Context) {
	ctx, hash := c.Request.Context(), tokenHash(c)
	link, err := s.store.ApprovalLink(ctx, hash)
	if err != nil {
		s.approvalFault(c, err)
		return
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxDecision)
	if c.Request.ParseForm() != nil {
		s.sendApprovalPage(c, http.StatusBadRequest, s.approvalPage(link, "", words(link).NoDecision, false))
		return
	}
	form := c.Request.PostForm
	decision, comment := models.ApprovalDecision(form.Get("decision")), form.Get("comment")
	nonce := checkNonce(link, form.Get("nonce"), time.Now())
	switch {
	case !link.Open(time.Now()):
		s.sendApprovalPage(c, http.StatusConflict, s.approvalPage(link, "", "", false))
		return
	case decision != models.DecideApprove && decision != models.DecideReject:
		s.sendApprovalPage(c, http.StatusUnprocessableEntity, s.approvalPage(link, comment, words(link).NoDecision, false))
		return
	case nonce == nil:
		s.sendApprovalPage(c, http.StatusUnprocessableEntity, s.approvalPage(link, comment, words(link).PressAgain, false))
		return
	case decision == models.DecideReject && models.Blank(comment), len([]rune(comment)) > models.MaxReason, !storable(comment):
		s.sendApprovalPage(c, http.StatusUnprocessableEntity, s.approvalPage(link, comment, words(link).CommentMissing, true))
		return
	}
	decided := s.store.DecideByLink(ctx, hash, nonce, decision, comment)
	switch models.ErrorCode(decided) {
	case "", models.CodeConflict: // decided now, or by another a moment before: the page tells which
	case models.CodeForbidden:
		s.sendApprovalPage(c, http.StatusForbidden, s.approvalPage(link, comment, models.AsError(decided).Detail, false))
		return
	default:
		s.approvalFault(c, decided)
		return
	}
	if link, err = s.store.ApprovalLink(ctx, hash); err != nil {
		s.approvalFault(c, err)
		return
	}
	status := http.StatusOK
	if decided != nil {
		status = http.StatusConflict
	}
	s.sendApprovalPage(c, status, s.approvalPage(link, "", "", false))
}

func words(link *store.ApprovalLink) models.ApprovalWords { return models.WordsOfApproval(link.Locale) }

// newNonce is the number of one page shown: random, good for a while, and bound to link, step and content. The server alone can
// make one; the decision that it comes with spends it together with the link.
func newNonce(link *store.ApprovalLink, now time.Time) string {
	text := make([]byte, nonceRandom+nonceTime)
	_, _ = rand.Read(text[:nonceRandom]) // never fails
	binary.BigEndian.PutUint64(text[nonceRandom:], uint64(now.Add(nonceLife).UnixMilli()))
	return base64.RawURLEncoding.EncodeToString(slices.Concat(text, nonceSum(link, text)))
}

func nonceSum(link *store.ApprovalLink, text []byte) []byte {
	sum := hmac.New(sha256.New, link.NonceKey)
	sum.Write(text)
	sum.Write(link.TokenHash)
	sum.Write(link.StepID[:])
	sum.Write(link.ShownHash)
	return sum.Sum(nil)
}

// checkNonce returns the number's bytes; nil where it is not ours, not of this link, or too old.
func checkNonce(link *store.ApprovalLink, sent string, now time.Time) []byte {
	all, err := base64.RawURLEncoding.DecodeString(sent)
	if err != nil || len(all) != nonceRandom+nonceTime+sha256.Size {
		return nil
	}
	text, sum := all[:nonceRandom+nonceTime], all[nonceRandom+nonceTime:]
	if !hmac.Equal(sum, nonceSum(link, text)) || now.UnixMilli() > int64(binary.BigEndian.Uint64(text[nonceRandom:])) { //nolint:gosec // made by newNonce
		return nil
	}
	return text[:nonceRandom]
}

// approvalPage is the page of a link: the form where it still decides, else what became of the question.
func (s *Server) approvalPage(link *store.ApprovalLink, comment, fault string, missing bool) approvalPageView {
	w := words(link)
	zone, err := models.Zone(link.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	v := approvalPageView{
		Words: w, For: fmt.Sprintf(w.For, link.UserName), Made: fmt.Sprintf(w.MadeFor, link.UserEmail), Home: "/",
		Number: link.Content.Number, Amount: w.Money(link.Content.Amount), Title: link.Content.Title, Open: subjectPath(link.ApprovalCase),
	}
	if !link.Open(time.Now()) {
		afterApproval(&v, link, w, zone)
		return v
	}
	said := strings.IndexAny(v.Number, "123456789")
	v.Unsaid, v.Said = v.Number[:max(said, 0)], v.Number[max(said, 0):]
	v.Form, v.Nonce, v.Comment, v.Fault, v.Missing = true, newNonce(link, time.Now()), comment, fault, missing
	if link.RequesterName != nil {
		v.Facts = append(v.Facts, models.ApprovalFact{Label: w.AskedBy, Text: *link.RequesterName + ", " + w.Date(link.CreatedAt, zone)})
	}
	for _, f := range link.Content.Facts {
		v.Facts = append(v.Facts, w.Fact(f))
	}
	for _, step := range link.Steps {
		if step.Status == models.StepApproved {
			v.Before = append(v.Before, step.User.Name+", "+w.Date(*step.DecidedAt, zone))
		}
	}
	for _, c := range link.Changes() {
		v.Changes = append(v.Changes, w.Change(c, link.Content.Amount.Currency))
	}
	for _, l := range link.Content.Lines {
		text, total := w.Line(l, link.Content.Amount.Currency)
		v.Lines = append(v.Lines, approvalPageLine{Text: text, Total: total})
	}
	v.AllLines = fmt.Sprintf(w.AllLines, len(v.Lines))
	return v
}

// afterApproval says who decided what and when, or why the link decides nothing any more.
func afterApproval(v *approvalPageView, link *store.ApprovalLink, w models.ApprovalWords, zone *time.Location) {
	fact := func(label, text string) {
		if text != "" {
			v.Facts = append(v.Facts, models.ApprovalFact{Label: label, Text: text})
		}
	}
	v.Icon = "over"
	mine, decided := link.Step(), decidingStep(link)
	switch {
	case mine != nil && (mine.Status == models.StepApproved || mine.Status == models.StepRejected):
		decidedByReader(v, link, *mine, w, zone)
	case link.Status == models.ApprovalVoid:
		v.Icon, v.Head, v.Say = "changed", w.HasChanged, w.OlderVersion
		fact(w.YouSaw, v.Amount)
		if link.NextContent != nil {
			fact(w.Now, w.Money(link.NextContent.Amount))
		}
		if link.NewerID != nil {
			fact(w.Next, w.NewMail)
		}
		for _, c := range link.Changes() {
			v.Changes = append(v.Changes, w.Change(c, link.Content.Amount.Currency))
		}
	case link.Status == models.ApprovalWithdrawn:
		v.Head = w.WithdrawnHead
		fact(w.What, link.Content.Number+", "+link.Content.Title)
		fact(w.When, ended(link, w, zone))
		fact(w.Comment, link.Reason)
	case link.Status == models.ApprovalExpired:
		v.Head = w.NobodyDecided
		fact(w.What, link.Content.Number+", "+link.Content.Title)
		fact(w.When, ended(link, w, zone))
	case mine != nil && mine.Status == models.StepDelegated:
		v.Head = w.HandedOver
		if to := seatNow(link, *mine); to != nil {
			v.Say = fmt.Sprintf(w.HandedOverTo, to.User.Name)
		}
		fact(w.What, link.Content.Number+", "+link.Content.Title)
	case decided != nil:
		v.Head = w.Decided
		says := w.ApprovedBy
		if decided.Status == models.StepRejected {
			says = w.RejectedBy
		}
		v.Say = fmt.Sprintf(says, decided.User.Name)
		if mine != nil && decided.Seat.ID == mine.Seat.ID {
			v.Say = fmt.Sprintf(w.InYourPlace, decided.User.Name)
		}
		fact(w.What, link.Content.Number+", "+v.Amount)
		fact(w.When, w.Date(*decided.DecidedAt, zone))
		fact(w.Comment, decided.Comment)
	default:
		v.Head, v.Say = w.LinkExpired, w.LinkExpiredSay
		fact(w.What, link.Content.Number+", "+link.Content.Title)
	}
}

// decidedByReader says what the reader decided himself, and how to take it back.
func decidedByReader(v *approvalPageView, link *store.ApprovalLink, mine store.ApprovalStepView, w models.ApprovalWords, zone *time.Location) {
	next := w.Consequence(link.SubjectType, models.DecideApprove)
	v.Icon, v.Head = "good", w.ApprovedByYou
	if mine.Status == models.StepRejected {
		v.Icon, v.Head, next = "over", w.RejectedByYou, w.Consequence(link.SubjectType, models.DecideReject)
	}
	v.Say = w.Date(*mine.DecidedAt, zone) + ". " + w.ClosePage
	v.Facts = append(v.Facts, models.ApprovalFact{Label: w.What, Text: link.Content.Number + ", " + v.Amount})
	if mine.Comment != "" {
		v.Facts = append(v.Facts, models.ApprovalFact{Label: w.Comment, Text: mine.Comment})
	}
	v.Facts = append(v.Facts, models.ApprovalFact{Label: w.Next, Text: next})
	if link.RequesterName != nil {
		v.Facts = append(v.Facts, models.ApprovalFact{Label: w.Wrong, Text: fmt.Sprintf(w.CallThem, *link.RequesterName)})
	}
}

func ended(link *store.ApprovalLink, w models.ApprovalWords, zone *time.Location) string {
	if link.EndedAt == nil {
		return ""
	}
	return w.Date(*link.EndedAt, zone)
}

// decidingStep is whose decision answered the link's question: of its seat, else the one that ended the case, else the last of its
// level; nil where nobody decided.
func decidingStep(link *store.ApprovalLink) *store.ApprovalStepView {
	mine := link.Step()
	if mine == nil || mine.Status == models.StepPending {
		return nil
	}
	var found *store.ApprovalStepView
	for i := range link.Steps {
		step := &link.Steps[i]
		decided := step.Status == models.StepApproved || step.Status == models.StepRejected
		switch {
		case !decided || step.Level != mine.Level:
		case step.Seat.ID == mine.Seat.ID, step.Status == models.StepRejected:
			return step
		case found == nil || step.DecidedAt.After(*found.DecidedAt):
			found = step
		}
	}
	return found
}

// seatNow is who is asked, or has decided, in the place of who handed a question over.
func seatNow(link *store.ApprovalLink, mine store.ApprovalStepView) *store.ApprovalStepView {
	for i := len(link.Steps) - 1; i >= 0; i-- {
		if step := &link.Steps[i]; step.Seat.ID == mine.Seat.ID && step.Level == mine.Level && step.ID != mine.ID {
			return step
		}
	}
	return nil
}

// subjectPath is the subject's page in the application.
func subjectPath(c models.ApprovalCase) string {
	switch c.SubjectType {
	case models.ApprovalOfWorkOrder:
		return "/work-orders/" + c.SubjectID.String()
	case models.ApprovalOfPurchaseOrder:
		return "/purchase-orders/" + c.SubjectID.String()
	case models.ApprovalOfDisposal, models.ApprovalOfTransfer:
	}
	return "/"
}

// approvalFault answers a link that is not known, and what is wrong with ourselves.
func (s *Server) approvalFault(c *gin.Context, err error) {
	w := models.WordsOfApproval(c.GetHeader("Accept-Language"))
	view := approvalPageView{Words: w, Icon: "over", Head: w.Unknown, Say: w.UnknownSay, Home: "/"}
	status := http.StatusNotFound
	if models.ErrorCode(err) != models.CodeNotFound {
		p := problemOf(err, requestID(c))
		s.telemetry.Logger.ErrorContext(c.Request.Context(), "request failed", "error", err)
		status, view.Head, view.Say = p.Status, p.Title, p.Detail
	}
	s.sendApprovalPage(c, status, view)
}

// sendApprovalPage answers with a page that nobody keeps, embeds or is told of.
func (s *Server) sendApprovalPage(c *gin.Context, status int, view approvalPageView) {
	view.Style = rand.Text()
	if s.web != nil {
		view.Font = s.web.font
	}
	header := c.Writer.Header()
	header.Set("Content-Security-Policy", fmt.Sprintf(approvalPolicy, view.Style))
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Robots-Tag", "noindex, nofollow")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Content-Type", "text/html; charset=utf-8")
	c.Status(status)
	if c.Request.Method == http.MethodHead {
		return
	}
	if err := approvalPage.Execute(c.Writer, view); err != nil {
		_ = c.Error(err)
	}
}
