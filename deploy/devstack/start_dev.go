package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net"
	"os"
	"strconv"
	"strings"

	"github.com/google/uuid"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	sqliteplugin "go.temporal.io/server/common/persistence/sql/sqlplugin/sqlite"
	"go.temporal.io/server/schema/sqlite"
)

// startDevCommand runs the server on SQLite. Its flags are those of `temporal server start-dev` that the test suite of
// the SDK passes, so that testsuite.StartDevServer takes this binary as its ExistingPath.
type startDevCommand struct {
	IP                 string   `name:"ip" default:"127.0.0.1" help:"Address to listen on."`
	Port               int      `default:"7233" help:"Port of the gRPC frontend."`
	UIPort             int      `name:"ui-port" help:"Port of the Web UI; 1000 above the frontend's where unset."`
	Headless           bool     `help:"Run no Web UI."`
	Namespace          []string `short:"n" default:"default" help:"Namespaces to register."`
	DBFilename         string   `name:"db-filename" short:"f" help:"File to keep the state in; in memory where unset."`
	SearchAttribute    []string `sep:"none" help:"Search attributes to register, as Name=Type."`
	DynamicConfigValue []string `sep:"none" help:"Server settings, as key=JSON."`
	LogLevel           string   `default:"warn" help:"Least severe log line shown."`
	LogFormat          string   `help:"Accepted for the CLI's sake; the format is always console."`
}

func (c *startDevCommand) Run(ctx context.Context) error {
	settings, err := parseSettings(c.DynamicConfigValue)
	if err != nil {
		return err
	}
	db, err := c.database()
	if err != nil {
		return err
	}
	if err := c.createNamespaces(db); err != nil {
		return err
	}
	server, err := newServer(serverOptions{
		addr: net.JoinHostPort(c.IP, strconv.Itoa(c.Port)), uiAddr: c.uiAddr(), namespace: c.Namespace[0], shards: 1,
		logger: newLogger(c.LogLevel), executions: db, visibility: db, settings: settings,
	})
	if err != nil {
		return err
	}
	return server.run(ctx, func(context.Context) error { return nil })
}

func (c *startDevCommand) uiAddr() string {
	if c.Headless {
		return ""
	}
	port := c.UIPort
	if port == 0 {
		port = c.Port + 1000
	}
	return net.JoinHostPort(c.IP, strconv.Itoa(port))
}

// database returns the SQLite database, with its schema where the file is new. The schema of an old file is not
// upgraded: a file is for a short while, what must last runs on PostgreSQL.
func (c *startDevCommand) database() (*config.SQL, error) {
	if c.DBFilename == "" {
		return &config.SQL{
			PluginName: sqliteplugin.PluginName, DatabaseName: uuid.NewString(),
			ConnectAttributes: map[string]string{"mode": "memory", "cache": "shared"},
		}, nil
	}
	db := &config.SQL{
		PluginName: sqliteplugin.PluginName, DatabaseName: c.DBFilename,
		ConnectAttributes: map[string]string{"mode": "rwc"},
	}
	_, err := os.Stat(c.DBFilename)
	if errors.Is(err, os.ErrNotExist) {
		err = sqlite.SetupSchema(db)
	}
	return db, err
}

func (c *startDevCommand) createNamespaces(db *config.SQL) error {
	attributes, err := parseSearchAttributes(c.SearchAttribute)
	if err != nil {
		return err
	}
	for _, name := range c.Namespace {
		namespace, err := sqlite.NewNamespaceConfig(clusterName, name, false, attributes)
		if err != nil {
			return err
		}
		if err := sqlite.CreateNamespaces(db, namespace); err != nil {
			return err
		}
	}
	return nil
}

func parseSearchAttributes(pairs []string) (map[string]enumspb.IndexedValueType, error) {
	attributes := make(map[string]enumspb.IndexedValueType, len(pairs))
	for _, pair := range pairs {
		name, typ, _ := strings.Cut(pair, "=")
		value, err := enumspb.IndexedValueTypeFromString(typ)
		if err != nil {
			return nil, fmt.Errorf("search attribute %q: %w", pair, err)
		}
		attributes[name] = value
	}
	return attributes, nil
}

func parseSettings(pairs []string) (dynamicconfig.StaticClient, error) {
	settings := dynamicconfig.StaticClient{
		// As the CLI has it: tests register search attributes and use them at once. Each start of a workflow reads the namespace for it.
		dynamicconfig.ForceSearchAttributesCacheRefreshOnRead.Key(): true,
	}
	for _, pair := range pairs {
		key, text, _ := strings.Cut(pair, "=")
		var value any
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			return nil, fmt.Errorf("setting %q: %w", pair, err)
		}
		if number, ok := value.(float64); ok && number == math.Trunc(number) {
			value = int(number) // the server takes no float for an integer, but an integer for a float
		}
		settings[dynamicconfig.MakeKey(key)] = value
	}
	return settings, nil
}
