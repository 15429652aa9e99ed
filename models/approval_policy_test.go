package models

import (
	"testing"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

func approvalPolicy(t *testing.T, rules ...ApprovalRule) ApprovalPolicy {
	t.Helper()
	p := ApprovalPolicy{Subject: ApprovalOfWorkOrder, ApprovalTerms: DefaultApprovalTerms()}
	p.ID = NewID()
	require.NoError(t, p.SetRules(rules))
	return p
}

func amount(text string) *decimal.Decimal {
	d := decimal.RequireFromString(text)
	return &d
}

func anyOf(users ...uuid.UUID) []ApprovalLevel {
	return []ApprovalLevel{{Mode: ApprovalByAny, UserIDs: users}}
}

func TestBandsTouchWithoutGapAndOverlap(t *testing.T) {
	t.Parallel()
	low, high := NewID(), NewID()
	p := approvalPolicy(t,
		ApprovalRule{MinAmount: amount("500"), MaxAmount: amount("1000"), Levels: anyOf(low)},
		ApprovalRule{MinAmount: amount("1000"), Levels: anyOf(high)},
	)
	for given, wanted := range map[string]*uuid.UUID{"499.99": nil, "500": &low, "999.9999": &low, "1000": &high, "1000000": &high} {
		matches, err := MatchApproval([]ApprovalPolicy{p}, ApprovalFacts{Subject: ApprovalOfWorkOrder, Amount: *amount(given)})
		require.NoError(t, err)
		if wanted == nil {
			require.Empty(t, matches, given)
			continue
		}
		require.Len(t, matches, 1, given)
		require.Equal(t, []uuid.UUID{*wanted}, matches[0].Rule.Levels[0].UserIDs, given)
	}
	matches, err := MatchApproval([]ApprovalPolicy{p}, ApprovalFacts{Subject: ApprovalOfPurchaseOrder, Amount: *amount("1000")})
	require.NoError(t, err)
	require.Empty(t, matches, "another subject")
}

func TestARuleHoldsForWhatIsBelow(t *testing.T) {
	t.Parallel()
	site, area, other := NewID(), NewID(), NewID()
	p := approvalPolicy(t, ApprovalRule{LocationID: &site, Levels: anyOf(NewID())})
	for _, path := range [][]uuid.UUID{{area, site}, {site}} {
		matches, err := MatchApproval([]ApprovalPolicy{p}, ApprovalFacts{Subject: ApprovalOfWorkOrder, LocationPath: path})
		require.NoError(t, err)
		require.Len(t, matches, 1)
	}
	matches, err := MatchApproval([]ApprovalPolicy{p}, ApprovalFacts{Subject: ApprovalOfWorkOrder, LocationPath: []uuid.UUID{other}})
	require.NoError(t, err)
	require.Empty(t, matches)
}

func TestTheRouteLeavesOutWhoMayNotDecide(t *testing.T) {
	t.Parallel()
	person := func(role Role, disabled, inScope bool) ApprovalPerson {
		return ApprovalPerson{ID: NewID(), Roles: []Role{role}, TimeZone: "UTC", Disabled: disabled, InScope: inScope}
	}
	requester, editor, approver := person(RoleApprover, false, true), person(RoleApprover, false, true), person(RoleApprover, false, true)
	left, elsewhere, technician := person(RoleApprover, true, true), person(RoleApprover, false, false), person(RoleTechnician, false, true)
	people := []ApprovalPerson{requester, editor, approver, left, elsewhere, technician}
	level := ApprovalLevel{Mode: ApprovalByAll, Roles: []Role{RoleApprover}, UserIDs: []uuid.UUID{technician.ID}}
	match := ApprovalMatch{PolicyID: NewID(), Rule: ApprovalRule{Levels: []ApprovalLevel{level}}, Terms: DefaultApprovalTerms()}
	excluded := []uuid.UUID{requester.ID, editor.ID}

	route, err := RouteApproval([]ApprovalMatch{match}, people, excluded)
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{approver.ID}, route.Levels[0].SeatIDs)
	require.Equal(t, 1, route.Levels[0].Need)

	again, err := RouteApproval([]ApprovalMatch{match, match}, people, excluded)
	require.NoError(t, err)
	require.Len(t, again.Levels, 1, "two policies that ask the same people ask once")

	match.Rule.Levels = []ApprovalLevel{{Mode: ApprovalByNOfM, N: 2, Roles: []Role{RoleApprover}}}
	_, err = RouteApproval([]ApprovalMatch{match}, people, excluded)
	require.Equal(t, CodeConflict, ErrorCode(err), "nothing is approved because nobody can be asked")
}

func TestPoliciesNameWhatIsWrong(t *testing.T) {
	t.Parallel()
	for pointer, rule := range map[string]ApprovalRule{
		"/rules/0/levels":           {},
		"/rules/0/max_amount":       {MinAmount: amount("5"), MaxAmount: amount("5"), Levels: anyOf(NewID())},
		"/rules/0/min_amount":       {MinAmount: amount("-1"), Levels: anyOf(NewID())},
		"/rules/0/levels/0":         {Levels: []ApprovalLevel{{Mode: ApprovalByAny}}},
		"/rules/0/levels/0/n":       {Levels: []ApprovalLevel{{Mode: ApprovalByNOfM, UserIDs: []uuid.UUID{NewID()}}}},
		"/rules/0/levels/0/mode":    {Levels: []ApprovalLevel{{Mode: "most", UserIDs: []uuid.UUID{NewID()}}}},
		"/rules/0/levels/0/roles/0": {Levels: []ApprovalLevel{{Mode: ApprovalByAny, Roles: []Role{RoleTechnician}}}},
	} {
		p := approvalPolicy(t, rule)
		err := AsError(p.Validate())
		require.NotNil(t, err, pointer)
		require.Equal(t, pointer, err.Fields[0].Pointer)
	}
	good := approvalPolicy(t, ApprovalRule{Levels: anyOf(NewID())})
	require.NoError(t, good.Validate())
	good.ExpireDays = 1
	require.Error(t, good.Validate(), "it would end before anybody else was asked")
}
