package stack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"mainstay/internal/config"
	"mainstay/internal/recovery"
)

// UpOptions says what [Up] runs.
type UpOptions struct {
	Config config.Config
	// Program is the application's binary, whose subcommands migrate, demo load, api and worker become children.
	Program string
	// Web says that Program has the web frontend in it.
	Web bool
	// Reload starts the API and the workers anew whenever Program changes.
	Reload bool
	// Beside are shell commands, by name, that run and stop with the stack: what watches and builds during development.
	Beside map[string]string
	// Output receives the children's lines and the table of addresses.
	Output io.Writer
}

// Up runs the whole stack until ctx ends and stops it in good order; a second interrupt kills it. The application answers
// as soon as the database does, while the rest may still be compiling. A child that ends is started again.
//
// Each child's process number stands in run/<name>.pid of the data directory, its output in logs/<name>.log, and how far all of them are in
// run/state.json.
func Up(ctx context.Context, o UpOptions) error {
	l, err := newLayout(o.Config.DataDir)
	if err != nil {
		return err
	}
	unlock, err := tryLockFile(l.lock())
	if err != nil {
		return fmt.Errorf("a stack already runs on %s: stop it, or set MAINSTAY_DATA_DIR and the addresses of a second one (%w)", l.dir, err)
	}
	defer unlock()
	s, err := newSupervisor(o, l)
	if err != nil {
		return err
	}
	defer s.stop()
	if err := awaitGone(ctx, l.runDir()); err != nil {
		return err
	}
	if err := s.checkLost(); err != nil {
		return err
	}
	if err := checkPorts(o.Config); err != nil {
		return err
	}
	if err := s.start(ctx); err != nil {
		if ctx.Err() != nil {
			return nil // stopped on request while it was starting
		}
		return err
	}
	if o.Reload {
		return s.reload(ctx)
	}
	<-ctx.Done()
	return nil
}

// lookEvery is how often reload looks for a new build.
const lookEvery = 300 * time.Millisecond

// reload starts the API and the workers anew whenever the program has changed, until ctx ends.
func (s *supervisor) reload(ctx context.Context) error {
	built, err := os.Stat(s.options.Program)
	if err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(lookEvery):
		}
		now, err := os.Stat(s.options.Program)
		if err != nil || now.ModTime().Equal(built.ModTime()) {
			continue // a build that is being written may be away for a moment
		}
		built = now
		s.console.say("the program has changed: starting the API and the workers anew")
		if err := errors.Join(s.worker.restart(), s.api.restart()); err != nil {
			s.console.say(err.Error())
		}
	}
}

// supervisor runs one stack.
type supervisor struct {
	options  UpOptions
	config   config.Config
	layout   layout
	secrets  secrets
	settings map[string]string
	console  *console
	state    *stateFile
	began    time.Time

	// The children in the order of their start, nil where a part is not run; stop goes backwards.
	postgres, s3, mail, temporal, api, worker *keeper
	beside                                    []*keeper
}

func newSupervisor(o UpOptions, l layout) (*supervisor, error) {
	s := &supervisor{options: o, layout: l, console: &console{out: o.Output}, began: time.Now()}
	var err error
	if s.config, err = withEpoch(o.Config, l); err != nil {
		return nil, err
	}
	if s.secrets, err = l.secrets(o.Config); err != nil {
		return nil, err
	}
	if s.settings, err = settingsFor(s.config, l, s.secrets); err != nil {
		return nil, err
	}
	if s.state, err = s.newStateFile(); err != nil {
		return nil, err
	}
	text, err := json.MarshalIndent(s.settings, "", "  ")
	if err != nil {
		return nil, err
	}
	return s, writeWhole(l.settings(), text)
}

// start brings the parts up, each as soon as what it needs is there, and prints the table when all are.
func (s *supervisor) start(ctx context.Context) error {
	if s.config.DatabaseURL == "" {
		if err := s.startPostgres(ctx); err != nil {
			return err
		}
	}
	answering := make(chan struct{})
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() error {
		if err := s.runOnce(groupCtx, "migrate"); err != nil {
			return err
		}
		if err := s.loadDemo(groupCtx); err != nil { // it has the people: before it nobody can sign in
			return err
		}
		if err := s.startAPI(groupCtx); err != nil {
			return err
		}
		s.console.say("starts at " + localURL(s.config.HTTPAddr) + "; sign in as " + s.config.AdminEmail + ", password " + s.secrets.admin)
		close(answering)
		return nil
	})
	group.Go(func() error { return s.startOutside(groupCtx, answering) })
	group.Go(func() error { return s.startArchive(groupCtx) })
	if err := group.Wait(); err != nil {
		return err
	}
	if err := s.startWorker(ctx); err != nil {
		return err
	}
	if err := s.finishRecovery(ctx); err != nil {
		return err
	}
	if err := s.startBeside(ctx); err != nil {
		return err
	}
	return s.printTable()
}

