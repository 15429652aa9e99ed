// Package deploy_test checks the files that no compiler reads.
package deploy_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"mainstay/internal/config"
)

type composeFile struct {
	Services map[string]composeService `yaml:"services"`
	Volumes  map[string]any            `yaml:"volumes"`
}

type composeService struct {
	Image       string                      `yaml:"image"`
	Environment map[string]string           `yaml:"environment"`
	DependsOn   map[string]composeCondition `yaml:"depends_on"`
	Healthcheck map[string]any              `yaml:"healthcheck"`
	Restart     string                      `yaml:"restart"`
	Ports       []string                    `yaml:"ports"`
	Volumes     []string                    `yaml:"volumes"`
}

type composeCondition struct {
	Condition string `yaml:"condition"`
}

func readCompose(t *testing.T) composeFile {
	t.Helper()
	content, err := os.ReadFile("../docker-compose.yml")
	require.NoError(t, err)
	var file composeFile
	require.NoError(t, yaml.Unmarshal(content, &file))
	require.NotEmpty(t, file.Services)
	return file
}

func TestComposeImagesArePinned(t *testing.T) {
	version := regexp.MustCompile(`^[a-z0-9./-]+:v?\d+\.\d+(\.\d+)?(-[a-z0-9.]+)?$`)
	for name, service := range readCompose(t).Services {
		if strings.HasPrefix(service.Image, "mainstay:") {
			continue
		}
		require.Regexp(t, version, service.Image, "service %s", name)
	}
}

func TestComposeServicesThatStayAreWatched(t *testing.T) {
	services := readCompose(t).Services
	for name, service := range services {
		if service.Restart != "" {
			require.NotEmpty(t, service.Healthcheck["test"], "service %s stays and has no health check", name)
		}
		for other, condition := range service.DependsOn {
			require.Contains(t, services, other, "service %s", name)
			want := "service_completed_successfully"
			if services[other].Restart != "" {
				want = "service_healthy"
			}
			require.Equal(t, want, condition.Condition, "service %s waits for %s", name, other)
		}
	}
}

func TestComposeIsReachableFromThisMachineOnly(t *testing.T) {
	taken := map[string]string{}
	for name, service := range readCompose(t).Services {
		for _, port := range service.Ports {
			require.True(t, strings.HasPrefix(port, "127.0.0.1:"), "service %s publishes %s to the network", name, port)
			outside := port[:strings.LastIndex(port, ":")]
			require.Empty(t, taken[outside], "services %s and %s both take %s", name, taken[outside], outside)
			taken[outside] = name
		}
	}
}

func TestComposeMountsWhatExists(t *testing.T) {
	file := readCompose(t)
	for name, service := range file.Services {
		for _, volume := range service.Volumes {
			source, _, found := strings.Cut(volume, ":")
			require.True(t, found, "service %s: %s", name, volume)
			if strings.HasPrefix(source, "./") {
				_, err := os.Stat(filepath.Join("..", source))
				require.NoError(t, err, "service %s", name)
			} else {
				require.Contains(t, file.Volumes, source, "service %s", name)
			}
		}
	}
}

func TestComposeSettingsAreAcceptedInProduction(t *testing.T) {
	documented, err := os.ReadFile("../docs/configuration.md")
	require.NoError(t, err)
	secrets := writeSecrets(t)
	checked := 0
	for name, service := range readCompose(t).Services {
		if !strings.HasPrefix(service.Image, "mainstay:") {
			continue
		}
		checked++
		environment := map[string]string{"MAINSTAY_ENV": "production", "PORT": "3000", "MAINSTAY_OPS_ADDR": ":8081"} // the image's own
		for variable, value := range service.Environment {
			require.Contains(t, string(documented), "`"+strings.TrimSuffix(variable, "_FILE")+"`", "service %s sets %s", name, variable)
			environment[variable] = strings.Replace(defaults(value), "/secrets/", secrets+"/", 1)
		}
		c, err := config.Load(func(variable string) (string, bool) {
			value, ok := environment[variable]
			return value, ok
		})
		require.NoError(t, err, "service %s", name)
		require.NoError(t, c.Validate(), "service %s", name)
		require.NoError(t, c.Require("MAINSTAY_DATABASE_URL", "MAINSTAY_TEMPORAL_ADDRESS", "MAINSTAY_S3_ENDPOINT", "MAINSTAY_SMTP_URL"), "service %s", name)
		require.Equal(t, ":3000", c.HTTPAddr)
		require.Equal(t, defaults(service.Image), c.Image, "a dump's release names what service %s runs in", name)
	}
	require.Equal(t, 3, checked, "migrate, api and worker")
}

// defaults replaces ${NAME:-value} by value, as compose does where NAME is unset.
func defaults(value string) string {
	return regexp.MustCompile(`\$\{\w+:-([^}]*)\}`).ReplaceAllString(value, "$1")
}

// writeSecrets writes what compose/secrets.sh makes, and holds the script against the list.
func writeSecrets(t *testing.T) string {
	t.Helper()
	script, err := os.ReadFile("compose/secrets.sh")
	require.NoError(t, err)
	folder := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(folder, "mainstay"), 0o700))
	for name, value := range map[string]string{
		"database-url":         "postgres://mainstay_login:Kk9wq2@postgres:5432/mainstay?sslmode=disable",
		"migrate-database-url": "postgres://mainstay:Zz8wq2@postgres:5432/mainstay?sslmode=disable",
		"s3-access-key":        "Aq8s7d6f5g4h3j2k1",
		"s3-secret-key":        "Bq8s7d6f5g4h3j2k1",
		"auth-key":             base64.StdEncoding.EncodeToString([]byte("0123456789abcdefghijklmnopqrstuv")),
		"payload-key":          base64.StdEncoding.EncodeToString([]byte("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345")),
		"audit-key":            base64.StdEncoding.EncodeToString([]byte("abcdefghijklmnopqrstuvwxyz987654")),
		"admin-password":       "Cq8s7d6f5g4h3j2k1",
	} {
		require.Contains(t, string(script), "mainstay/"+name)
		require.NoError(t, os.WriteFile(filepath.Join(folder, "mainstay", name), []byte(value+"\n"), 0o600))
	}
	return folder
}
