package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"go.temporal.io/sdk/client"

	"mainstay/internal/auth"
	"mainstay/internal/config"
	"mainstay/internal/pgbackrest"
	"mainstay/internal/recovery"
	"mainstay/internal/stack"
	"mainstay/models"
	"mainstay/models/store"
)

type demoDrillCommand struct {
	Clients int           `default:"4" help:"How many clients create work orders all the while."`
	Within  time.Duration `default:"10m" help:"Give up after this long."`
	Output  string        `enum:"text,json" default:"text" help:"text or json."`
}

// Help implements kong.HelpProvider.
func (demoDrillCommand) Help() string {
	return "Shows that a green drill counts, not a backup. On a stack of its own, whose database it destroys (one that runs here is left alone), clients " +
		"create work orders over the API and write down each that was acknowledged. Then: a full backup; one WAL segment is taken out of the " +
		"repository, and the drill has to turn red for that reason and name it; it is put back, and the drill has to be green, with RPO and RTO. " +
		"Then PostgreSQL and Temporal are killed under load, the database's folder is removed with its WAL, and `mainstay recover` brings it back " +
		"from the repository alone: every order that was acknowledged before the archive's last transaction has to be there; what was acknowledged " +
		"later is the loss, about a minute's at most, and is counted. It needs pgBackRest and PostgreSQL's programs, and two minutes. " +
		"Exit codes: 0 all is as wanted, 1 a line is not, 3 a program is missing or the stack does not start."
}

// Run shows it and prints the table.
func (c *demoDrillCommand) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.Within)
	defer cancel()
	if _, err := pgbackrest.Find(); err != nil {
		return &exitError{exitDependency, err}
	}
	dir, err := os.MkdirTemp("", "mainstay-show-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := os.Chmod(dir, 0o711); err != nil { //nolint:gosec // the unprivileged database server walks through it
		return err
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	apart, err := stack.NewApart(program, dir)
	if err != nil {
		return err
	}
	defer func() { _ = apart.Stop() }()
	show := newDrillShow(apart, c.Clients, io.Discard)
	defer show.close()
	if err := show.run(ctx); err != nil {
		return err
	}
	return show.table.print(c.Output, "the drill or the recovery did not do what it must")
}

// drillShow is one run of the show, on a stack that it may destroy.
type drillShow struct {
	stack   *stack.Apart
	clients int
	log     io.Writer // what the stack says

	config config.Config
	plant  *showPlant
	keys   *auth.Keys
	api    remote
	user   uuid.UUID
	store  *store.Store

	began    time.Time
	pressed  writers
	struck   time.Time
	table    showTable
	evidence models.RecoveryEvidence
}

func newDrillShow(apart *stack.Apart, clients int, log io.Writer) *drillShow {
	return &drillShow{stack: apart, clients: clients, log: log, began: time.Now()}
}

// say tells what happens now, and for how long the show has run.
func (s *drillShow) say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "[%3.0f s] %s\n", time.Since(s.began).Seconds(), fmt.Sprintf(format, args...))
}

func (s *drillShow) close() {
	s.pressed.stop()
	if s.store != nil {
		_ = s.store.Close()
	}
}

func (s *drillShow) run(ctx context.Context) error {
	s.say("starting a stack of its own")
	if err := s.up(ctx); err != nil {
		return err
	}
	if err := s.furnish(ctx); err != nil {
		return err
	}
	s.say("%d clients create work orders from now on", s.clients)
	s.pressed.start(ctx, s.clients, s.order)
	if err := s.drillAct(ctx); err != nil {
		return err
	}
	return s.disasterAct(ctx, func() error {
		cmd := s.stack.Command(ctx, "recover")
		cmd.Stderr = os.Stderr
		return cmd.Run()
	})
}

