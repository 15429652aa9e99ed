package api

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"maps"
	"math"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mainstay/internal/stack"
	"mainstay/models"
)

//go:embed start.html
var startHTML string

var startPage = template.Must(template.New("start").Parse(startHTML))

// Start is how far a stack is that `make run` runs on this machine.
type Start struct {
	Version      string      `json:"version"`
	URL          string      `json:"url" doc:"where the application answers"`
	Parts        []StartPart `json:"parts" doc:"what the stack runs, in the order in which it is shown"`
	AdminEmail   string      `json:"admin_email,omitempty" doc:"who signs in to the demo company; absent without one"`
	PasswordFile string      `json:"password_file,omitempty" doc:"holds that person's password; absent where the settings gave it"`
	Demo         *StartDemo  `json:"demo,omitempty" doc:"absent until the demo company is there"`
}

// StartPart is how far one part of the stack is.
type StartPart struct {
	Name        string           `json:"name" enum:"postgres,temporal,s3,mail,api,worker,demo,web"`
	Status      stack.PartStatus `json:"status" enum:"waiting,building,starting,ready,failed,left_out"`
	Version     string           `json:"version,omitempty" doc:"of its software"`
	Address     string           `json:"address,omitempty" doc:"host and port"`
	Path        string           `json:"path,omitempty" doc:"folder of its data, or its log"`
	URL         string           `json:"url,omitempty" doc:"a page of it to look at"`
	Seconds     float64          `json:"seconds,omitempty" doc:"until it was ready"`
	Done        int              `json:"done,omitempty" doc:"packages that are compiled, while it is building"`
	Total       int              `json:"total,omitempty" doc:"packages to compile"`
	SecondsLeft int              `json:"seconds_left,omitempty" doc:"of the build, about"`
}

// StartDemo is what the demo company has.
type StartDemo struct {
	AssetCode  string `json:"asset_code" doc:"of an asset that is worth a look"`
	Assets     int    `json:"assets"`
	WorkOrders int    `json:"work_orders"`
}

// startPath is asked every second by the start page.
const startPath = "/v1/start"

type startInput struct{ origin }

type startOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         Start
}

// startRoutes serves how far the parts are, and in a binary built without the frontend the page at / that stands in for it.
func (s *Server) startRoutes() {
	register(s, operation{
		method: http.MethodGet, path: startPath, id: "get-start", tag: operationsTag, permission: public,
		summary: "Read how far the parts of a stack are that runs on the asker's own machine",
	}, s.getStart)
	if s.web != nil {
		return
	}
	s.engine.GET("/", func(c *gin.Context) {
		page := s.startPageOf(c)
		var text bytes.Buffer
		if err := startPage.Execute(&text, page); err != nil {
			panic(err) // the template and its data are ours
		}
		c.Header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'")
		c.Header("Cache-Control", "no-store")
		c.Data(http.StatusOK, "text/html; charset=utf-8", text.Bytes())
	})
}

var errNoStart = &models.Error{Code: models.CodeNotFound, Detail: "No stack of this machine started this."}

// getStart tells whoever sits at the machine, who is not signed in yet.
func (s *Server) getStart(ctx context.Context, in *startInput) (*startOutput, error) {
	if !s.startsFor(in.address) {
		return nil, errNoStart
	}
	start, err := s.start(ctx)
	if err != nil {
		return nil, err
	}
	return &startOutput{CacheControl: "no-store", Body: start}, nil
}

// startsFor says whether a client at this address is shown the start: its addresses and folders are those of one machine.
func (s *Server) startsFor(address string) bool {
	from, err := netip.ParseAddr(address)
	return s.options.StackState != "" && err == nil && from.Unmap().IsLoopback()
}

func (s *Server) start(ctx context.Context) (Start, error) {
	state, err := stack.ReadState(s.options.StackState)
	if err != nil {
		return Start{}, err
	}
	start := Start{Version: s.options.Version, URL: state.URL, Parts: make([]StartPart, len(state.Parts))}
	for i, part := range state.Parts {
		start.Parts[i] = StartPart(part)
		switch {
		case part.Name == "api":
			start.Parts[i].URL = "/docs"
		case part.Name == "demo" && part.Status == stack.PartReady:
			if start.Demo, err = s.startDemo(ctx); err != nil {
				return Start{}, err
			}
		}
	}
	if s.options.DemoEmail != "" {
		start.AdminEmail, start.PasswordFile = s.options.DemoEmail, state.PasswordFile
	}
	return start, nil
}

func (s *Server) startDemo(ctx context.Context) (*StartDemo, error) {
	figures, err := s.store.Figures(ctx)
	if err != nil {
		return nil, err
	}
	demo := &StartDemo{AssetCode: s.options.DemoAsset}
	for _, f := range figures {
		switch f.Name {
		case "assets":
			demo.Assets += int(f.Value)
		case "work_orders":
			demo.WorkOrders += int(f.Value)
		}
	}
	return demo, nil
}

// startView is what the page shows.
type startView struct {
	Version    string
	Rows       []startRow
	Up, All    int     // parts that run, and that are to run
	Reached    float64 // of All, with what is half done
	Moving     bool
	Builds     string // what is built and for how long still, as a sentence; empty where nothing is
	URL        string
	AdminEmail string // empty outside demo mode
	Password   string // the file that holds that person's password; empty where it is not known
}

