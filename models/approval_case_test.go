package models

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// A Friday, so that the weekend lies before each answer.
var approvalNow = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func inUTC(uuid.UUID) string { return "UTC" }

func inPerson(seat uuid.UUID, _ func(uuid.UUID) bool) uuid.UUID { return seat }

func openedApproval(t require.TestingT, requester uuid.UUID, levels ...ApprovalRouteLevel) *Approval {
	a, err := OpenApproval(NewID(), NewID(), ApprovalSubject{
		Type: ApprovalOfWorkOrder, ID: NewID(), RequesterID: &requester, Content: ApprovalContent{Number: "WO-000001", Title: "Liner set"},
	}, ApprovalRoute{Levels: levels, Terms: DefaultApprovalTerms()}, "UTC", approvalNow)
	require.NoError(t, err)
	_, err = a.Ask(inUTC, inPerson, approvalNow)
	require.NoError(t, err)
	return &a
}

func decide(t require.TestingT, a *Approval, user uuid.UUID, decision ApprovalDecision) {
	_, next, err := a.Decide(user, decision, "because", "app", a.ContentHash, approvalNow)
	require.NoError(t, err)
	if next {
		_, err = a.Ask(inUTC, inPerson, approvalNow)
		require.NoError(t, err)
	}
}

func TestLevelsPassOneAfterTheOther(t *testing.T) {
	t.Parallel()
	a1, a2, b1, b2, b3 := NewID(), NewID(), NewID(), NewID(), NewID()
	a := openedApproval(t, NewID(),
		ApprovalRouteLevel{Mode: ApprovalByAll, Need: 2, SeatIDs: []uuid.UUID{a1, a2}},
		ApprovalRouteLevel{Mode: ApprovalByNOfM, Need: 2, SeatIDs: []uuid.UUID{b1, b2, b3}},
	)
	_, _, err := a.Decide(b1, DecideApprove, "", "app", a.ContentHash, approvalNow)
	require.Equal(t, CodeForbidden, ErrorCode(err), "his level is not asked yet")
	decide(t, a, a1, DecideApprove)
	require.Equal(t, 0, a.Level)
	_, _, err = a.Decide(a1, DecideApprove, "", "app", a.ContentHash, approvalNow)
	require.Equal(t, CodeForbidden, ErrorCode(err), "one person has one voice")
	decide(t, a, a2, DecideApprove)
	require.Equal(t, 1, a.Level)
	decide(t, a, b3, DecideApprove)
	require.Equal(t, ApprovalOpen, a.Status)
	decide(t, a, b1, DecideApprove)
	require.Equal(t, ApprovalApproved, a.Status)
	require.Nil(t, a.NextActionAt)
	require.Nil(t, a.StepOf(b2), "who was not needed is asked no more")
}

func TestTheFirstRejectionEndsIt(t *testing.T) {
	t.Parallel()
	x, y := NewID(), NewID()
	a := openedApproval(t, NewID(), ApprovalRouteLevel{Mode: ApprovalByAny, Need: 1, SeatIDs: []uuid.UUID{x, y}})
	var err error
	for _, comment := range []string{"", " \n\t", "\u200b", strings.Repeat("x", MaxReason+1)} {
		_, _, err = a.Decide(x, DecideReject, comment, "app", a.ContentHash, approvalNow)
		require.Equal(t, "/comment", AsError(err).Fields[0].Pointer)
	}
	decide(t, a, x, DecideReject)
	require.Equal(t, ApprovalRejected, a.Status)
	_, _, err = a.Decide(y, DecideApprove, "", "app", a.ContentHash, approvalNow)
	require.Equal(t, CodeConflict, ErrorCode(err))
}

func TestADecisionIsBoundToWhatWasShown(t *testing.T) {
	t.Parallel()
	x := NewID()
	a := openedApproval(t, NewID(), ApprovalRouteLevel{Mode: ApprovalByAny, Need: 1, SeatIDs: []uuid.UUID{x}})
	_, _, err := a.Decide(x, DecideApprove, "", "mail", []byte("another content"), approvalNow)
	require.Equal(t, CodeConflict, ErrorCode(err))
	require.NotNil(t, a.StepOf(x))
}

func TestTimersOnWorkingDays(t *testing.T) {
	t.Parallel()
	x, boss := NewID(), NewID()
	a := openedApproval(t, NewID(), ApprovalRouteLevel{Mode: ApprovalByAny, Need: 1, SeatIDs: []uuid.UUID{x}})
	action, at := a.NextAction()
	require.Equal(t, ApprovalRemind, action)
	require.Equal(t, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), at, "Monday")
	require.Len(t, a.Remind(at), 1)
	require.Empty(t, a.Remind(at), "once")
	action, at = a.NextAction()
	require.Equal(t, ApprovalEscalate, action)
	require.Equal(t, time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC), at)
	asked, err := a.Escalate([]uuid.UUID{boss, *a.RequesterID, x}, inUTC, at)
	require.NoError(t, err)
	require.Len(t, asked, 1, "never the requester, nobody twice")
	require.Equal(t, x, asked[0].SeatID)
	decide(t, a, boss, DecideApprove)
	require.Equal(t, ApprovalApproved, a.Status)
	require.Equal(t, StepSuperseded, a.Steps[0].Status, "decided in his place")
}

