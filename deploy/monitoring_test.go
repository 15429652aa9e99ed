package deploy_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"mainstay/internal/telemetry"
	"mainstay/models"
)

func TestPrometheusRulesSayWhatToDo(t *testing.T) {
	var rules struct {
		Groups []struct {
			Rules []struct {
				Alert       string            `yaml:"alert"`
				Expr        string            `yaml:"expr"`
				Labels      map[string]string `yaml:"labels"`
				Annotations map[string]string `yaml:"annotations"`
			} `yaml:"rules"`
		} `yaml:"groups"`
	}
	content, err := os.ReadFile("prometheus/alerts.yml")
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(content, &rules))
	require.NotEmpty(t, rules.Groups)
	runbook, err := os.ReadFile("../docs/operations.md")
	require.NoError(t, err)
	published := scrape(t)
	for _, group := range rules.Groups {
		for _, rule := range group.Rules {
			require.NotEmpty(t, rule.Expr, rule.Alert)
			require.Empty(t, unpublished(rule.Expr, published), rule.Alert)
			require.Contains(t, string(runbook), rule.Alert, "docs/operations.md says what to do")
			require.Contains(t, []string{"critical", "warning"}, rule.Labels["severity"], rule.Alert)
			require.NotEmpty(t, rule.Annotations["summary"], rule.Alert)
			require.NotEmpty(t, rule.Annotations["description"], rule.Alert)
		}
	}
}

func TestDashboardShowsOurMetrics(t *testing.T) {
	var dashboard struct {
		Panels []struct {
			Title   string `json:"title"`
			Targets []struct {
				Expr string `json:"expr"`
			} `json:"targets"`
		} `json:"panels"`
	}
	content, err := os.ReadFile("grafana/dashboards/mainstay.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(content, &dashboard))
	require.NotEmpty(t, dashboard.Panels)
	published := scrape(t)
	for _, panel := range dashboard.Panels {
		require.NotEmpty(t, panel.Targets, panel.Title)
		for _, target := range panel.Targets {
			require.Empty(t, unpublished(target.Expr, published), panel.Title)
		}
	}
}

func TestUnpublishedNamesAreFound(t *testing.T) {
	published := scrape(t)
	for expr, want := range map[string][]string{
		`max(mainstay_asset)`: {"mainstay_asset"},
		`sum by (le, route) (rate(http_request_duration_seconds_bucket{status="200"}[5m]))`: {"status of http_request_duration_seconds_bucket"},
		`sum by (state) (mainstay_work_orders)`:                                             {"state"},
		`temporal_request_total offset 1d > 2`:                                              {"temporal_request_total"},
		`up{job="mainstay"} == 0 or absent(up)`:                                             nil,
	} {
		require.Equal(t, want, unpublished(expr, published), expr)
	}
}

func TestPromtoolAcceptsTheRules(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil && os.Getenv("CI") != "" {
		require.NoError(t, err)
	}
	if err != nil {
		t.Skip("NOT CHECKED: promtool is not on PATH, so nothing parsed deploy/prometheus as Prometheus does")
	}
	for _, args := range [][]string{{"check", "rules", "prometheus/alerts.yml"}, {"check", "config", "prometheus/prometheus.yml"}, {"test", "rules", "prometheus/alerts_test.yml"}} {
		out, err := exec.CommandContext(t.Context(), promtool, args...).CombinedOutput()
		require.NoError(t, err, string(out))
	}
}

var (
	quotedText = regexp.MustCompile(`"[^"]*"`)
	duration   = regexp.MustCompile(`\[[^\]]*\]|\boffset +\w+`)
	grouping   = regexp.MustCompile(`\b(?:by|on|without|ignoring) *\(([^)]*)\)`)
	matchers   = regexp.MustCompile(`([a-zA-Z_:][\w:]*)\{([^}]*)\}`)
	labelName  = regexp.MustCompile(`[a-zA-Z_]\w*`)
	metricName = regexp.MustCompile(`[a-zA-Z_:][\w:]*(?: *\()?`) // with a bracket behind it: a function
)

// series are the metrics of a scrape with the labels of each.
type series map[string]map[string]bool

// unpublished lists what an expression asks for and nobody publishes: metrics, and labels that none of its metrics has. up and its
// labels are Prometheus's own.
func unpublished(expr string, published series) []string {
	var missing []string
	expr = duration.ReplaceAllString(quotedText.ReplaceAllString(expr, ""), "")
	labels := map[string]bool{}
	grouped := grouping.FindAllStringSubmatch(expr, -1)
	expr = grouping.ReplaceAllString(expr, "")
	for _, match := range matchers.FindAllStringSubmatch(expr, -1) {
		for _, label := range labelName.FindAllString(match[2], -1) {
			if metric, known := published[match[1]]; known && !metric[label] {
				missing = append(missing, label+" of "+match[1])
			}
		}
	}
	expr = matchers.ReplaceAllString(expr, "$1 ")
	for _, name := range metricName.FindAllString(expr, -1) {
		if strings.HasSuffix(name, "(") || slices.Contains([]string{"and", "or", "unless", "bool"}, name) {
			continue
		}
		if published[name] == nil && !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
		for label := range published[name] {
			labels[label] = true
		}
	}
	for _, group := range grouped {
		for _, label := range labelName.FindAllString(group[1], -1) {
			if !labels[label] {
				missing = append(missing, label)
			}
		}
	}
	return missing
}

// scrape reads what a process publishes that has answered one request.
func scrape(t *testing.T) series {
	t.Helper()
	process, err := telemetry.Start(t.Context(), telemetry.Options{Process: "api", Log: io.Discard})
	require.NoError(t, err)
	process.HTTP.Observe(http.MethodGet, "/v1/assets", http.StatusOK, time.Millisecond)
	require.NoError(t, process.RegisterFigures(func(context.Context) ([]models.Figure, error) {
		return []models.Figure{
			{Name: "assets"},
			{Name: "users_active"},
			{Name: "work_orders", Status: "approved"},
			{Name: "work_orders_overdue"},
			{Name: "maintenance_schedules", Status: "active"},
			{Name: "generation_lag_seconds"},
			{Name: "outbox_oldest_seconds"},
			{Name: "processes_late"},
			{Name: "backup_verified_age_seconds"},
			{Name: "drill_green_age_seconds"},
			{Name: "drill_fault_age_seconds", Status: "wrong_key"},
			{Name: "drill_fault_missed", Status: "wrong_key"},
			{Name: "wal_rpo_seconds"},
			{Name: "wal_faults"},
			{Name: "file_check_age_seconds"},
			{Name: "file_faults"},
			{Name: "audit_unsealed_seconds"},
			{Name: "audit_unanchored_seconds"},
		}, nil
	}))
	answer := httptest.NewRecorder()
	process.Metrics().ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", http.NoBody))
	found := series{"up": {"job": true, "instance": true, "component": true}}
	for line := range strings.Lines(answer.Body.String()) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		name, rest, _ := strings.Cut(strings.Fields(quotedText.ReplaceAllString(line, ""))[0], "{")
		found[name] = map[string]bool{}
		for _, label := range labelName.FindAllString(rest, -1) {
			found[name][label] = true
		}
	}
	return found
}
