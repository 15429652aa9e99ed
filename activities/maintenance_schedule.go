package activities

import (
	"context"

	"mainstay/models"
)

// LoadMaintenanceSchedule reads where the schedule stands and notes that its process runs.
func (m *Maintenance) LoadMaintenanceSchedule(ctx context.Context, in ProcessInput) (ProcessState, error) {
	row, err := m.Store.LoadMaintenanceSchedule(in.context(ctx), in.ID)
	return stateOf(row, err, scheduleState)
}

// RunScheduleCommand carries out an admitted command in one transaction. A repeat answers the first outcome.
func (m *Maintenance) RunScheduleCommand(ctx context.Context, in CommandInput) (CommandResult, error) {
	return answered(m.Store.RunScheduleCommand(in.context(ctx), in.ID, in.CommandID, models.ScheduleCommandName(in.Name)))
}

// RunScheduleAction ends a pause whose day has come. The row decides: a schedule that was resumed meanwhile stays as it is.
func (m *Maintenance) RunScheduleAction(ctx context.Context, in ActionInput) (ProcessState, error) {
	row, err := m.Store.RunScheduleAction(in.context(ctx), in.ID, models.ScheduleAction(in.Action))
	return stateOf(row, err, scheduleState)
}

func scheduleState(row models.MaintenanceSchedule) ProcessState {
	action, at := row.NextAction()
	return ProcessState{
		Exists: true, Over: row.Status == models.ScheduleEnded, Status: string(row.Status), Version: row.Version,
		Action: string(action), NextAt: at, Priority: string(row.Priority),
	}
}
