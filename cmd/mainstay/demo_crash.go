package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"mainstay/internal/config"
	"mainstay/internal/stack"
	"mainstay/models"
	"mainstay/models/store"
	"mainstay/workflows"
)

type demoCrashCommand struct {
	Schedules int           `default:"2000" help:"How many schedules are due at once."`
	Within    time.Duration `default:"10m" help:"Give up after this long."`
}

// Help implements kong.HelpProvider.
func (demoCrashCommand) Help() string {
	return "Makes a plant of its own with schedules that are due now, and kills worker, API and Temporal at random while the work orders " +
		"are generated. Then it drops Temporal's whole database and starts every open process again from its row. It prints what came " +
		"of it and exits 1 when anything was lost or doubled. It uses the stack that runs on MAINSTAY_DATA_DIR, else one of its own " +
		"on free ports."
}

// crash is one run of the show.
type crash struct {
	command  *demoCrashCommand
	settings map[string]string // of the stack, by variable
	config   config.Config
	dataDir  string
	store    *store.Store
	owner    *sql.DB
	tenant   uuid.UUID
	kills    map[string]int
}

// Run shows it and prints the table.
func (c *demoCrashCommand) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.Within)
	defer cancel()
	dataDir, stop, err := runningStack(ctx)
	if err != nil {
		return err
	}
	defer stop()
	show, err := c.open(ctx, dataDir)
	if err != nil {
		return err
	}
	defer show.close()
	return show.run(ctx)
}

func (c *demoCrashCommand) open(ctx context.Context, dataDir string) (*crash, error) {
	settings, err := stack.Running(dataDir)
	if err != nil {
		return nil, &exitError{exitDependency, err}
	}
	cfg, err := config.Load(func(name string) (string, bool) { value, ok := settings[name]; return value, ok })
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, store.Options{URL: cfg.DatabaseURL.Reveal(), MaxConns: 4})
	if err != nil {
		return nil, &exitError{exitDependency, err}
	}
	owner, err := sql.Open("pgx", cfg.MigrateDatabaseURL.Reveal())
	if err != nil {
		return nil, err
	}
	return &crash{
		command: c, settings: settings, config: cfg, dataDir: dataDir, store: s, owner: owner, kills: map[string]int{},
	}, nil
}

func (c *crash) close() {
	_ = c.store.Close()
	_ = c.owner.Close()
}

func (c *crash) run(ctx context.Context) error {
	fmt.Printf("%d schedules become due; worker, API and Temporal are killed at random meanwhile.\n", c.command.Schedules)
	if err := c.plant(ctx); err != nil {
		return err
	}
	if err := c.killUntilGenerated(ctx); err != nil {
		return err
	}
	fmt.Printf("Killed %v. Now Temporal's database is dropped.\n", c.kills)
	if err := c.dropTemporal(ctx); err != nil {
		return err
	}
	poked, err := c.reconcile(ctx)
	if err != nil {
		return err
	}
	return c.verdict(ctx, poked)
}

// plant makes a tenant with one site, one asset and the schedules, all due since yesterday.
func (c *crash) plant(ctx context.Context) error {
	p := newShowPlant("crash", "Crash show", "UTC")
	c.tenant = p.tenant
	due := models.DateOf(p.now, time.UTC).AddDays(-1)
	schedules := make([]demoRow, c.command.Schedules)
	for i := range schedules {
		schedules[i] = p.record(models.NewID(), demoRow{
			"number": fmt.Sprintf("MS-%06d", i+1), "title": fmt.Sprintf("Inspection %d", i+1), "asset_id": p.asset, "location_id": p.site,
			"site_id": p.site, "rrule": "FREQ=YEARLY", "starts_on": due, "catch_up": "one", "priority": "medium", "status": "active",
			"next_due_on": due, "next_due_key": due.String(), "generate_at": due.In(time.UTC),
		})
	}
	tables := slices.Concat(p.tables, []store.DemoTable{
		{Table: "maintenance_schedules", Rows: schedules},
		{Table: "maintenance_planners", Rows: []demoRow{{"tenant_id": p.tenant, "site_id": p.site, "next_action_at": p.now}}},
	})
	_, err := c.store.LoadDemo(models.WithActor(ctx, models.SystemActor(c.tenant)), tables, []models.Delivery{{
		Kind: models.DeliverRefresh, Process: models.ProcessMaintenancePlanner, SubjectID: p.site, Queue: models.QueueCore,
	}})
	return err
}

