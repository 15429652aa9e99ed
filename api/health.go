package api

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

const (
	livenessPath  = "/livez"
	readinessPath = "/readyz"
)

func (s *Server) healthRoutes() {
	s.engine.GET(livenessPath, func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"status": "ok"}) })
	s.engine.GET(readinessPath, gin.WrapH(s.telemetry.Ready(s.options.Ready)))
}

// Operations serves /livez, /readyz and /metrics for the operators' listener.
func (s *Server) Operations() http.Handler { return s.telemetry.Operations(s.options.Ready) }
