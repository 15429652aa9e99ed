package stack

import (
	"bytes"
	"io"
	"sync"
)

// tailBytes is how much of a child's output an error message quotes.
const tailBytes = 4096

// tailWriter keeps the end of what is written, to be quoted when a child ends early.
type tailWriter struct {
	mu   sync.Mutex
	kept []byte
}

func (t *tailWriter) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, b...)
	if over := len(t.kept) - tailBytes; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(b), nil
}

func (t *tailWriter) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.TrimSpace(t.kept))
}

// console joins the output of several children, line by line.
type console struct {
	mu  sync.Mutex
	out io.Writer
}

// named returns a writer whose every line stands on the console behind the child's name.
func (c *console) named(name string) io.Writer { return &lineWriter{console: c, name: name} }

type lineWriter struct {
	console *console
	name    string
	rest    []byte // the line not yet ended; only the child's copying goroutine touches it
}

func (w *lineWriter) Write(b []byte) (int, error) {
	w.rest = append(w.rest, b...)
	for {
		end := bytes.IndexByte(w.rest, '\n')
		if end < 0 {
			return len(b), nil
		}
		if err := w.console.printLine(w.name, w.rest[:end+1]); err != nil {
			return 0, err
		}
		w.rest = w.rest[end+1:]
	}
}

func (c *console) printLine(name string, line []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	const column = 9
	prefix := append(bytes.Repeat([]byte(" "), max(0, column-len(name))), name+" | "...)
	_, err := c.out.Write(append(prefix, line...))
	return err
}
