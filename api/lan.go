package api

import (
	"net/http"
	"net/netip"

	"github.com/gin-gonic/gin"

	"mainstay/models"
)

const lanAuthorityPath = "/lan-ca.crt"

// lanRoutes hand out the certificate that devices of the local network install, over TLS or on this machine: what is trusted for
// good must not come from whoever answers in between.
func (s *Server) lanRoutes() {
	if s.options.LANAuthority == nil {
		return
	}
	s.engine.GET(lanAuthorityPath, func(c *gin.Context) {
		from, err := netip.ParseAddrPort(c.Request.RemoteAddr)
		if c.Request.TLS == nil && (err != nil || !from.Addr().IsLoopback()) {
			writeProblem(c, newProblem(http.StatusForbidden, models.CodeForbidden, "Open this path over https.", requestID(c)))
			return
		}
		c.Header("Cache-Control", "no-store")
		c.Header("Content-Disposition", `attachment; filename="mainstay-ca.crt"`)
		c.Data(http.StatusOK, "application/x-x509-ca-cert", s.options.LANAuthority)
	})
}
