package stack

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// stopWithin is how long a child may take to stop before it is killed.
const stopWithin = 30 * time.Second

// command says how a child is started and stopped.
type command struct {
	name   string
	path   string
	args   []string
	env    []string // the whole environment; nil inherits the supervisor's
	dir    string
	output io.Writer

	credential *syscall.Credential // the user to become; nil keeps the supervisor's
	stopSignal syscall.Signal      // zero means SIGTERM
}

// process is a running child. It is in a process group of its own, so that Ctrl-C reaches the supervisor alone, which
// stops its children in order.
type process struct {
	command
	cmd  *exec.Cmd
	done chan struct{}
	err  error // valid once done is closed
}

// start runs the command and returns once the child exists. It does not wait until the child is ready.
func (c command) start() (*process, error) {
	if c.stopSignal == 0 {
		c.stopSignal = syscall.SIGTERM
	}
	cmd := exec.Command(c.path, c.args...) //nolint:gosec,noctx // the supervisor exists to run these and ends them itself
	cmd.Env = c.env
	cmd.Dir = c.dir
	cmd.Stdout = c.output
	cmd.Stderr = c.output
	cmd.WaitDelay = 5 * time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: c.credential}
	dieWithParent(cmd.SysProcAttr, c.stopSignal)

	p := &process{command: c, cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go p.supervise(started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", c.name, err)
	}
	return p, nil
}

// supervise starts the child and waits for its end on one and the same thread, because the kernel sends the
// parent-death signal when the thread that forked ends, not the process.
func (p *process) supervise(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	p.err = p.cmd.Wait()
	close(p.done)
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// stop asks the child to end, kills it when it does not within stopWithin, and returns when it is gone.
func (p *process) stop() error {
	if err := p.signal(p.stopSignal); err != nil {
		return err
	}
	select {
	case <-p.done:
		return nil
	case <-time.After(stopWithin):
		p.kill()
		return fmt.Errorf("%s did not stop within %s and was killed", p.name, stopWithin)
	}
}

// kill ends the child and everything it started, without asking, and returns when it is gone.
func (p *process) kill() {
	_ = syscall.Kill(-p.pid(), syscall.SIGKILL)
	<-p.done
}

// signal reaches the child and what it started in its group.
func (p *process) signal(sig syscall.Signal) error {
	err := syscall.Kill(-p.pid(), sig)
	if err == nil || errors.Is(err, syscall.ESRCH) {
		return nil
	}
	return fmt.Errorf("signal %s: %w", p.name, err)
}

// livingPID returns the process whose number is the first line of a file, 0 when there is none that lives.
func livingPID(file string) int {
	text, err := os.ReadFile(file) //nolint:gosec // below the stack's own folder
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil || pid <= 0 || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return 0
	}
	return pid
}
