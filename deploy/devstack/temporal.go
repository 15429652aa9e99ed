package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/log"
	_ "go.temporal.io/server/common/persistence/sql/sqlplugin/postgresql" // registers postgres12_pgx
	"go.temporal.io/server/tools/common/schema"
	tsql "go.temporal.io/server/tools/sql"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/durationpb"
)

// historyShards is fixed when the database is created and can never be changed.
const historyShards = 4

// temporalCommand runs the server on PostgreSQL. It creates and upgrades its two databases by itself.
type temporalCommand struct {
	Addr       string        `default:"127.0.0.1:7233" help:"Address of the gRPC frontend."`
	UIAddr     string        `default:"127.0.0.1:8233" help:"Address of the Web UI; empty runs none."`
	Namespace  string        `default:"default" help:"Namespace to register."`
	Retention  time.Duration `default:"720h" help:"How long the namespace keeps closed workflows."`
	DBAddr     string        `name:"db-addr" default:"127.0.0.1:5432" help:"Address of PostgreSQL."`
	DBUser     string        `name:"db-user" default:"postgres" help:"Login that may create databases."`
	DBPassword string        `name:"db-password" env:"DEVSTACK_DB_PASSWORD" help:"Its password; better given in the environment."`
	DBPrefix   string        `name:"db-prefix" default:"temporal" help:"Database of the executions; the visibility database adds _visibility."`
	LogLevel   string        `default:"warn" enum:"debug,info,warn,error" help:"Least severe log line shown."`
}

func (c *temporalCommand) Run(ctx context.Context) error {
	logger := newLogger(c.LogLevel)
	executions, visibility := c.database(c.DBPrefix), c.database(c.DBPrefix+"_visibility")
	if err := upgradeSchema(executions, "postgresql/v12/temporal", logger); err != nil {
		return err
	}
	if err := upgradeSchema(visibility, "postgresql/v12/visibility", logger); err != nil {
		return err
	}
	server, err := newServer(serverOptions{
		addr: c.Addr, uiAddr: c.UIAddr, namespace: c.Namespace, shards: historyShards, logger: logger,
		executions: executions, visibility: visibility, settings: dynamicconfig.StaticClient{},
	})
	if err != nil {
		return err
	}
	return server.run(ctx, func(ctx context.Context) error {
		return registerNamespace(ctx, c.Addr, c.Namespace, c.Retention)
	})
}

func (c *temporalCommand) database(name string) *config.SQL {
	return &config.SQL{
		PluginName: "postgres12_pgx", DatabaseName: name, ConnectAddr: c.DBAddr, ConnectProtocol: "tcp",
		User: c.DBUser, Password: c.DBPassword, MaxConns: 20, MaxIdleConns: 20, MaxConnLifetime: time.Hour,
	}
}

// upgradeSchema creates the database where it is missing and brings its schema to this server's version. It can be
// repeated.
func upgradeSchema(db *config.SQL, schemaName string, logger log.Logger) error {
	admin := *db // DoCreateDatabase changes the database name of what it is given
	if err := tsql.DoCreateDatabase(&admin, "postgres", logger); err != nil {
		return fmt.Errorf("create database %s: %w", db.DatabaseName, err)
	}
	conn, err := tsql.NewConnection(db, logger)
	if err != nil {
		return fmt.Errorf("connect to database %s: %w", db.DatabaseName, err)
	}
	defer conn.Close()
	if err := schema.NewSetupSchemaTask(conn, &schema.SetupConfig{InitialVersion: "0.0"}, logger).Run(); err != nil {
		return fmt.Errorf("set up schema of %s: %w", db.DatabaseName, err)
	}
	update := &schema.UpdateConfig{DBName: db.DatabaseName, SchemaName: schemaName}
	if err := schema.NewUpdateSchemaTask(conn, update, logger).Run(); err != nil {
		return fmt.Errorf("upgrade schema of %s: %w", db.DatabaseName, err)
	}
	return nil
}

// registerNamespace registers the namespace; one that exists is left as it is.
func registerNamespace(ctx context.Context, addr, namespace string, retention time.Duration) error {
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer conn.Close()
	request := &workflowservice.RegisterNamespaceRequest{
		Namespace: namespace, WorkflowExecutionRetentionPeriod: durationpb.New(retention),
	}
	for {
		_, err := workflowservice.NewWorkflowServiceClient(conn).RegisterNamespace(ctx, request)
		err = serviceerror.FromStatus(serviceerror.ToStatus(err))
		var exists *serviceerror.NamespaceAlreadyExists
		if err == nil || errors.As(err, &exists) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("register namespace %s: %w", namespace, err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}