func (s *supervisor) startPostgres(ctx context.Context) error {
	binDir, err := FindPostgres(ctx, s.layout.postgres, s.console.say)
	if err != nil {
		return err
	}
	output, err := s.output("postgres")
	if err != nil {
		return err
	}
	o := s.postgresOptions()
	o.BinDir, o.Output, o.Archiving = binDir, output, archiving(s.config) == nil
	s.postgres, err = s.keep(ctx, "postgres", func(ctx context.Context) (*process, error) {
		pg, err := StartPostgres(ctx, o)
		if err != nil {
			return nil, err
		}
		return pg.process, nil
	})
	if err != nil {
		return err
	}
	if major, err := clusterMajor(o.DataDir); err == nil {
		s.state.change("postgres", func(p *PartState) { p.Version = strconv.Itoa(major) })
	}
	return prepareDatabase(ctx, o, s.secrets.appLogin, s.secrets.backupLogin)
}

// checkLost refuses to begin with an empty cluster where one was lost, or is being recovered.
func (s *supervisor) checkLost() error {
	if s.config.DatabaseURL != "" {
		return nil
	}
	journal, err := recovery.Read(s.layout.journal())
	if err != nil {
		return err
	}
	if open := journal.Open(); open != "" && !journal.Done(recovery.Switch) {
		return errors.New("a recovery has not ended: run `mainstay recover`, which goes on where it was broken off")
	}
	made, err := clusterMajor(s.layout.postgres)
	if err != nil || made != 0 {
		return err
	}
	if _, err := os.Stat(s.layout.pgbackrest()); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return fmt.Errorf("the database cluster %s is gone and its backups are there: run `mainstay recover`; to begin with an empty one instead, move %s away",
		s.layout.postgres, filepath.Dir(s.layout.pgbackrest()))
}

// finishRecovery has the processes start again from their rows, after the first start behind a recovery.
func (s *supervisor) finishRecovery(ctx context.Context) error {
	journal, err := recovery.Read(s.layout.journal())
	if err != nil || journal.Open() == "" {
		return err
	}
	if err := s.runOnce(ctx, "recover", "--finish"); err != nil {
		s.console.say("the recovery is not finished; `mainstay recover --finish` does it: " + err.Error())
	}
	return ctx.Err()
}

func (s *supervisor) postgresOptions() PostgresOptions {
	return PostgresOptions{DataDir: s.layout.postgres, Port: s.config.PostgresPort, Password: s.secrets.postgres}
}

// loadDemo loads the demo company where it is wanted; one that is there stays as it is. The stack serves without it too.
func (s *supervisor) loadDemo(ctx context.Context) error {
	if !s.config.Demo {
		return nil
	}
	s.state.starts("demo")
	if err := s.runOnce(ctx, "demo", "load"); err == nil {
		s.state.ready("demo")
	} else if ctx.Err() == nil {
		s.state.failed("demo")
		s.console.say("the demo data was not loaded: " + err.Error())
	}
	return ctx.Err()
}

// startOutside starts what the application reaches over the network and does not need in order to answer. Where that has still to be
// compiled, the application comes first.
func (s *supervisor) startOutside(ctx context.Context, answering <-chan struct{}) error {
	if !lightBinary.built() || !heavyBinary.built() {
		if err := await(ctx, answering); err != nil {
			return err
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.startLight(ctx) })
	group.Go(func() error { return s.startTemporal(ctx, answering) })
	return group.Wait()
}