func TestNobodyAnswers(t *testing.T) {
	t.Parallel()
	a := openedApproval(t, NewID(), ApprovalRouteLevel{Mode: ApprovalByAny, Need: 1, SeatIDs: []uuid.UUID{NewID()}})
	var seen []ApprovalAction
	for range 5 {
		action, at := a.NextAction()
		seen = append(seen, action)
		switch action {
		case ApprovalRemind:
			a.Remind(at)
		case ApprovalEscalate:
			_, err := a.Escalate(nil, inUTC, at)
			require.NoError(t, err)
		case ApprovalExpire:
			a.End(ApprovalExpired, "", nil, at)
		case ApprovalEnd:
		}
	}
	require.Equal(t, []ApprovalAction{ApprovalRemind, ApprovalEscalate, ApprovalExpire, ApprovalEnd, ApprovalEnd}, seen)
}

func TestTheApproversZoneDecidesTheHour(t *testing.T) {
	t.Parallel()
	at, err := WorkingDaysAfter(approvalNow, 1, answerHour, "America/Denver")
	require.NoError(t, err)
	require.Equal(t, time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), at, "Monday 17:00 there")
	_, err = WorkingDaysAfter(approvalNow, 1, answerHour, "Mars/Base")
	require.Error(t, err)
}

func TestHandingOver(t *testing.T) {
	t.Parallel()
	x, y, z := NewID(), NewID(), NewID()
	a := openedApproval(t, NewID(), ApprovalRouteLevel{Mode: ApprovalByAll, Need: 2, SeatIDs: []uuid.UUID{x, y}})
	for to, why := range map[uuid.UUID]string{*a.RequesterID: "segregation", y: "asked", x: "self"} {
		_, err := a.Delegate(x, to, "away", inUTC, approvalNow)
		require.Equal(t, why, AsError(err).Fields[0].Code)
	}
	step, err := a.Delegate(x, z, "away", inUTC, approvalNow)
	require.NoError(t, err)
	require.Equal(t, x, step.SeatID)
	_, _, err = a.Decide(x, DecideApprove, "", "app", a.ContentHash, approvalNow)
	require.Equal(t, CodeForbidden, ErrorCode(err))
	decide(t, a, z, DecideApprove)
	decide(t, a, y, DecideApprove)
	require.Equal(t, ApprovalApproved, a.Status)
}

// TestSegregationOfDuties throws random people, delegations and edits at a case: whoever asks for it or edited it never decides, and
// nobody has two voices at a level.
func TestSegregationOfDuties(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2_000) {
		r := rand.New(rand.NewPCG(seed, 7)) //nolint:gosec // the same cases each time
		people := make([]uuid.UUID, 6)
		for i := range people {
			people[i] = NewID()
		}
		pick := func() uuid.UUID { return people[r.IntN(len(people))] }
		requester, editor := pick(), pick()
		var away []Delegation
		for range r.IntN(9) {
			away = append(away, Delegation{UserID: pick(), ToID: pick(), StartsAt: approvalNow.Add(-time.Hour), EndsAt: approvalNow.Add(time.Hour)})
		}
		var seats []uuid.UUID
		for _, p := range people {
			if p != requester && p != editor && r.IntN(2) == 0 {
				seats = append(seats, p)
			}
		}
		if len(seats) == 0 {
			continue
		}
		level := ApprovalRouteLevel{Mode: ApprovalByNOfM, Need: 1 + r.IntN(len(seats)), SeatIDs: seats}
		a, err := OpenApproval(NewID(), NewID(), ApprovalSubject{RequesterID: &requester, EditorIDs: []uuid.UUID{editor}},
			ApprovalRoute{Levels: []ApprovalRouteLevel{level}, Terms: DefaultApprovalTerms()}, "UTC", approvalNow)
		require.NoError(t, err)
		_, err = a.Ask(inUTC, func(seat uuid.UUID, barred func(uuid.UUID) bool) uuid.UUID {
			return StandIn(away, seat, approvalNow, barred)
		}, approvalNow)
		require.NoError(t, err)
		for range r.IntN(13) {
			switch r.IntN(3) {
			case 0:
				_, _, _ = a.Decide(pick(), DecideApprove, "", "app", a.ContentHash, approvalNow)
			case 1:
				_, _ = a.Delegate(pick(), pick(), "away", inUTC, approvalNow)
			case 2:
				if a.Status == ApprovalOpen {
					_, _ = a.Escalate(people, inUTC, approvalNow.AddDate(0, 0, 30))
				}
			}
		}
		voices := map[uuid.UUID]bool{}
		for _, s := range a.Steps {
			if s.Status == StepDelegated || s.Status == StepSuperseded {
				continue
			}
			require.NotEqual(t, requester, s.UserID)
			require.NotEqual(t, editor, s.UserID)
			require.False(t, voices[s.UserID], "two voices")
			voices[s.UserID] = true
		}
		approved := 0
		for _, s := range a.Steps {
			if s.Status == StepApproved {
				approved++
			}
		}
		require.Equal(t, a.Status == ApprovalApproved, approved >= level.Need)
	}
}

