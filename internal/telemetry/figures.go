package telemetry

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"mainstay/models"
)

const (
	figuresAge     = 15 * time.Second // how old a shown figure may be: counting costs more than showing
	figuresTimeout = 5 * time.Second
)

// figureDescriptions are the gauges of the installation by the name of their figure.
var figureDescriptions = map[string]*prometheus.Desc{
	"assets":                      figureDescription("assets", "Assets that are not archived."),
	"users_active":                figureDescription("users_active", "Users with a session."),
	"work_orders":                 figureDescription("work_orders", "Work orders.", "status"),
	"work_orders_overdue":         figureDescription("work_orders_overdue", "Open work orders past their due date."),
	"maintenance_schedules":       figureDescription("maintenance_schedules", "Maintenance schedules.", "status"),
	"generation_lag_seconds":      figureDescription("generation_lag_seconds", "How long the oldest due maintenance has waited for its work order."),
	"outbox_oldest_seconds":       figureDescription("outbox_oldest_seconds", "How long the oldest wake-up has waited in the outbox."),
	"backup_verified_age_seconds": figureDescription("backup_verified_age_seconds", "Age of the newest rows that a passed restore drill has proven restorable; absent until there is one."),
	"drill_green_age_seconds":     figureDescription("drill_green_age_seconds", "How long ago a restore drill passed; absent until one has."),
	"drill_fault_age_seconds":     figureDescription("drill_fault_age_seconds", "How long ago a drill found this fault of its own making; until one has, the age of the first backup.", "fault"),
	"drill_fault_missed":          figureDescription("drill_fault_missed", "1 while the newest drill that made this fault did not find it, else 0; absent until one has tried.", "fault"),
	"wal_rpo_seconds":             figureDescription("wal_rpo_seconds", "Age of the newest transaction or heartbeat that was seen in the WAL archive: what a disaster now would lose at most."),
	"wal_lag_bytes":               figureDescription("wal_lag_bytes", "WAL written since the newest heartbeat that was seen in the archive."),
	"wal_faults":                  figureDescription("wal_faults", "1 while the newest check found the WAL archive broken, else 0; absent where no WAL is archived."),
	"file_check_age_seconds":      figureDescription("file_check_age_seconds", "How long ago a check of the stored files ended; absent until one has."),
	"file_faults":                 figureDescription("file_faults", "Files, and objects of archives under lock, of which the newest check found that a row has them and storage has not, or not so."),
	"file_orphans":                figureDescription("file_orphans", "Old objects of which no row knows that the newest check left."),
	"audit_unsealed_seconds":      figureDescription("audit_unsealed_seconds", "Age of the oldest audit event behind the newest checkpoint of its tenant; 0 where there is none."),
	"audit_unanchored_seconds":    figureDescription("audit_unanchored_seconds", "Age of the oldest checkpoint of the audit log that no anchor outside of the database vouches for."),
	"processes_late":              figureDescription("processes_late", "Processes more than two minutes past their next action."),
}

func figureDescription(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("mainstay_"+name, help, labels, nil)
}

// RegisterFigures publishes the gauges of the whole installation. read is asked at a scrape, at most every 15 seconds; while it
// fails the gauges are absent and the log says why. Several processes show the same figures: take the maximum.
func (t *Telemetry) RegisterFigures(read func(context.Context) ([]models.Figure, error)) error {
	if err := t.Registry.Register(&figures{read: read, telemetry: t}); err != nil {
		return fmt.Errorf("telemetry: register the figures: %w", err)
	}
	return nil
}

type figures struct {
	read      func(context.Context) ([]models.Figure, error)
	telemetry *Telemetry

	lock   sync.Mutex
	last   []models.Figure
	lastAt time.Time
}

// Describe implements prometheus.Collector.
func (f *figures) Describe(descriptions chan<- *prometheus.Desc) {
	for _, description := range figureDescriptions {
		descriptions <- description
	}
}

// Collect implements prometheus.Collector.
func (f *figures) Collect(metrics chan<- prometheus.Metric) {
	for _, figure := range f.current() {
		description, known := figureDescriptions[figure.Name]
		if !known {
			continue
		}
		var labels []string
		if figure.Status != "" {
			labels = []string{figure.Status}
		}
		metrics <- prometheus.MustNewConstMetric(description, prometheus.GaugeValue, figure.Value, labels...)
	}
}

// current reads the figures anew where the last ones are too old. Scrapes that come together read once.
func (f *figures) current() []models.Figure {
	f.lock.Lock()
	defer f.lock.Unlock()
	if time.Since(f.lastAt) < figuresAge {
		return f.last
	}
	ctx, cancel := context.WithTimeout(context.Background(), figuresTimeout)
	defer cancel()
	now, err := f.read(ctx)
	if err != nil {
		f.telemetry.Logger.WarnContext(ctx, "figures", "error", err)
		return nil
	}
	f.last, f.lastAt = now, time.Now()
	return now
}