// up starts the stack and opens what the show looks through.
func (s *drillShow) up(ctx context.Context) error {
	settings, err := s.stack.Start(ctx, s.log)
	if err != nil {
		return &exitError{exitDependency, err}
	}
	if settings["MAINSTAY_PGBACKREST_CONFIG"] == "" {
		return &exitError{exitDependency, errors.New("the stack archives no WAL: `mainstay doctor` says why")}
	}
	s.config, err = config.Load(func(name string) (string, bool) {
		if value, ok := settings[name]; ok {
			return value, ok
		}
		value := s.stack.Setting(name)
		return value, value != ""
	})
	if err != nil {
		return err
	}
	if s.keys, err = auth.NewKeys(s.config.AuthKey); err != nil {
		return err
	}
	if s.store != nil {
		_ = s.store.Close()
	}
	s.store, err = store.Open(ctx, store.Options{URL: s.config.DatabaseURL.Reveal(), MaxConns: 2})
	return err
}

// furnish makes the company whose work orders are counted.
func (s *drillShow) furnish(ctx context.Context) error {
	s.plant, s.user = newShowPlant("drill", "Drill show", "Europe/Berlin"), models.NewID()
	operator := []models.Role{models.RoleAdmin, models.RolePlatformOperator}
	tables := slices.Concat(s.plant.tables, []store.DemoTable{{Table: "users", Rows: []demoRow{s.plant.person(s.user, "Ada Admin", operator...)}}})
	if _, err := s.store.LoadDemo(models.WithActor(ctx, models.SystemActor(s.plant.tenant)), tables, nil); err != nil {
		return err
	}
	token, err := s.plant.token(s.keys, s.user, operator...)
	s.api = remote{URL: "http://" + s.config.HTTPAddr, Token: token}
	return err
}

// order creates a work order and returns its id once that is acknowledged.
func (s *drillShow) order(ctx context.Context) (uuid.UUID, error) {
	var created struct {
		ID uuid.UUID `json:"id"`
	}
	err := s.api.call(ctx, http.MethodPost, "/v1/work-orders", map[string]any{
		"title": "Look at the cone", "asset_id": s.plant.asset, "type": "corrective", "priority": "low",
	}, &created)
	return created.ID, err
}

// drillAct: a backup, a drill that a missing WAL segment turns red, and the same with the segment back.
func (s *drillShow) drillAct(ctx context.Context) error {
	s.say("a full backup")
	b, err := carryOut[backupState](ctx, s.api, "/v1/backups", map[string]any{"kind": models.BackupFull})
	if err == nil {
		err = b.fault()
	}
	if err != nil {
		return err
	}
	s.table.tell("backup of the running database", fmt.Sprintf("%d bytes in %.1f s", b.SizeBytes, b.Evidence.Seconds))
	segment, err := s.archive(ctx, b.Evidence.Physical.StopLSN)
	if err != nil {
		return err
	}
	file, err := s.stack.Segment(segment)
	if err != nil {
		return err
	}
	s.say("taking the WAL segment %s out of the repository, and a drill", segment)
	if err := os.Rename(file, file+".away"); err != nil {
		return err
	}
	red, err := carryOut[drillState](ctx, s.api, "/v1/restore-drills", map[string]any{"source": models.DrillOfPhysical})
	err = errors.Join(err, os.Rename(file+".away", file))
	if err != nil {
		return err
	}
	faults, reason := faultsOfDrill(red)
	s.table.note("drill without one WAL segment", red.Verdict+" of "+reason, "fail of archive")
	s.table.judge("  names the segment", segment, "it in "+faults, strings.Contains(faults, segment))
	s.say("%s: %s", red.Verdict, faults)
	s.say("putting the segment back, and another drill")
	green, err := carryOut[drillState](ctx, s.api, "/v1/restore-drills", map[string]any{"source": models.DrillOfPhysical})
	if err != nil {
		return err
	}
	faults, reason = faultsOfDrill(green)
	s.say("%s %s", green.Verdict, faults)
	s.table.note(fmt.Sprintf("drill with it, %d checks", len(green.Checks)), strings.TrimSuffix(green.Verdict+" of "+reason, " of "), "pass")
	if green.RPOSeconds != nil && green.RTOSeconds != nil {
		s.table.tell("  RPO", fmt.Sprintf("%.1f s", *green.RPOSeconds))
		s.table.tell("  RTO", fmt.Sprintf("%.1f s: fetch %.1f, replay %.1f, validate %.1f", *green.RTOSeconds,
			green.Evidence.FetchSeconds, green.Evidence.RestoreSeconds, green.Evidence.ValidateSeconds))
	}
	return nil
}