func TestDifferencesAndTolerance(t *testing.T) {
	t.Parallel()
	line := func(key, text, quantity, price, total string) ApprovalLine {
		return ApprovalLine{Key: key, Text: text, Quantity: amount(quantity), UnitPrice: amount(price), Total: amount(total)}
	}
	before := ApprovalContent{
		Title: "Liner set", Amount: Money{Amount: *amount("17700"), Currency: "EUR"}, Facts: []ApprovalFact{{"Why", "Worn"}},
		Lines: []ApprovalLine{line("1", "Bowl liner", "1", "6480", "6480"), line("2", "Feed plate", "1", "1226", "1226")},
	}
	after := before
	after.Amount.Amount = *amount("18640.00")
	after.Lines = []ApprovalLine{line("1", "Bowl liner", "1", "6910", "6910"), line("3", "Express freight", "1", "1400", "1400")}
	require.Equal(t, []ApprovalChange{
		{"amount", "Amount", "17700.00 EUR", "18640.00 EUR"},
		{"line:1:unit_price", "Bowl liner, price", "6480", "6910"},
		{"line:1:total", "Bowl liner, total", "6480", "6910"},
		{"line:2", "Feed plate, removed", "1226", ""},
		{"line:3", "Express freight, new", "", "1400"},
	}, ApprovalDifference(before, after))
	require.Empty(t, ApprovalDifference(before, before))
	german := []ApprovalChange{}
	for _, c := range append(ApprovalDifference(before, after), ApprovalChange{"fact:Needed by", "Needed by", "2026-12-03", "2026-12-07"}, ApprovalChange{"line:4:quantity", "Bolt, quantity", "1", "4"}) {
		german = append(german, WordsOfApproval("de").Change(c, "EUR"))
	}
	require.Equal(t, []ApprovalChange{
		{"amount", "Betrag", "17.700,00\u00a0€", "18.640,00\u00a0€"},
		{"line:1:unit_price", "Bowl liner, Preis", "6.480,00", "6.910,00"},
		{"line:1:total", "Bowl liner, Summe", "6.480,00", "6.910,00"},
		{"line:2", "Feed plate, entfernt", "1.226,00", ""},
		{"line:3", "Express freight, neu", "", "1.400,00"},
		{"fact:Needed by", "Gebraucht bis", "Do 3. Dez. 2026", "Mo 7. Dez. 2026"},
		{"line:4:quantity", "Bolt, Menge", "1", "4"},
	}, german)
	text, total := WordsOfApproval("").Line(line("9", "Nut", "8", "0.0125", "1234.1"), "EUR")
	require.Equal(t, [2]string{"Nut, 8 × 0.0125", "1,234.10"}, [2]string{text, total})

	none, five := DefaultApprovalTerms(), DefaultApprovalTerms()
	five.TolerancePercent = *amount("5")
	dearer := before
	dearer.Amount.Amount = *amount("18000")
	dearer.Lines = slices.Clone(before.Lines)
	dearer.Lines[0] = line("1", "Bowl liner", "1", "6780", "6780")
	require.False(t, none.Tolerates(before, dearer))
	require.True(t, five.Tolerates(before, dearer), "1.7 percent")
	require.False(t, five.Tolerates(before, after), "5.3 percent")
	other := dearer
	other.Facts = []ApprovalFact{{"Why", "Broken"}}
	require.False(t, five.Tolerates(before, other), "words are no figures")

	one, err := before.Hash()
	require.NoError(t, err)
	same := before
	same.Amount.Amount = *amount("17700.000")
	two, err := same.Hash()
	require.NoError(t, err)
	require.Equal(t, one, two, "zeros at the end change nothing")
	three, err := dearer.Hash()
	require.NoError(t, err)
	require.NotEqual(t, one, three)
}

func TestMoneyInWords(t *testing.T) {
	t.Parallel()
	m := Money{Amount: *amount("1234567.5"), Currency: "EUR"}
	require.Equal(t, "1,234,567.50\u00a0€", WordsOfApproval("en-GB").Money(m))
	require.Equal(t, "1.234.567,50\u00a0€", WordsOfApproval("de").Money(m))
	require.Equal(t, "-12\u00a0JPY", WordsOfApproval("").Money(Money{Amount: *amount("-12"), Currency: "JPY"}))
	for _, language := range []string{"en", "de", "fr", "es"} {
		w := WordsOfApproval(language)
		require.Equal(t, language, w.Language)
		for _, subject := range ApprovalSubjectTypes() {
			require.NotEmpty(t, w.Approves[subject])
			require.NotEmpty(t, w.Rejects[subject])
		}
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	require.Equal(t, "Fr 20. Nov. 2026, 10:00", WordsOfApproval("de").Date(approvalNow, zone))
}
