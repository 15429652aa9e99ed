package workers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"mainstay/activities"
	"mainstay/models"
	"mainstay/workflows"
)

// Clocks are the times, as cron expressions in UTC, of what the installation does by itself. An empty one is off; the zero value turns all
// of them off.
type Clocks struct {
	Dump        string
	Full        string
	Incremental string
	Drill       string
	FaultDrill  string // one for each fault
	// SegmentDrill is FaultDrill for the faults of the WAL archive.
	SegmentDrill string
	Retention    string
	FileCheck    string
	Archive      string
	WALCheck     string
}

// clock is one Temporal Schedule. A tick that falls into a run of the same clock is skipped; one that Temporal missed is made up for within
// catchUp.
type clock struct {
	id      string
	cron    string
	catchUp time.Duration
	note    string
	starts  activities.ScheduledInput // the row that a ScheduledRun makes; none where the look has no row
}

// declared is the only list of Temporal Schedules.
func (c Clocks) declared() []clock {
	all := []clock{
		{
			"backup-dump", c.Dump, 12 * time.Hour, "Dumps the database. MAINSTAY_BACKUP_DUMP_CRON sets the time.",
			activities.ScheduledInput{Process: models.ProcessBackup, Kind: models.BackupDump},
		},
		{
			"backup-full", c.Full, 24 * time.Hour, "Makes a full physical backup. MAINSTAY_BACKUP_FULL_CRON sets the time.",
			activities.ScheduledInput{Process: models.ProcessBackup, Kind: models.BackupFull},
		},
		{
			"backup-incremental", c.Incremental, 12 * time.Hour, "Adds what changed to the physical backups. MAINSTAY_BACKUP_INCREMENTAL_CRON sets the time.",
			activities.ScheduledInput{Process: models.ProcessBackup, Kind: models.BackupIncremental},
		},
		{
			"restore-drill", c.Drill, 24 * time.Hour, "Proves that the newest backup can be restored. MAINSTAY_BACKUP_DRILL_CRON sets the time.",
			activities.ScheduledInput{Process: models.ProcessRestoreDrill},
		},
		{
			"backup-retention", c.Retention, 12 * time.Hour, "Deletes the backups that the policy lets go. MAINSTAY_BACKUP_RETENTION_CRON sets the time.",
			activities.ScheduledInput{Process: models.ProcessRetention},
		},
		{
			"file-check", c.FileCheck, 12 * time.Hour, "Holds the stored files against the rows. MAINSTAY_FILE_CHECK_CRON sets the time.",
			activities.ScheduledInput{Process: models.ProcessFileRun},
		},
		{
			"backup-archive", c.Archive, 7 * 24 * time.Hour, "Puts a proven dump under lock. MAINSTAY_BACKUP_ARCHIVE_CRON sets the time.",
			activities.ScheduledInput{Process: models.ProcessBackup, Kind: models.BackupArchive},
		},
		{
			"wal-check", c.WALCheck, time.Minute, "Looks whether the WAL of the minutes before lies in the repository.", activities.ScheduledInput{},
		},
	}
	for _, fault := range models.DrillFaults {
		cron := c.FaultDrill
		if fault.OnlySource() == models.DrillOfPhysical {
			cron = c.SegmentDrill
		}
		all = append(all, clock{
			"restore-drill-" + strings.ReplaceAll(string(fault), "_", "-"), cron, 7 * 24 * time.Hour,
			"Proves that a drill finds what is spoilt on purpose. MAINSTAY_BACKUP_FAULT_DRILL_CRON sets the time.",
			activities.ScheduledInput{Process: models.ProcessRestoreDrill, Fault: fault},
		})
	}
	return all
}

// KeepSchedules brings the Temporal Schedules to what is declared: it makes those that are missing, gives the others their times, and takes
// away those that are off. What an operator paused stays paused. Several may do so at once.
func KeepSchedules(ctx context.Context, c client.Client, clocks Clocks) error {
	var faults []error
	for _, k := range clocks.declared() {
		if err := k.keep(ctx, c.ScheduleClient()); err != nil {
			faults = append(faults, fmt.Errorf("schedule %s: %w", k.id, err))
		}
	}
	return errors.Join(faults...)
}

func (k clock) keep(ctx context.Context, schedules client.ScheduleClient) error {
	handle := schedules.GetHandle(ctx, k.id)
	if k.cron == "" {
		err := handle.Delete(ctx)
		if _, missing := errors.AsType[*serviceerror.NotFound](err); missing {
			return nil
		}
		return err
	}
	_, err := schedules.Create(ctx, client.ScheduleOptions{
		ID: k.id, Spec: k.spec(), Action: k.action(), Overlap: enums.SCHEDULE_OVERLAP_POLICY_SKIP, CatchupWindow: k.catchUp, Note: k.note,
	})
	if !errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return err
	}
	return handle.Update(ctx, client.ScheduleUpdateOptions{DoUpdate: func(is client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
		next := is.Description.Schedule
		spec := k.spec()
		next.Spec, next.Action = &spec, k.action()
		next.Policy = &client.SchedulePolicies{Overlap: enums.SCHEDULE_OVERLAP_POLICY_SKIP, CatchupWindow: k.catchUp}
		if next.State == nil || !next.State.Paused {
			next.State = &client.ScheduleState{Note: k.note}
		}
		return &client.ScheduleUpdate{Schedule: &next}, nil
	}})
}

func (k clock) spec() client.ScheduleSpec {
	return client.ScheduleSpec{CronExpressions: []string{k.cron}, TimeZoneName: "UTC"}
}

func (k clock) action() client.ScheduleAction {
	a := &client.ScheduleWorkflowAction{
		ID: "scheduled/" + k.id, Workflow: workflows.ScheduledRun, Args: []any{k.starts}, TaskQueue: string(models.QueueOps), StaticSummary: k.id,
	}
	if k.starts.Process == "" {
		a.Workflow, a.Args = workflows.WALCheck, nil
	}
	return a
}

// ScheduleState is what stands of a declared schedule.
type ScheduleState struct {
	ID      string
	Off     bool      // not declared
	Missing bool      // declared, but no worker has made it yet
	Paused  string    // an operator's words; empty: it is not
	Next    time.Time // zero where nothing comes
}

// Schedules reads what stands of every declared schedule.
func Schedules(ctx context.Context, c client.Client, clocks Clocks) ([]ScheduleState, error) {
	var states []ScheduleState
	for _, k := range clocks.declared() {
		s := ScheduleState{ID: k.id, Off: k.cron == ""}
		if !s.Off {
			is, err := c.ScheduleClient().GetHandle(ctx, k.id).Describe(ctx)
			_, s.Missing = errors.AsType[*serviceerror.NotFound](err)
			if err != nil && !s.Missing {
				return nil, err
			}
			s.read(is)
		}
		states = append(states, s)
	}
	return states, nil
}

func (s *ScheduleState) read(is *client.ScheduleDescription) {
	if is == nil {
		return
	}
	if len(is.Info.NextActionTimes) > 0 {
		s.Next = is.Info.NextActionTimes[0].UTC()
	}
	if is.Schedule.State != nil && is.Schedule.State.Paused {
		s.Paused = is.Schedule.State.Note
		if s.Paused == "" {
			s.Paused = "by an operator"
		}
	}
}
