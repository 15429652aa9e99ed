package api

import (
	"bytes"
	"context"
	_ "embed"
	"html/template"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"
)

//go:embed start.html
var startHTML string

var startPage = template.Must(template.New("start").Parse(startHTML))

// startState is what the start page shows.
type startState struct {
	Version       string
	Waiting       []string // dependencies that are away, by name
	TemporalUIURL string
	MailUIURL     string
	AdminEmail    string // empty outside demo mode
}

// startRoutes serves the page at / that stands in for the frontend in a binary built without it.
func (s *Server) startRoutes() {
	if s.web != nil {
		return
	}
	s.engine.GET("/", func(c *gin.Context) {
		state := startState{
			Version: s.options.Version, Waiting: s.waiting(c.Request.Context()), TemporalUIURL: s.options.TemporalUIURL,
			MailUIURL: s.options.MailUIURL, AdminEmail: s.options.DemoEmail,
		}
		var page bytes.Buffer
		if err := startPage.Execute(&page, state); err != nil {
			panic(err) // the template and its data are ours
		}
		c.Header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'")
		c.Header("Cache-Control", "no-store")
		c.Data(http.StatusOK, "text/html; charset=utf-8", page.Bytes())
	})
}

// startWithin bounds how long the start page waits for a dependency.
const startWithin = 2 * time.Second

// waiting names the dependencies that do not answer yet.
func (s *Server) waiting(ctx context.Context) []string {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	var away []string
	for name, check := range s.options.Ready {
		if check(ctx) != nil {
			away = append(away, name)
		}
	}
	slices.Sort(away)
	return away
}
