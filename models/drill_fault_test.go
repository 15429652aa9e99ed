package models_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"mainstay/models"
)

func TestADrillSpoilsOnlyWhatItsSourceHas(t *testing.T) {
	now := time.Date(2026, 3, 1, 2, 0, 0, 0, time.UTC)
	code := func(r models.DrillRequest) models.Code { return models.ErrorCode(r.Check(now)) }
	for _, fault := range models.DrillFaults {
		require.NoError(t, models.DrillRequest{Fault: fault}.Check(now), fault)
		for _, source := range []models.DrillSource{models.DrillOfDump, models.DrillOfPhysical} {
			err := models.DrillRequest{Fault: fault, Source: source}.Check(now)
			require.Equal(t, fault.RedCheck(source) != "", err == nil, "%s of %s", fault, source)
		}
	}
	require.Equal(t, models.CodeInvalid, code(models.DrillRequest{Fault: "flood"}))
	require.Equal(t, models.CodeInvalid, code(models.DrillRequest{Fault: models.DrillTruncatedDump, Source: models.DrillOfPhysical}))
	require.Equal(t, models.CodeInvalid, code(models.DrillRequest{Fault: models.DrillTruncatedDump, TargetTime: &now}), "a dump is one moment")
	require.NoError(t, models.DrillRequest{Fault: models.DrillMissingSegment, TargetTime: &now}.Check(now))
	require.Equal(t, models.DrillOfPhysical, models.DrillMissingSegment.OnlySource())
	require.Equal(t, models.DrillOfDump, models.DrillTruncatedDump.OnlySource())
	require.Equal(t, models.DrillOfEither, models.DrillFlippedByte.OnlySource())
	require.Equal(t, models.DrillOfEither, models.DrillNoFault.OnlySource())
}

func TestAFaultIsFoundByItsOwnCheckAlone(t *testing.T) {
	check := func(name string, v models.DrillVerdict) models.DrillCheck {
		return models.DrillCheck{Name: name, Verdict: v}
	}
	judge := func(spoilt string, checks ...models.DrillCheck) (string, *bool) {
		e := models.FaultEvidence{Spoilt: spoilt, Expected: "replay"}
		found := e.Found(checks)
		return e.Red, found
	}
	opened := check("repository", models.DrillPass)
	red, found := judge("a byte", opened, check("replay", models.DrillFail), check("api", models.DrillFail))
	require.True(t, *found)
	require.Equal(t, "replay", red)
	red, found = judge("a byte", opened, check("fetch", models.DrillFail), check("replay", models.DrillFail))
	require.False(t, *found, "another was first")
	require.Equal(t, "fetch", red)
	_, found = judge("", opened, check("replay", models.DrillFail))
	require.False(t, *found, "it was damaged before anything was spoilt")
	red, found = judge("a byte", opened, check("replay", models.DrillPass), check("amcheck", models.DrillInconclusive))
	require.False(t, *found, "it went through")
	require.Empty(t, red)
	for _, unknown := range [][]models.DrillCheck{nil, {opened, check("drill", models.DrillInconclusive)}} {
		_, found = judge("a byte", unknown...)
		require.Nil(t, found, "nobody asked the check that has to go red")
	}
	_, found = judge("", opened, check("replay", models.DrillPass))
	require.Nil(t, found, "nothing was spoilt")
}
