package api

import (
	"bytes"
	"context"
	_ "embed"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

//go:embed start.html
var startHTML string

var startPage = template.Must(template.New("start").Parse(startHTML))

// startState is what the start page shows.
type startState struct {
	Version    string
	Parts      []startPart
	Up         int    // of the parts
	AdminEmail string // empty outside demo mode
}

// startPart is one part of the installation: whether it answers, and where it is looked at.
type startPart struct {
	Name, Says string
	Link, Word string // empty where there is nothing to look at
	Up         bool
}

// startRoutes serves the page at / that stands in for the frontend in a binary built without it.
func (s *Server) startRoutes() {
	if s.web != nil {
		return
	}
	s.engine.GET("/", func(c *gin.Context) {
		state := startState{Version: s.options.Version, Parts: s.startParts(c.Request.Context()), AdminEmail: s.options.DemoEmail}
		for _, part := range state.Parts {
			if part.Up {
				state.Up++
			}
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

// startParts lists what the installation is made of, dependencies by name after those that everybody knows.
func (s *Server) startParts(ctx context.Context) []startPart {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	known := map[string]startPart{
		"database": {Name: "Database", Says: "PostgreSQL"}, "storage": {Name: "Files", Says: "S3 store"},
		"temporal": {Name: "Processes", Says: "Temporal", Link: s.options.TemporalUIURL, Word: "Open process view"},
	}
	parts := []startPart{{Name: "API", Says: "answers here", Link: "/docs", Word: "API reference", Up: true}}
	for _, name := range slices.Sorted(maps.Keys(s.options.Ready)) {
		part, ok := known[name]
		if !ok {
			part.Name = strings.ToUpper(name[:1]) + name[1:]
		}
		part.Up = s.options.Ready[name](ctx) == nil
		parts = append(parts, part)
	}
	if s.options.MailUIURL != "" {
		parts = append(parts, startPart{Name: "Mail", Says: "caught here, nothing leaves", Link: s.options.MailUIURL, Word: "Open caught mail", Up: true})
	}
	return parts
}
