package api

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

// Check says whether a dependency answers.
type Check func(context.Context) error

// readyWithin bounds one round of checks.
const readyWithin = 3 * time.Second

func (s *Server) healthRoutes() {
	s.engine.GET("/livez", func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"status": "ok"}) })
	s.engine.GET("/readyz", func(c *gin.Context) { s.readyz(c.Writer, c.Request) })
}

// Operations serves /livez, /readyz and /metrics for the operators' listener.
func (s *Server) Operations() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"status":"ok"}`)) })
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.Handle("GET /metrics", s.telemetry.Metrics())
	return mux
}

// readyz asks every dependency at once and names those that are away.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyWithin)
	defer cancel()
	var lock sync.Mutex
	var all sync.WaitGroup
	answer := map[string]string{}
	status := http.StatusOK
	for name, check := range s.options.Ready {
		all.Go(func() {
			err := check(ctx)
			lock.Lock()
			defer lock.Unlock()
			answer[name] = "ok"
			if err != nil {
				answer[name] = "away"
				status = http.StatusServiceUnavailable
				s.telemetry.Logger.WarnContext(ctx, "dependency away", "dependency", name, "error", err)
			}
		})
	}
	all.Wait()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = strictJSON.Marshal(w, map[string]any{"ready": status == http.StatusOK, "dependencies": answer})
}
