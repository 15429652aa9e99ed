package stack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// console joins the output of several children, line by line, each behind its child's name.
type console struct {
	mu    sync.Mutex
	out   io.Writer
	muted bool
}

// nameWidth is the column of the child's name.
const nameWidth = 8

// say prints a line of the supervisor's own.
func (c *console) say(line string) { _ = c.print("mainstay", line) }

// mute hides the children's lines from now on: what they complain about while all of them stop helps nobody. Their log
// files still get it.
func (c *console) mute() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.muted = true
}

// named returns a writer for one child's output.
func (c *console) named(name string) io.Writer { return &lineWriter{console: c, name: name} }

func (c *console) print(name, line string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := fmt.Fprintf(c.out, "%*s | %s\n", nameWidth, name, line)
	return err
}

// printPlain prints a block of text as it is.
func (c *console) printPlain(text string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := io.WriteString(c.out, text)
	return err
}

func (c *console) printChild(name string, line []byte) error {
	c.mu.Lock()
	muted := c.muted
	c.mu.Unlock()
	if muted {
		return nil
	}
	return c.print(name, readable(line))
}

type lineWriter struct {
	console *console
	name    string
	rest    []byte // the line not yet ended; only the goroutine that copies the child's output touches it
}

func (w *lineWriter) Write(b []byte) (int, error) {
	w.rest = append(w.rest, b...)
	for {
		line, rest, ended := bytes.Cut(w.rest, []byte("\n"))
		if !ended {
			return len(b), nil
		}
		if err := w.console.printChild(w.name, line); err != nil {
			return 0, err
		}
		w.rest = rest
	}
}

// readable turns a line of slog's JSON into words; any other line stays as it is.
func readable(line []byte) string {
	var record map[string]any
	if !bytes.HasPrefix(line, []byte("{")) || json.Unmarshal(line, &record) != nil {
		return string(line)
	}
	message, ok := record["msg"].(string)
	if !ok {
		return string(line)
	}
	level, _ := record["level"].(string)
	var words strings.Builder
	if at, err := time.Parse(time.RFC3339Nano, fmt.Sprint(record["time"])); err == nil {
		words.WriteString(at.Local().Format("15:04:05 ")) //nolint:gosmopolitan // the clock on the reader's wall
	}
	fmt.Fprintf(&words, "%-5s %s", level, message)
	for _, key := range slices.Sorted(maps.Keys(record)) {
		if key != "time" && key != "level" && key != "msg" {
			fmt.Fprintf(&words, " %s=%v", key, inWords(key, record[key]))
		}
	}
	return words.String()
}

// inWords shows a duration as one: slog's JSON gives it in nanoseconds.
func inWords(key string, value any) any {
	if nanoseconds, ok := value.(float64); ok && key == "duration" {
		return time.Duration(nanoseconds).Round(10 * time.Microsecond)
	}
	return value
}