// startRow is one part: whether it answers, and where it is looked at.
type startRow struct {
	Name, Says string
	Link, Word string // empty where there is nothing to look at
	Path       string
	Status     stack.PartStatus
	Right      string
	Percent    int // of the build, 0 while none is known
}

// startPageOf shows what the stack says of its parts; where none started this, what answers.
func (s *Server) startPageOf(c *gin.Context) startView {
	view := startView{Version: s.options.Version, AdminEmail: s.options.DemoEmail, URL: "http://localhost:8080"}
	start, err := Start{}, error(errNoStart)
	if s.startsFor(c.ClientIP()) {
		start, err = s.start(c.Request.Context())
	}
	if err == nil {
		view.Password, view.URL = start.PasswordFile, start.URL
		for _, part := range start.Parts {
			view.Rows = append(view.Rows, part.row(start.Demo))
			if part.Status == stack.PartBuilding && part.SecondsLeft > 0 {
				view.Builds = "Files and mail are being built, about " + roughly(part.SecondsLeft) + " more. "
				if part.Name == "temporal" {
					view.Builds = "The process server is being built, about " + roughly(part.SecondsLeft) + " more. "
				}
			}
		}
	} else {
		view.Rows = append(s.answering(c.Request.Context()), startRow{Name: "Web pages", Status: stack.PartLeftOut, Right: "Left out"})
	}
	for _, row := range view.Rows {
		if row.Status == stack.PartLeftOut {
			continue
		}
		view.All++
		view.Moving = view.Moving || row.Status.Moving()
		if row.Status == stack.PartReady {
			view.Up++
		}
		view.Reached += float64(row.Percent) / 100
	}
	view.Reached += float64(view.Up)
	return view
}

// row puts a part into words.
func (p StartPart) row(demo *StartDemo) startRow {
	row := startRow{Status: p.Status, Path: p.Path, Link: p.URL}
	_, port, _ := net.SplitHostPort(p.Address)
	switch p.Name {
	case "postgres":
		row.Name, row.Says = "Database", strings.TrimSpace("PostgreSQL "+p.Version)+", port "+port
	case "temporal":
		row.Name, row.Says, row.Word = "Processes", "Temporal, port "+port, "Open process view"
	case "s3":
		row.Name, row.Says = "Files", "S3 store, port "+port
	case "mail":
		row.Name, row.Says, row.Word = "Mail", "Caught here, nothing leaves", "Open caught mail"
	case "api":
		row.Name, row.Says, row.Word = "API", p.Address, "API reference"
	case "worker":
		row.Name, row.Says = "Worker", "Runs the processes"
	case "demo":
		row.Name, row.Says = "Demo data", "A quarry company"
		if demo != nil {
			row.Says = fmt.Sprintf("%d assets, %d work orders", demo.Assets, demo.WorkOrders)
		}
	case "web":
		row.Name, row.Says, row.Word = "Web pages", "Vite, with hot reload", "Open the web pages"
	}
	switch p.Status {
	case stack.PartReady:
		row.Right = "Ready"
		if p.Seconds >= 0.05 { // else it would read 0.0
			row.Right = fmt.Sprintf("Ready, %.1f s", p.Seconds)
		}
	case stack.PartBuilding:
		row.Right, row.Link = "Building", ""
		if p.Total > 0 {
			row.Right, row.Percent = "about "+roughly(p.SecondsLeft), 100*p.Done/p.Total
			row.Says, row.Path = fmt.Sprintf("%d of %d packages built", p.Done, p.Total), ""
		}
	case stack.PartStarting:
		row.Right, row.Link = "Starting", ""
	case stack.PartWaiting:
		row.Right, row.Link = "Waiting", ""
	case stack.PartFailed:
		row.Right = "Not there"
	case stack.PartLeftOut:
		row.Right = "Left out"
	}
	return row
}

// roughly is a time that nobody knows to the second.
func roughly(seconds int) string {
	if seconds < 60 {
		return fmt.Sprintf("%d s", max(seconds, 1))
	}
	return fmt.Sprintf("%.0f min", math.Ceil(float64(seconds)/60))
}

// startWithin bounds how long the start page waits for a dependency.
const startWithin = 2 * time.Second

// answering lists the API and what it stands on, by name.
func (s *Server) answering(ctx context.Context) []startRow {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	known := map[string]startRow{
		"database": {Name: "Database", Says: "PostgreSQL"}, "storage": {Name: "Files", Says: "S3 store"},
		"temporal": {Name: "Processes", Says: "Temporal", Link: s.options.TemporalUIURL, Word: "Open process view"},
	}
	rows := []startRow{{Name: "API", Says: "answers here", Link: "/docs", Word: "API reference", Status: stack.PartReady, Right: "Ready"}}
	for _, name := range slices.Sorted(maps.Keys(s.options.Ready)) {
		row, ok := known[name]
		if !ok {
			row.Name = strings.ToUpper(name[:1]) + name[1:]
		}
		row.Status, row.Right = stack.PartReady, "Ready"
		if s.options.Ready[name](ctx) != nil {
			row.Status, row.Right = stack.PartStarting, "Starting"
		}
		rows = append(rows, row)
	}
	if s.options.MailUIURL != "" {
		rows = append(rows, startRow{
			Name: "Mail", Says: "caught here, nothing leaves", Link: s.options.MailUIURL, Word: "Open caught mail", Status: stack.PartReady, Right: "Ready",
		})
	}
	return rows
}
