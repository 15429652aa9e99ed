package stack

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// PartStatus says how far a part of the stack is.
type PartStatus string

// The states of a part.
const (
	PartWaiting  PartStatus = "waiting"  // for others
	PartBuilding PartStatus = "building" // its program is being compiled
	PartStarting PartStatus = "starting"
	PartReady    PartStatus = "ready"
	PartFailed   PartStatus = "failed"   // the stack runs without it
	PartLeftOut  PartStatus = "left_out" // this program does not have it
)

// Moving says that the part is on its way.
func (s PartStatus) Moving() bool {
	return s == PartWaiting || s == PartBuilding || s == PartStarting
}

// State is how far a stack is, for its start page. It holds no secret.
type State struct {
	// URL is where the application answers.
	URL string `json:"url"`
	// PasswordFile holds the administrator's password; empty where the settings gave it.
	PasswordFile string `json:"password_file,omitempty"`
	// Parts are what the stack runs, in the order in which they are shown; what runs elsewhere is not among them.
	Parts []PartState `json:"parts"`
}

// PartState is how far one part is.
type PartState struct {
	// Name is postgres, temporal, s3, mail, api, worker, demo or web; its log file has the same.
	Name   string     `json:"name"`
	Status PartStatus `json:"status"`
	// Version of its software, where it is known.
	Version string `json:"version,omitempty"`
	// Address is its host and port.
	Address string `json:"address,omitempty"`
	// Path is the folder of its data, or its log where it has none, as the stack's own folder sees it.
	Path string `json:"path,omitempty"`
	// URL is a page of it to look at.
	URL string `json:"url,omitempty"`
	// Seconds is how long it took to get ready.
	Seconds float64 `json:"seconds,omitempty"`
	// Done of Total packages are compiled while it is building, which takes about SecondsLeft more.
	Done        int `json:"done,omitempty"`
	Total       int `json:"total,omitempty"`
	SecondsLeft int `json:"seconds_left,omitempty"`
}

// ReadState reads the file that MAINSTAY_STACK_STATE names.
func ReadState(file string) (State, error) {
	var state State
	text, err := os.ReadFile(file) //nolint:gosec // the stack that started this process names it
	if err != nil {
		return state, err
	}
	return state, json.Unmarshal(text, &state)
}

// stateFile keeps the state of a stack, rewritten whole with every change.
type stateFile struct {
	path string
	say  func(string)

	mu    sync.Mutex
	state State
	began map[string]time.Time // by part
}

func (f *stateFile) write() error {
	text, err := json.Marshal(f.state)
	if err != nil {
		return err
	}
	return writeWhole(f.path, text)
}

// change does nothing to a part that the stack does not run.
func (f *stateFile) change(name string, change func(*PartState)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.state.Parts {
		if f.state.Parts[i].Name == name {
			change(&f.state.Parts[i])
			if err := f.write(); err != nil {
				f.say("the start page does not know how far the parts are: " + err.Error())
			}
		}
	}
}

// starts notes that a part is being started; the time that its build took counts in.
func (f *stateFile) starts(name string) {
	f.change(name, func(p *PartState) {
		if p.Status != PartBuilding {
			f.began[name] = time.Now()
		}
		p.Status, p.Done, p.Total, p.SecondsLeft = PartStarting, 0, 0, 0
	})
}

// builds notes how far the compilation of a part's program is.
func (f *stateFile) builds(name string, c compiled) {
	f.change(name, func(p *PartState) {
		if p.Status != PartBuilding {
			f.began[name] = time.Now()
		}
		p.Status, p.Done, p.Total, p.SecondsLeft = PartBuilding, c.done, c.total, int(c.left.Seconds())
	})
}

func (f *stateFile) ready(name string) {
	f.change(name, func(p *PartState) {
		p.Status, p.Seconds = PartReady, time.Since(f.began[name]).Seconds()
	})
}

func (f *stateFile) failed(name string) { f.change(name, func(p *PartState) { p.Status = PartFailed }) }

// newStateFile begins the state of a stack of which nothing runs yet.
func (s *supervisor) newStateFile() (*stateFile, error) {
	f := &stateFile{path: s.layout.state(), say: s.console.say, began: map[string]time.Time{}}
	f.state = State{URL: localURL(s.config.HTTPAddr), Parts: s.partStates()}
	if s.config.AdminPassword == "" {
		f.state.PasswordFile = shownPath(s.layout.adminPassword())
	}
	return f, f.write()
}

// partStates lists what the stack runs, before anything of it does.
func (s *supervisor) partStates() []PartState {
	c := s.config
	var parts []PartState
	add := func(run bool, p PartState) {
		if run {
			if p.Status == "" {
				p.Status = PartWaiting
			}
			if p.Path != "" {
				p.Path = shownPath(p.Path)
			}
			parts = append(parts, p)
		}
	}
	add(c.DatabaseURL == "", PartState{Name: "postgres", Address: loopback(c.PostgresPort), Path: s.layout.postgres})
	add(c.TemporalAddress == "", PartState{Name: "temporal", Address: c.TemporalAddr, URL: localURL(c.TemporalUIAddr)})
	add(c.S3Endpoint == "", PartState{Name: "s3", Address: c.S3Addr, Path: s.layout.objects()})
	add(c.SMTPURL == "", PartState{Name: "mail", Address: c.SMTPAddr, URL: localURL(c.MailUIAddr)})
	add(true, PartState{Name: "api", Address: c.HTTPAddr})
	add(true, PartState{Name: "worker", Path: s.layout.log("worker")})
	add(c.Demo, PartState{Name: "demo", Path: s.layout.log("demo")})
	web := PartState{Name: "web", Status: PartLeftOut}
	switch {
	case s.options.Web:
		web.Status = PartReady // it came with this program
	case s.options.Beside["web"] != "":
		web.Status, web.URL = PartWaiting, devServerURL
	}
	add(true, web)
	return parts
}

// shownPath is a path as a person at the stack's terminal would write it.
func shownPath(path string) string {
	dir, err := os.Getwd()
	if err != nil {
		return path
	}
	near, err := filepath.Rel(dir, path)
	if err != nil || strings.HasPrefix(near, "..") {
		return path
	}
	return near
}