// faultsOfDrill are the checks that did not pass, in words, and the names of them.
func faultsOfDrill(d drillState) (words, names string) {
	var said, named []string
	for _, check := range d.Checks {
		if check.Verdict != models.DrillPass {
			said, named = append(said, check.Name+": "+check.Detail), append(named, check.Name)
		}
	}
	return strings.Join(said, " "), strings.Join(named, ", ")
}

// archive writes heartbeats behind the backup, waits until they are proven to lie in the repository, and returns the segment that a drill
// needs for the newest.
func (s *drillShow) archive(ctx context.Context, stopLSN string) (string, error) {
	s.say("waiting until the WAL behind it is archived and looked at")
	for range 2 {
		if _, err := s.store.BeatWAL(ctx); err != nil {
			return "", err
		}
	}
	conn, err := pgx.Connect(ctx, s.config.MigrateDatabaseURL.Reveal())
	if err != nil {
		return "", err
	}
	_, err = conn.Exec(ctx, `SELECT pg_switch_wal()`)
	if err := errors.Join(err, conn.Close(ctx)); err != nil {
		return "", err
	}
	options, err := temporalOptions(s.config, nil)
	if err != nil {
		return "", err
	}
	options.Logger = silent{}
	temporal, err := client.NewLazyClient(options)
	if err != nil {
		return "", err
	}
	defer temporal.Close()
	for {
		// The look of each minute, earlier.
		if err := temporal.ScheduleClient().GetHandle(ctx, "wal-check").Trigger(ctx, client.ScheduleTriggerOptions{}); err != nil {
			return "", &exitError{exitDependency, err}
		}
		if err := pause(ctx, 2*time.Second); err != nil {
			return "", err
		}
		target, err := s.store.WALTarget(ctx, stopLSN, nil)
		if err == nil {
			return target.Next.Segment, nil
		}
		if models.ErrorCode(err) != models.CodeNotFound {
			return "", err
		}
	}
}

// recoveredRPO is what a disaster may lose: the WAL of a minute, and the time that it takes to send it.
const recoveredRPO = 75 * time.Second

// disasterAct: the database is lost under load, and bringBack brings it back.
func (s *drillShow) disasterAct(ctx context.Context, bringBack func() error) error {
	s.say("killing PostgreSQL and Temporal under load, and removing the database's folder with its WAL")
	var err error
	if s.struck, err = s.stack.Strike(ctx); err != nil {
		return err
	}
	acknowledged := s.pressed.stop()
	s.say("%d work orders were acknowledged; recovering from the repository alone", len(acknowledged))
	if err := bringBack(); err != nil {
		return err
	}
	s.say("starting the stack on the recovered database")
	if err := s.up(ctx); err != nil {
		return err
	}
	if _, err := s.order(ctx); err != nil {
		return err
	}
	rto := time.Since(s.struck)
	s.say("the first new work order is acknowledged; every open process starts again from its row")
	plan, err := s.finished(ctx)
	if err != nil {
		return err
	}
	if err := s.count(ctx, plan, acknowledged); err != nil {
		return err
	}
	s.table.tell("RTO: from the kill to the first new work order", fmt.Sprintf("%.1f s", rto.Seconds()))
	s.table.tell("  of it fetch, replay, checks", fmt.Sprintf("%.1f s, %.1f s, %.1f s", s.evidence.FetchSeconds, s.evidence.ReplaySeconds, s.evidence.CheckSeconds))
	s.table.tell("open processes started again from their rows", fmt.Sprint(s.evidence.ProcessesPoked))
	return nil
}