func (s *supervisor) startLight(ctx context.Context) error {
	if s.config.S3Endpoint != "" && s.config.SMTPURL != "" {
		return nil
	}
	program, err := lightBinary.build(ctx, s.building("s3", "mail"))
	if err != nil {
		return err
	}
	if s.config.S3Endpoint == "" {
		p := s3Part(program, s.config.S3Addr, s.layout.objects(), s.config.S3Region, superuser, s.secrets.s3)
		if s.s3, err = s.keepPart(ctx, p); err != nil {
			return err
		}
		if err := createBucket(ctx, s.config.S3Addr, s.secrets.s3, s.config.S3Bucket, s.config.S3Region); err != nil {
			return err
		}
	}
	if s.config.SMTPURL == "" {
		s.mail, err = s.keepPart(ctx, mailPart(program, s.config.SMTPAddr, s.config.MailUIAddr))
	}
	return err
}

func await(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// startTemporal starts the server and, once the database is migrated, registers what the processes need there. A `temporal` program on
// PATH spares the minutes that the server's own compilation takes.
func (s *supervisor) startTemporal(ctx context.Context, answering <-chan struct{}) error {
	if s.config.TemporalAddress == "" {
		p, err := s.temporalPart(ctx)
		if err != nil {
			return err
		}
		if s.temporal, err = s.keepPart(ctx, p); err != nil {
			return err
		}
	}
	if err := await(ctx, answering); err != nil {
		return err
	}
	return s.runOnce(ctx, "migrate", "--temporal")
}

func (s *supervisor) temporalPart(ctx context.Context) (part, error) {
	c := s.config
	if program, err := exec.LookPath("temporal"); err == nil {
		return fileTemporalPart(program, c.TemporalAddr, c.TemporalUIAddr, c.TemporalNamespace, s.layout.temporalFile())
	}
	if c.S3Endpoint == "" || c.SMTPURL == "" {
		// First what takes seconds: side by side both would take minutes.
		if _, err := lightBinary.build(ctx, s.building("s3", "mail")); err != nil {
			return part{}, err
		}
	}
	program, err := heavyBinary.build(ctx, s.building("temporal"))
	if err != nil {
		return part{}, err
	}
	if c.DatabaseURL != "" {
		return fileTemporalPart(program, c.TemporalAddr, c.TemporalUIAddr, c.TemporalNamespace, s.layout.temporalFile())
	}
	return temporalPart(program, c.TemporalAddr, c.TemporalUIAddr, c.TemporalNamespace, s.postgresOptions()), nil
}

// building passes on how far the program of these parts is, to whoever reads the terminal or the start page.
func (s *supervisor) building(parts ...string) func(compiled) {
	say := nowAndThen(s.console.say)
	percent := -1
	return func(c compiled) {
		say(c)
		now := 0
		if c.total > 0 {
			now = 100 * c.done / c.total
		}
		if now == percent {
			return
		}
		percent = now
		for _, name := range parts {
			s.state.builds(name, c)
		}
	}
}

func (s *supervisor) startAPI(ctx context.Context) (err error) {
	s.api, err = s.keepPart(ctx, part{
		command: s.command("api"),
		ready:   answers("http://" + nearAddr(s.config.OpsAddr) + "/livez"),
	})
	return err
}

// startWorker gives the worker an address of its own for health and metrics, since the API has the configured one.
func (s *supervisor) startWorker(ctx context.Context) error {
	ports, err := FreePorts(1)
	if err != nil {
		return err
	}
	ops := loopback(ports[0])
	c := s.command("worker")
	c.env = append(c.env, "MAINSTAY_OPS_ADDR="+ops)
	s.worker, err = s.keepPart(ctx, part{command: c, ready: answers("http://" + ops + "/readyz")})
	return err
}

func (s *supervisor) startBeside(ctx context.Context) error {
	for _, name := range slices.Sorted(maps.Keys(s.options.Beside)) {
		k, err := s.keepPart(ctx, part{
			command: command{name: name, path: "/bin/sh", args: []string{"-c", "exec " + s.options.Beside[name]}, env: environment(s.settings, false)},
			ready:   func(context.Context) error { return nil },
		})
		if err != nil {
			return err
		}
		s.beside = append(s.beside, k)
	}
	return nil
}

// command is a subcommand of the application in the application's environment.
func (s *supervisor) command(args ...string) command {
	return command{name: args[0], path: s.options.Program, args: args, env: environment(s.settings, args[0] == "migrate" || args[0] == "demo")}
}

// runOnce runs a subcommand that ends by itself.
func (s *supervisor) runOnce(ctx context.Context, args ...string) error {
	c := s.command(args...)
	output, err := s.output(c.name)
	if err != nil {
		return err
	}
	tail := &tailWriter{}
	c.output = io.MultiWriter(output, tail)
	child, err := c.start()
	if err != nil {
		return err
	}
	select {
	case <-child.done:
	case <-ctx.Done():
		return errors.Join(ctx.Err(), child.stop())
	}
	if child.err != nil {
		return fmt.Errorf("mainstay %s: %w\n%s", strings.Join(args, " "), child.err, tail)
	}
	return nil
}

func (s *supervisor) keepPart(ctx context.Context, p part) (*keeper, error) {
	output, err := s.output(p.name)
	if err != nil {
		return nil, err
	}
	return s.keep(ctx, p.name, func(ctx context.Context) (*process, error) { return p.start(ctx, output) })
}

func (s *supervisor) keep(ctx context.Context, name string, start func(context.Context) (*process, error)) (*keeper, error) {
	k := &keeper{name: name, pidFile: s.layout.pidFile(name), say: s.console.say}
	k.start = func(ctx context.Context) (*process, error) {
		s.state.starts(name)
		child, err := start(ctx)
		if err == nil {
			s.state.ready(name)
		}
		return child, err
	}
	if err := k.run(ctx); err != nil {
		return nil, err
	}
	return k, nil
}

// output returns where a child's lines go: its log file and, unless they are for those who look for them, the console.
func (s *supervisor) output(name string) (io.Writer, error) {
	file, err := openLogFile(s.layout.log(name))
	if err != nil {
		return nil, err
	}
	switch name {
	case "postgres", "s3", "mail":
		return file, nil
	default:
		return io.MultiWriter(file, s.console.named(name)), nil
	}
}

// stop ends the children in reverse order of their start. An interrupt meanwhile kills those that are left.
func (s *supervisor) stop() {
	s.console.mute()
	impatient := make(chan os.Signal, 1)
	signal.Notify(impatient, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(impatient)
	stopped := make(chan struct{})
	defer close(stopped)
	go func() {
		select {
		case <-impatient:
			for _, k := range s.running() {
				k.kill()
			}
		case <-stopped:
		}
	}()
	if children := s.running(); len(children) > 0 {
		s.console.say("stopping; the data is kept")
		for _, k := range children {
			k.stop()
		}
		s.console.say("stopped")
	}
	_ = os.Remove(s.layout.settings())
	_ = os.Remove(s.layout.state())
}

// running lists the children in the order they are stopped.
func (s *supervisor) running() []*keeper {
	var children []*keeper
	for _, k := range append(slices.Clone(s.beside), s.worker, s.api, s.temporal, s.mail, s.s3, s.postgres) {
		if k != nil {
			children = append(children, k)
		}
	}
	return children
}

// checkPorts names every address that a part of the stack could not listen on.
func checkPorts(c config.Config) error {
	busy := []error{
		checkFree("the API", c.HTTPAddr, "MAINSTAY_HTTP_ADDR"),
		checkFree("the API's health and metrics", c.OpsAddr, "MAINSTAY_OPS_ADDR"),
	}
	if c.LANAddr != "" {
		busy = append(busy, checkFree("the local network's listener", c.LANAddr, "MAINSTAY_LAN_ADDR"))
	}
	if c.DatabaseURL == "" {
		busy = append(busy, checkFree("PostgreSQL", loopback(c.PostgresPort), "MAINSTAY_POSTGRES_PORT"))
	}
	if c.TemporalAddress == "" {
		busy = append(busy, checkFree("Temporal", c.TemporalAddr, "MAINSTAY_TEMPORAL_ADDR"),
			checkFree("the Temporal Web UI", c.TemporalUIAddr, "MAINSTAY_TEMPORAL_UI_ADDR"))
	}
	if c.S3Endpoint == "" {
		busy = append(busy, checkFree("S3 storage", c.S3Addr, "MAINSTAY_S3_ADDR"))
	}
	if c.SMTPURL == "" {
		busy = append(busy, checkFree("the mail catcher", c.SMTPAddr, "MAINSTAY_SMTP_ADDR"),
			checkFree("the page of caught mail", c.MailUIAddr, "MAINSTAY_MAIL_UI_ADDR"))
	}
	return errors.Join(busy...)
}

// nearAddr is a listen address as this machine reaches it.
func nearAddr(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
