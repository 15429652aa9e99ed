package main

import (
	"context"
	"fmt"
	"maps"
	"net"
	"strconv"
	"time"

	uiserver "github.com/temporalio/ui-server/v2/server"
	uiconfig "github.com/temporalio/ui-server/v2/server/config"
	uioptions "github.com/temporalio/ui-server/v2/server/server_options"
	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/membership/static"
	"go.temporal.io/server/common/primitives"
	"go.temporal.io/server/temporal"
)

// clusterName is written into the database by the first start.
const clusterName = "active"

// serverOptions says what a Temporal server in this process runs on.
type serverOptions struct {
	addr, uiAddr, namespace string
	shards                  int32
	executions, visibility  *config.SQL
	settings                dynamicconfig.StaticClient // wins over the defaults below
	logger                  log.Logger
}

// server is the Temporal server and its Web UI.
type server struct {
	temporal temporal.Server
	ui       *uiserver.Server // nil without a Web UI
}

func newServer(o serverOptions) (*server, error) {
	cfg, hosts, err := o.config()
	if err != nil {
		return nil, err
	}
	authorizer, err := authorization.GetAuthorizerFromConfig(&cfg.Global.Authorization)
	if err != nil {
		return nil, err
	}
	claims, err := authorization.GetClaimMapperFromConfig(&cfg.Global.Authorization, o.logger)
	if err != nil {
		return nil, err
	}
	s, err := temporal.NewServer(
		temporal.WithConfig(cfg),
		temporal.ForServices(temporal.DefaultServices),
		temporal.WithStaticHosts(hosts),
		temporal.WithLogger(o.logger),
		temporal.WithAuthorizer(authorizer),
		temporal.WithClaimMapper(func(*config.Config) authorization.ClaimMapper { return claims }),
		temporal.WithDynamicConfigClient(o.dynamicConfig()),
	)
	if err != nil {
		return nil, err
	}
	ui, err := o.webUI()
	return &server{temporal: s, ui: ui}, err
}

// run starts the server, calls started and serves until ctx ends.
func (s *server) run(ctx context.Context, started func(context.Context) error) error {
	if err := s.temporal.Start(); err != nil {
		return err
	}
	defer s.temporal.Stop() //nolint:errcheck // the process ends: nothing is left to do about it
	if s.ui != nil {
		go s.ui.Start() //nolint:errcheck // it ends the process by itself where it cannot listen
		defer s.ui.Stop()
	}
	if err := started(ctx); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// dynamicConfig holds what a single local node wants: one partition a task queue, since each costs latency, and search attributes that
// can be used soon after they were registered.
func (o serverOptions) dynamicConfig() dynamicconfig.StaticClient {
	settings := dynamicconfig.StaticClient{
		dynamicconfig.MatchingNumTaskqueueReadPartitions.Key():           1,
		dynamicconfig.MatchingNumTaskqueueWritePartitions.Key():          1,
		dynamicconfig.NamespaceCacheRefreshInterval.Key():                500 * time.Millisecond,
		dynamicconfig.FrontendMaxNamespaceVisibilityRPSPerInstance.Key(): 100,
		dynamicconfig.HistoryCacheHostLevelMaxSize.Key():                 8096,
		dynamicconfig.EnableServerVersionCheck.Key():                     false,
	}
	maps.Copy(settings, o.settings)
	return settings
}

func (o serverOptions) config() (*config.Config, map[primitives.ServiceName]static.Hosts, error) {
	host, port, err := splitAddr(o.addr)
	if err != nil {
		return nil, nil, err
	}
	inner, err := freePorts(4)
	if err != nil {
		return nil, nil, err
	}
	frontend := service(host, port)
	frontend.RPC.HTTPPort = inner[3]
	executions, visibility := "executions", "visibility"
	cfg := &config.Config{
		Global: config.Global{Membership: config.Membership{MaxJoinDuration: 30 * time.Second, BroadcastAddress: loopback}},
		Persistence: config.Persistence{
			DefaultStore: executions, VisibilityStore: visibility, NumHistoryShards: o.shards,
			DataStores: map[string]config.DataStore{executions: {SQL: o.executions}, visibility: {SQL: o.visibility}},
		},
		Services: map[string]config.Service{
			"frontend": frontend,
			"history":  service(loopback, inner[0]),
			"matching": service(loopback, inner[1]),
			"worker":   service(loopback, inner[2]),
		},
		PublicClient:        config.PublicClient{HostPort: o.addr},
		DCRedirectionPolicy: config.DCRedirectionPolicy{Policy: "noop"},
		Archival: config.Archival{
			History: config.HistoryArchival{State: "disabled"}, Visibility: config.VisibilityArchival{State: "disabled"},
		},
		NamespaceDefaults: config.NamespaceDefaults{Archival: config.ArchivalNamespaceDefaults{
			History:    config.HistoryArchivalNamespaceDefaults{State: "disabled"},
			Visibility: config.VisibilityArchivalNamespaceDefaults{State: "disabled"},
		}},
		ClusterMetadata: &cluster.Config{
			FailoverVersionIncrement: 10, MasterClusterName: clusterName, CurrentClusterName: clusterName,
			ClusterInformation: map[string]cluster.ClusterInformation{clusterName: {
				Enabled: true, InitialFailoverVersion: 1, RPCAddress: o.addr, HTTPAddress: joinAddr(host, inner[3]),
			}},
		},
	}
	hosts := map[primitives.ServiceName]static.Hosts{
		primitives.FrontendService: static.SingleLocalHost(o.addr),
		primitives.HistoryService:  static.SingleLocalHost(joinAddr(loopback, inner[0])),
		primitives.MatchingService: static.SingleLocalHost(joinAddr(loopback, inner[1])),
		primitives.WorkerService:   static.SingleLocalHost(joinAddr(loopback, inner[2])),
	}
	return cfg, hosts, nil
}

// webUI returns the Web UI, nil where none is wanted.
func (o serverOptions) webUI() (*uiserver.Server, error) {
	if o.uiAddr == "" {
		return nil, nil //nolint:nilnil // no Web UI is an answer
	}
	host, port, err := splitAddr(o.uiAddr)
	if err != nil {
		return nil, err
	}
	return uiserver.NewServer(uioptions.WithConfigProvider(&uiconfig.Config{
		Host: host, Port: port, TemporalGRPCAddress: o.addr, EnableUI: true, DefaultNamespace: o.namespace,
		HideLogs: true, DisableNewsFetch: true, CORS: uiconfig.CORS{CookieInsecure: true},
	})), nil
}

func newLogger(level string) log.Logger {
	return log.NewZapLogger(log.BuildZapLogger(log.Config{Level: level, Format: "console"}))
}

func service(host string, port int) config.Service {
	return config.Service{RPC: config.RPC{GRPCPort: port, BindOnIP: host}}
}

const loopback = "127.0.0.1"

func splitAddr(addr string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(addr)
	if err != nil {
		return "", 0, err
	}
	port, err = strconv.Atoi(text)
	if err != nil {
		return "", 0, fmt.Errorf("port of %s: %w", addr, err)
	}
	return host, port, nil
}

func joinAddr(host string, port int) string { return net.JoinHostPort(host, strconv.Itoa(port)) }

// freePorts returns n ports that were free a moment ago: the services behind the frontend need addresses that nobody
// else has to know.
func freePorts(n int) ([]int, error) {
	ports := make([]int, 0, n)
	for range n {
		l, err := net.Listen("tcp", joinAddr(loopback, 0))
		if err != nil {
			return nil, err
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}
