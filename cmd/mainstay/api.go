package main

import (
	"context"
	"maps"

	"golang.org/x/sync/errgroup"

	"mainstay/api"
	"mainstay/internal/auth"
	"mainstay/internal/blob"
	"mainstay/internal/config"
	"mainstay/internal/lan"
	"mainstay/internal/telemetry"
	"mainstay/web"
	"mainstay/workflows"
)

type apiCommand struct{}

// Help implements kong.HelpProvider.
func (apiCommand) Help() string {
	return "Serves the REST API on MAINSTAY_HTTP_ADDR and health and metrics on MAINSTAY_OPS_ADDR until SIGTERM, which drains."
}

// Run serves until ctx is done.
func (c *apiCommand) Run(ctx context.Context) error {
	collectLess()
	d, err := open(ctx, "api")
	if err != nil {
		return err
	}
	defer d.close()
	return serveAPI(ctx, d, nil)
}

// serveAPI serves API and operations until ctx is done, and returns when the requests have drained. ready adds to what has to answer
// for the process to be ready.
func serveAPI(ctx context.Context, d *dependencies, ready map[string]telemetry.Check) error {
	authority, secure, err := openLAN(d.config)
	if err != nil {
		return err
	}
	server, err := newAPI(d, authority, ready)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return server.WatchSessions(ctx) })
	context.AfterFunc(ctx, server.Drain)
	group.Go(func() error { return serve(ctx, d.config.HTTPAddr, server) })
	if secure != nil {
		group.Go(func() error { return serveTLS(ctx, d.config.LANAddr, server, secure) })
	}
	group.Go(func() error { return serve(ctx, d.config.OpsAddr, server.Operations()) })
	return group.Wait()
}

func newAPI(d *dependencies, authority *lan.Authority, ready map[string]telemetry.Check) (*api.Server, error) {
	previous := make([][]byte, len(d.config.AuthPreviousKeys))
	for i, key := range d.config.AuthPreviousKeys {
		previous[i] = key
	}
	keys, err := auth.NewKeys(d.config.AuthKey, previous...)
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	files, err := openBlob(d.config)
	if err != nil {
		return nil, err
	}
	anchors, err := openAnchors(d.config)
	if err != nil {
		return nil, err
	}
	processes := workflows.NewClient(d.temporal)
	demoEmail, mailUI := "", ""
	if d.config.Demo && d.config.Env == config.Development {
		demoEmail, mailUI = d.config.AdminEmail, "http://"+d.config.MailUIAddr
	}
	proxies := make([]string, len(d.config.TrustedProxies))
	for i, proxy := range d.config.TrustedProxies {
		proxies[i] = proxy.String()
	}
	var lanAuthority []byte
	if authority != nil {
		lanAuthority = authority.PEM()
	}
	checks := map[string]telemetry.Check{"database": d.store.Ping, "temporal": processes.Check, "storage": files.Ping}
	maps.Copy(checks, ready)
	return api.New(api.Options{
		Store: d.store, Processes: processes, Blob: files, Keys: keys, AuditKeys: auditKeys(d.config), AuditAnchors: anchors, Telemetry: d.telemetry, Version: version,
		PublicURL: d.config.PublicURL, Web: web.Files(), LANAuthority: lanAuthority, TrustedProxies: proxies,
		MailUIURL: mailUI, DemoEmail: demoEmail, DemoAsset: demoAsset, StackState: d.config.StackState, TemporalUIURL: d.config.TemporalUIURL, Namespace: d.config.TemporalNamespace,
		Ready: checks,
	})
}

func openBlob(cfg config.Config) (*blob.Store, error) {
	files, err := blob.Open(blob.Config{
		Endpoint: cfg.S3Endpoint, Region: cfg.S3Region, Bucket: cfg.S3Bucket, AccessKey: cfg.S3AccessKey.Reveal(),
		SecretKey: cfg.S3SecretKey.Reveal(), PublicURL: cfg.S3PublicURL,
	})
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	return files, nil
}
