package stack

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"mainstay/internal/config"
)

// partOf is how far a part is by the file that the API reads.
func partOf(t *testing.T, file, name string) PartState {
	t.Helper()
	state, err := ReadState(file)
	require.NoError(t, err)
	for _, part := range state.Parts {
		if part.Name == name {
			return part
		}
	}
	require.Fail(t, "no part "+name)
	return PartState{}
}

func testSupervisor(t *testing.T, c config.Config) *supervisor {
	t.Helper()
	c.DataDir = t.TempDir()
	l, err := newLayout(c.DataDir)
	require.NoError(t, err)
	s, err := newSupervisor(UpOptions{Config: c, Output: t.Output()}, l)
	require.NoError(t, err)
	return s
}

func TestTheStateSaysHowFarEachPartIs(t *testing.T) {
	c, err := config.Load(func(string) (string, bool) { return "", false })
	require.NoError(t, err)
	s := testSupervisor(t, c)
	file := s.settings["MAINSTAY_STACK_STATE"]
	state, err := ReadState(file)
	require.NoError(t, err)
	names := make([]string, len(state.Parts))
	for i, part := range state.Parts {
		names[i] = part.Name + " " + string(part.Status)
	}
	require.Equal(t, []string{
		"postgres waiting", "temporal waiting", "s3 waiting", "mail waiting", "api waiting", "worker waiting", "demo waiting", "web left_out",
	}, names)
	require.Equal(t, "http://localhost:8080", state.URL)
	require.Equal(t, filepath.Join(s.layout.dir, "admin-password"), state.PasswordFile)
	require.Equal(t, "http://localhost:8233", partOf(t, file, "temporal").URL)

	report := s.building("temporal")
	report(compiled{name: "devstack"})
	require.Equal(t, PartBuilding, partOf(t, file, "temporal").Status)
	report(compiled{name: "devstack", done: 30, total: 120, left: 90 * time.Second})
	part := partOf(t, file, "temporal")
	require.Equal(t, []int{30, 120, 90}, []int{part.Done, part.Total, part.SecondsLeft})
	s.state.starts("temporal")
	part = partOf(t, file, "temporal")
	require.Equal(t, PartStarting, part.Status)
	require.Zero(t, part.Total)
	s.state.ready("temporal")
	part = partOf(t, file, "temporal")
	require.Equal(t, PartReady, part.Status)
	require.Positive(t, part.Seconds)
	s.state.ready("nobody")

	text, err := os.ReadFile(file)
	require.NoError(t, err)
	for _, secret := range []string{s.secrets.admin, s.secrets.postgres, s.secrets.s3, s.secrets.appLogin} {
		require.NotContains(t, string(text), secret)
	}
	s.stop()
	require.NoFileExists(t, file)
}

func TestTheStateLeavesOutWhatRunsElsewhere(t *testing.T) {
	s := testSupervisor(t, config.Config{
		HTTPAddr: "127.0.0.1:8080", DatabaseURL: "postgres://x/y", TemporalAddress: "temporal:7233", S3Endpoint: "https://s3", SMTPURL: "smtp://mail", AdminPassword: "given elsewhere",
	})
	state, err := ReadState(s.layout.state())
	require.NoError(t, err)
	require.Empty(t, state.PasswordFile)
	require.Equal(t, []PartState{
		{Name: "api", Status: PartWaiting, Address: "127.0.0.1:8080"},
		{Name: "worker", Status: PartWaiting, Path: s.layout.log("worker")},
		{Name: "web", Status: PartLeftOut},
	}, state.Parts)
}