// killUntilGenerated kills one process after the other until every order exists.
func (c *crash) killUntilGenerated(ctx context.Context) error {
	names := []string{"worker", "api", "temporal"}
	for {
		n, err := c.count(ctx, `SELECT count(*) FROM work_orders WHERE tenant_id = $1`)
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "\r%d of %d work orders, killed %v ", n, c.command.Schedules, c.kills)
		if n >= c.command.Schedules && c.kills["worker"] > 0 && c.kills["temporal"] > 0 && c.kills["api"] > 0 {
			fmt.Fprintln(os.Stderr)
			return nil
		}
		c.kill(names[rand.IntN(len(names))])                                                    //nolint:gosec // no secret
		if err := pause(ctx, time.Duration(500+rand.IntN(2500))*time.Millisecond); err != nil { //nolint:gosec // no secret
			return err
		}
	}
}

// kill ends a process of the stack at once; the stack starts it again.
func (c *crash) kill(name string) {
	text, err := os.ReadFile(filepath.Join(c.dataDir, "run", name+".pid")) //nolint:gosec // one of three names
	if err != nil {
		return // being started again
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err == nil && syscall.Kill(pid, syscall.SIGKILL) == nil {
		c.kills[name]++
	}
}

func (c *crash) count(ctx context.Context, query string) (int, error) {
	var n int
	return n, c.owner.QueryRowContext(ctx, query, c.tenant).Scan(&n)
}

// dropTemporal kills Temporal and drops its databases until it starts on empty ones.
func (c *crash) dropTemporal(ctx context.Context) error {
	rows, err := c.owner.QueryContext(ctx, `SELECT datname FROM pg_database WHERE datname LIKE 'temporal%'`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if len(names) == 0 {
		return &exitError{exitFound, errors.New("this stack keeps Temporal's state elsewhere: nothing to drop")}
	}
	c.kill("temporal")
	for _, name := range names {
		if _, err := c.owner.ExecContext(ctx, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)"); err != nil {
			return err
		}
	}
	c.kill("temporal") // it may have begun to start on what was still there
	return nil
}

// reconcile waits for the new Temporal and starts every open process again.
func (c *crash) reconcile(ctx context.Context) (int, error) {
	temporal, err := c.temporal()
	if err != nil {
		return 0, err
	}
	defer temporal.Close()
	processes := workflows.NewClient(temporal)
	for {
		poked, err := c.reconcileOnce(ctx, processes)
		if err == nil {
			fmt.Fprintln(os.Stderr)
			return poked, nil
		}
		if err := pause(ctx, time.Second); err != nil {
			return 0, err
		}
	}
}

func (c *crash) reconcileOnce(ctx context.Context, processes *workflows.Client) (int, error) {
	if err := processes.Check(ctx); err != nil {
		return 0, err
	}
	return reconcile(ctx, processes, c.config.TemporalNamespace, c.store, func(n int) { fmt.Fprintf(os.Stderr, "\r%d open processes started again ", n) })
}

func (c *crash) temporal() (client.Client, error) {
	options, err := temporalOptions(c.config, nil)
	if err != nil {
		return nil, err
	}
	options.Logger = silent{}
	return client.NewLazyClient(options)
}

// verdict prints the table; a wrong cell is an error.
func (c *crash) verdict(ctx context.Context, poked int) error {
	due := c.command.Schedules
	orders, err := c.count(ctx, `SELECT count(*) FROM work_orders WHERE tenant_id = $1`)
	if err != nil {
		return err
	}
	distinct, err := c.count(ctx, `SELECT count(DISTINCT schedule_id) FROM work_orders WHERE tenant_id = $1`)
	if err != nil {
		return err
	}
	open, err := c.count(ctx, `SELECT count(*) FROM work_orders WHERE tenant_id = $1 AND next_action_at IS NOT NULL`)
	if err != nil {
		return err
	}
	running, err := c.running(ctx, open)
	if err != nil {
		return err
	}
	var table showTable
	table.note("due", due, due)
	table.note("work orders", orders, due)
	table.note("doubled", orders-distinct, 0)
	table.note("lost", due-distinct, 0)
	table.note("open processes running again", running, open)
	table.tell("killed", fmt.Sprint(c.kills))
	table.tell("started again from their rows", fmt.Sprint(poked))
	return table.print("text", "something was lost or doubled")
}

// running waits until Temporal's visibility shows every open order of the show, or no more come.
func (c *crash) running(ctx context.Context, want int) (int, error) {
	temporal, err := c.temporal()
	if err != nil {
		return 0, err
	}
	defer temporal.Close()
	last := 0
	for range 60 {
		counted, err := temporal.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{
			Namespace: c.config.TemporalNamespace,
			Query:     fmt.Sprintf(`WorkflowType = "WorkOrder" AND ExecutionStatus = "Running" AND Tenant = %q`, c.tenant),
		})
		if err == nil {
			last = int(counted.GetCount())
		}
		if last == want {
			return last, nil
		}
		if err := pause(ctx, time.Second); err != nil {
			return last, err
		}
	}
	return last, nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// silent keeps the SDK's client quiet while Temporal is away on purpose.
type silent struct{}

func (silent) Debug(string, ...any) {}
func (silent) Info(string, ...any)  {}
func (silent) Warn(string, ...any)  {}
func (silent) Error(string, ...any) {}

// runningStack returns the data directory of the stack that runs, else starts one of its own on free ports, which stop ends
// and removes.
func runningStack(ctx context.Context) (dataDir string, stop func(), err error) {
	cfg, err := config.Load(os.LookupEnv)
	if err != nil {
		return "", nil, &exitError{exitUsage, err}
	}
	if _, err := stack.Running(cfg.DataDir); err == nil {
		return cfg.DataDir, func() {}, nil
	}
	dir, err := os.MkdirTemp("", "mainstay-show-")
	if err != nil {
		return "", nil, err
	}
	if err := os.Chmod(dir, 0o711); err != nil { //nolint:gosec // the unprivileged database server walks through it
		return "", nil, err
	}
	fmt.Fprintln(os.Stderr, "No stack runs here: starting one of its own.")
	cfg, err = onFreePorts(dir)
	if err != nil {
		return "", nil, err
	}
	program, err := os.Executable()
	if err != nil {
		return "", nil, err
	}
	running, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- stack.Up(running, stack.UpOptions{Config: cfg, Program: program, Output: io.Discard}) }()
	stop = func() {
		cancel()
		<-ended //nolint:errcheck // the show is over: how its stack ended does not matter
		_ = os.RemoveAll(dir)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "run", "worker.pid")); err == nil {
			return dir, stop, nil
		}
		select {
		case err := <-ended:
			_ = os.RemoveAll(dir)
			return "", nil, &exitError{exitDependency, fmt.Errorf("the stack ended: %w", err)}
		case <-ctx.Done():
			stop()
			return "", nil, ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// onFreePorts moves every part of the stack to a free port, for this process and the children that inherit its environment.
func onFreePorts(dir string) (config.Config, error) {
	names := []string{
		"MAINSTAY_HTTP_ADDR", "MAINSTAY_OPS_ADDR", "MAINSTAY_TEMPORAL_ADDR", "MAINSTAY_TEMPORAL_UI_ADDR", "MAINSTAY_S3_ADDR",
		"MAINSTAY_SMTP_ADDR", "MAINSTAY_MAIL_UI_ADDR", "MAINSTAY_POSTGRES_PORT",
	}
	ports, err := stack.FreePorts(len(names))
	if err != nil {
		return config.Config{}, err
	}
	settings := map[string]string{"MAINSTAY_DATA_DIR": dir, "MAINSTAY_DEMO": "false"}
	for i, name := range names {
		settings[name] = net.JoinHostPort("127.0.0.1", strconv.Itoa(ports[i]))
	}
	_, settings["MAINSTAY_POSTGRES_PORT"], _ = strings.Cut(settings["MAINSTAY_POSTGRES_PORT"], ":")
	for name, value := range settings {
		if err := os.Setenv(name, value); err != nil {
			return config.Config{}, err
		}
	}
	return config.Load(os.LookupEnv)
}