// finished waits until the recovery is over and returns what it recovered to.
func (s *drillShow) finished(ctx context.Context) (recovery.Plan, error) {
	var plan recovery.Plan
	for {
		journal, err := recovery.Read(stack.JournalOf(s.stack.Dir()))
		if err != nil {
			return plan, err
		}
		if journal.Open() == "" {
			return plan, errors.Join(journal.Found(recovery.Choose, &plan), journal.Found(recovery.Finish, &s.evidence))
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return plan, err
		}
	}
}

// count holds what was acknowledged against what is there.
func (s *drillShow) count(ctx context.Context, plan recovery.Plan, all []acknowledgement) error {
	there, err := s.there(ctx)
	if err != nil {
		return err
	}
	if plan.Commit == nil {
		return errors.New("the archive had no transaction behind the backup")
	}
	var archived, archivedLost, later, laterLost int
	for _, a := range all {
		lost := 0
		if !there[a.id] {
			lost = 1
		}
		// Acknowledged before the archive's last transaction ended means written to the WAL before it.
		if !a.at.After(plan.Commit.At) {
			archived, archivedLost = archived+1, archivedLost+lost
		} else {
			later, laterLost = later+1, laterLost+lost
		}
	}
	s.table.tell("acknowledged until the database was lost", fmt.Sprint(len(all)))
	s.table.judge("acknowledged before the archive's last transaction", fmt.Sprint(archived), "more than 0", archived > 0)
	s.table.note("  recovered", archived-archivedLost, archived)
	s.table.note("  lost", archivedLost, 0)
	s.table.tell("acknowledged later, in WAL that was not archived yet", fmt.Sprint(later))
	s.table.tell("  lost", fmt.Sprint(laterLost))
	rpo := s.struck.Sub(plan.Commit.At)
	s.table.judge("RPO: from the archive's last transaction to the kill", fmt.Sprintf("%.1f s", rpo.Seconds()),
		fmt.Sprintf("at most %.0f s", recoveredRPO.Seconds()), rpo <= recoveredRPO)
	return nil
}

// there are the company's work orders in the database.
func (s *drillShow) there(ctx context.Context) (map[uuid.UUID]bool, error) {
	conn, err := pgx.Connect(ctx, s.config.MigrateDatabaseURL.Reveal())
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	rows, err := conn.Query(ctx, `SELECT id FROM work_orders WHERE tenant_id = $1`, s.plant.tenant)
	if err != nil {
		return nil, err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	there := make(map[uuid.UUID]bool, len(ids))
	for _, id := range ids {
		there[id] = true
	}
	return there, err
}

// acknowledgement is a command whose success was answered.
type acknowledgement struct {
	id uuid.UUID
	at time.Time
}

// writers are clients that write until they are stopped.
type writers struct {
	cancel context.CancelFunc
	all    sync.WaitGroup
	lock   sync.Mutex
	acks   []acknowledgement
}

// writerPause leaves the machine to those who back up and drill meanwhile.
const writerPause = 100 * time.Millisecond

func (w *writers) start(ctx context.Context, clients int, write func(context.Context) (uuid.UUID, error)) {
	ctx, w.cancel = context.WithCancel(ctx)
	for range clients {
		w.all.Go(func() {
			for pause(ctx, writerPause) == nil {
				id, err := write(ctx)
				if err != nil {
					continue
				}
				at := time.Now()
				w.lock.Lock()
				w.acks = append(w.acks, acknowledgement{id, at})
				w.lock.Unlock()
			}
		})
	}
}

// stop ends the clients, whatever they wait for, and returns what was acknowledged.
func (w *writers) stop() []acknowledgement {
	if w.cancel != nil {
		w.cancel()
		w.all.Wait()
	}
	return w.acks
}
