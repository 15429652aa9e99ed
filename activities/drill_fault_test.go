package activities

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"mainstay/models"
)

// TestARightCheckThatIsRedForAnotherReasonFoundNothing: a server that does not start at all says nothing about the WAL that it was to read.
func TestARightCheckThatIsRedForAnotherReasonFoundNothing(t *testing.T) {
	t.Parallel()
	judge := func(detail string) (models.RestoreDrill, models.DrillCheck) {
		d := drill{
			operations: &Operations{}, source: models.DrillOfPhysical, spoilt: "a byte was another", shows: regexp.MustCompile("00A1|before configured"),
		}
		d.note("replay", models.DrillFail, "%s", detail)
		row := models.RestoreDrill{Fault: models.DrillFlippedByte}
		d.fill(&row)
		require.Equal(t, models.DrillFail, row.Verdict)
		require.NotNil(t, row.FaultFound)
		return row, d.checks[1]
	}
	for _, detail := range []string{"WAL segment 00A1: damaged in the repository", "recovery ended before configured recovery target was reached"} {
		row, said := judge(detail)
		require.True(t, *row.FaultFound, detail)
		require.Equal(t, models.DrillPass, said.Verdict)
	}
	row, said := judge("configuration file contains errors")
	require.False(t, *row.FaultFound)
	require.Equal(t, models.DrillFail, said.Verdict)
	require.Contains(t, said.Detail, "replay went red for another reason: configuration file contains errors")
}
