package workflows

// All lists the processes, for the workers that run them and for the test that replays their histories.
func All() []any {
	return []any{Export, Import, MaintenancePlanner, MaintenanceSchedule, Notification, WorkOrder}
}
