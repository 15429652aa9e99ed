package telemetry

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

// Check says whether a dependency answers.
type Check func(context.Context) error

// readyWithin bounds one round of checks.
const readyWithin = 3 * time.Second

// Operations serves /livez, /readyz and /metrics for the operators' listener of a process that stands on the named
// dependencies.
func (t *Telemetry) Operations(dependencies map[string]Check) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"status":"ok"}`))
	})
	mux.Handle("GET /readyz", t.Ready(dependencies))
	mux.Handle("GET /metrics", t.Metrics())
	return mux
}

// Ready asks every dependency at once and names those that are away: 200 when none is, else 503. Why one is away goes to
// the log only, once each time it goes away.
func (t *Telemetry) Ready(dependencies map[string]Check) http.Handler {
	known := &outages{away: map[string]bool{}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyWithin)
		defer cancel()
		var lock sync.Mutex
		var all sync.WaitGroup
		answer := map[string]string{}
		status := http.StatusOK
		for name, check := range dependencies {
			all.Go(func() {
				err := check(ctx)
				lock.Lock()
				defer lock.Unlock()
				answer[name] = "ok"
				if err != nil {
					answer[name] = "away"
					status = http.StatusServiceUnavailable
				}
				if known.changed(name, err != nil) && err != nil {
					t.Logger.WarnContext(ctx, "dependency away", "dependency", name, "error", err)
				}
			})
		}
		all.Wait()
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"ready": status == http.StatusOK, "dependencies": answer})
	})
}

// outages remembers which dependencies were away when last asked: probes ask every few seconds, and a log that repeats
// itself hides the rest.
type outages struct {
	mu   sync.Mutex
	away map[string]bool
}

func (o *outages) changed(name string, away bool) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	was := o.away[name]
	o.away[name] = away
	return was != away
}
