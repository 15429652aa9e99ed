package workflows_test

import (
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"mainstay/workflows"
)

type workflowContinue = workflow.ContinueAsNewError

// TestReplay runs recorded histories through the code: a change that a running process could not follow fails here. Histories
// are recorded from the deployed code (MAINSTAY_RECORD_REPLAY, cmd/mainstay), never from the change under test.
func TestReplay(t *testing.T) {
	t.Parallel()
	for _, process := range workflows.All() {
		name := nameOf(process)
		files, err := filepath.Glob(filepath.Join("testdata", "replay", name, "*.json"))
		require.NoError(t, err)
		require.NotEmpty(t, files, "no recorded history of %s", name)
		for _, file := range files {
			t.Run(name+"/"+filepath.Base(file), func(t *testing.T) {
				t.Parallel()
				_, err := os.Stat(file)
				require.NoError(t, err)
				replayer := worker.NewWorkflowReplayer()
				replayer.RegisterWorkflow(process)
				require.NoError(t, replayer.ReplayWorkflowHistoryFromJSONFile(nil, file))
			})
		}
	}
}

func nameOf(process any) string {
	full := runtime.FuncForPC(reflect.ValueOf(process).Pointer()).Name()
	return full[strings.LastIndex(full, ".")+1:]
}
