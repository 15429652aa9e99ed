package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"mainstay/internal/config"
	"mainstay/internal/stack"
	"mainstay/internal/telemetry"
	"mainstay/models/store"
	"mainstay/workers"
)

// shutdownWithin bounds how long a process drains after SIGTERM.
const shutdownWithin = 25 * time.Second

// dependencies are what api and worker both stand on.
type dependencies struct {
	config    config.Config
	telemetry *telemetry.Telemetry
	store     *store.Store
	temporal  client.Client
}

// heapGrowth is by how many percent the heap of an API or a worker grows before it is collected: each command allocates much and
// leaves little, so that Go's 100 spends a fifth of the process's time on some ten megabytes. GOGC and GOMEMLIMIT stand above it.
const heapGrowth = 400

func collectLess() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
}

// open reads the settings and opens database and Temporal. Temporal need not answer yet: its client connects when it is used.
func open(ctx context.Context, process string) (*dependencies, error) {
	cfg, err := config.Load(stack.Lookup(os.LookupEnv))
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	if err := errors.Join(cfg.Require("MAINSTAY_DATABASE_URL", "MAINSTAY_AUTH_KEY"), cfg.Validate()); err != nil {
		return nil, &exitError{exitUsage, err}
	}
	d := &dependencies{config: cfg}
	d.telemetry, err = telemetry.Start(ctx, telemetry.Options{
		Process: process, Version: version, Level: cfg.LogLevel, Log: os.Stdout, OTLPEndpoint: cfg.OTLPEndpoint,
	})
	if err != nil {
		return nil, err
	}
	d.store, err = store.Open(ctx, store.Options{URL: cfg.DatabaseURL.Reveal(), Tracer: d.telemetry.DatabaseTracer()})
	if err != nil {
		return nil, &exitError{exitDependency, err}
	}
	if err := d.openTemporal(); err != nil {
		return nil, err
	}
	return d, errors.Join(d.telemetry.RegisterPools(d.store.WritePool(), d.store.PoolStat), d.telemetry.RegisterFigures(d.store.Figures))
}

func (d *dependencies) openTemporal() error {
	options, err := temporalOptions(d.config, d.telemetry)
	if err != nil {
		return err
	}
	d.temporal, err = client.NewLazyClient(options)
	if err != nil {
		return &exitError{exitDependency, fmt.Errorf("temporal: %w", err)}
	}
	return nil
}

func (d *dependencies) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	d.temporal.Close()
	_ = d.store.Close()
	_ = d.telemetry.Shutdown(ctx)
}

// temporalOptions are the same for every process that talks to Temporal: they must agree on codec and namespace.
func temporalOptions(cfg config.Config, t *telemetry.Telemetry) (client.Options, error) {
	address := cfg.TemporalAddress
	if address == "" {
		address = cfg.TemporalAddr
	}
	options := client.Options{HostPort: address, Namespace: cfg.TemporalNamespace}
	// Temporal is near, and what is sent is small or encrypted: compressing took a tenth of an API process's time.
	options.ConnectionOptions.GrpcCompression = &client.GrpcCompressionNone{}
	if len(cfg.PayloadKey) > 0 {
		codec, err := payloadCodec(cfg)
		if err != nil {
			return options, &exitError{exitUsage, err}
		}
		options.DataConverter = codec.DataConverter()
		// Error texts would stand in clear otherwise.
		options.FailureConverter = temporal.NewDefaultFailureConverter(temporal.DefaultFailureConverterOptions{
			DataConverter: options.DataConverter, EncodeCommonAttributes: true,
		})
	}
	if t == nil {
		return options, nil
	}
	options.Logger = t.TemporalLogger()
	options.MetricsHandler = t.TemporalMetrics()
	interceptors, err := t.TemporalTracing()
	options.Interceptors = interceptors
	return options, err
}

func payloadCodec(cfg config.Config) (*workers.Codec, error) {
	previous := make([][]byte, len(cfg.PayloadPreviousKeys))
	for i, key := range cfg.PayloadPreviousKeys {
		previous[i] = key
	}
	return workers.NewCodec(cfg.PayloadKey, previous...)
}

// serve answers on address until ctx is done, then lets running requests finish.
func serve(ctx context.Context, address string, handler http.Handler) error {
	return serveTLS(ctx, address, handler, nil)
}

// serveTLS is serve over TLS, where secure is not nil.
func serveTLS(ctx context.Context, address string, handler http.Handler, secure *tls.Config) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return &exitError{exitDependency, err}
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, TLSConfig: secure}
	failed := make(chan error, 1)
	go func() {
		if secure == nil {
			failed <- server.Serve(listener)
			return
		}
		failed <- server.ServeTLS(listener, "", "")
	}()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownWithin)
	defer cancel()
	return server.Shutdown(drain)
}
