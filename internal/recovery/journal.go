package recovery

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Step is a step of a recovery.
type Step string

// Steps in their order. Each can be broken off anywhere and taken again.
const (
	Choose Step = "choose" // backup and target
	Fetch  Step = "fetch"  // the backup's files, beside the lost cluster
	Replay Step = "replay" // WAL to the target
	Check  Step = "check"  // what came out
	Hold   Step = "hold"   // mail and orders that may have been sent after the target; Temporal's state
	Switch Step = "switch" // the restored cluster takes the lost one's place
	Finish Step = "finish" // every open process starts from its row
)

// Entry is a line of the journal: a step began, or is done with what it found.
type Entry struct {
	Recovery string          `json:"recovery"`
	Step     Step            `json:"step"`
	Done     bool            `json:"done"`
	At       time.Time       `json:"at"`
	Found    json.RawMessage `json:"found,omitempty"`
}

// Journal is the append-only file of all recoveries of a data directory. A line is on the disk before its step begins or counts as done.
type Journal struct {
	file    string
	entries []Entry
}

// Read reads the journal; none is an empty one. A last line that was broken off never happened.
func Read(file string) (*Journal, error) {
	text, err := os.ReadFile(file) //nolint:gosec // below the data directory
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	j := &Journal{file: file}
	whole := bytes.LastIndexByte(text, '\n') + 1
	for line := range bytes.Lines(text[:whole]) {
		var e Entry
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("the journal %s cannot be read: %w", file, err)
		}
		j.entries = append(j.entries, e)
	}
	return j, nil
}

// Open is the id of the recovery that has not ended; "" where there is none.
func (j *Journal) Open() string {
	if len(j.entries) == 0 {
		return ""
	}
	if last := j.entries[len(j.entries)-1]; last.Step != Finish || !last.Done {
		return last.Recovery
	}
	return ""
}

// Done reports whether the newest recovery has done a step.
func (j *Journal) Done(step Step) bool {
	_, done := j.find(step, true)
	return done
}

// Took is from when the newest recovery first began a step to when it was done.
func (j *Journal) Took(step Step) time.Duration {
	began, _ := j.find(step, false)
	done, found := j.find(step, true)
	if !found {
		return 0
	}
	return done.At.Sub(began.At)
}

// Began is when the newest recovery began.
func (j *Journal) Began() time.Time {
	e, _ := j.find(Choose, false)
	return e.At
}

// Found reads what the newest recovery found in a step.
func (j *Journal) Found(step Step, into any) error {
	e, done := j.find(step, true)
	if !done {
		return fmt.Errorf("recovery: the step %s is not done", step)
	}
	return json.Unmarshal(e.Found, into)
}

func (j *Journal) find(step Step, done bool) (Entry, bool) {
	if len(j.entries) == 0 {
		return Entry{}, false
	}
	for _, e := range j.entries {
		if e.Recovery == j.entries[len(j.entries)-1].Recovery && e.Step == step && e.Done == done {
			return e, true
		}
	}
	return Entry{}, false
}

// Begin notes that a recovery begins a step.
func (j *Journal) Begin(recovery string, step Step) error {
	return j.append(Entry{Recovery: recovery, Step: step})
}

// Complete notes that a recovery has done a step and what it found.
func (j *Journal) Complete(recovery string, step Step, found any) error {
	text, err := json.Marshal(found)
	if err != nil {
		return err
	}
	return j.append(Entry{Recovery: recovery, Step: step, Done: true, Found: text})
}

// append writes the line behind the last whole one.
func (j *Journal) append(e Entry) (err error) {
	e.At = time.Now().UTC()
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(j.file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	text, err := os.ReadFile(j.file)
	if err != nil {
		return err
	}
	whole := int64(bytes.LastIndexByte(text, '\n') + 1)
	if err := f.Truncate(whole); err != nil {
		return err
	}
	if _, err := f.WriteAt(append(line, '\n'), whole); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := syncDir(filepath.Dir(j.file)); err != nil {
		return err
	}
	j.entries = append(j.entries, e)
	return nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // the journal's
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
