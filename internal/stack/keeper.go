package stack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"
)

// The pause before a child that ended is started again. It doubles while the child keeps ending early.
const (
	shortestPause = 200 * time.Millisecond
	longestPause  = 5 * time.Second
	calmAfter     = 30 * time.Second // a child that lived so long begins with the shortest pause again
)

// keeper keeps one child running until it is told to stop.
type keeper struct {
	name    string
	start   func(context.Context) (*process, error) // returns when the child is ready
	pidFile string
	say     func(string)

	child    atomic.Pointer[process]
	cancel   context.CancelFunc
	finished chan struct{}
}

// run starts the child for the first time, returns when it is ready and keeps it from then on. ctx bounds only the
// first start: a kept child ends by stop or kill.
func (k *keeper) run(ctx context.Context) error {
	keeping, cancel := context.WithCancel(context.WithoutCancel(ctx))
	k.cancel = cancel
	k.finished = make(chan struct{})
	unhook := context.AfterFunc(ctx, cancel)
	child, err := k.start(keeping)
	if !unhook() && err == nil {
		err = ctx.Err()
		child.kill()
	}
	if err != nil {
		cancel()
		close(k.finished)
		return err
	}
	k.note(child)
	go k.keep(keeping, child)
	return nil
}

func (k *keeper) keep(ctx context.Context, child *process) {
	defer close(k.finished)
	pause := shortestPause
	for began := time.Now(); ; began = time.Now() {
		var err error
		if child == nil {
			child, err = k.start(ctx)
		}
		if err == nil {
			k.note(child)
			err = k.await(ctx, child)
		}
		child = nil
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > calmAfter {
			pause = shortestPause
		}
		if err == nil {
			err = errors.New("exit status 0")
		}
		k.say(fmt.Sprintf("%s ended (%v), starting it again", k.name, err))
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		pause = min(2*pause, longestPause)
	}
}

// note makes the child known to kill, and to people and programs through its pid file.
func (k *keeper) note(child *process) {
	k.child.Store(child)
	if err := os.WriteFile(k.pidFile, []byte(strconv.Itoa(child.pid())+"\n"), 0o600); err != nil {
		k.say(err.Error())
	}
}

// await returns when the child has ended, by itself or because ctx is done.
func (k *keeper) await(ctx context.Context, child *process) error {
	defer os.Remove(k.pidFile)
	select {
	case <-child.done:
		return child.err
	case <-ctx.Done():
		if err := child.stop(); err != nil {
			k.say(err.Error())
		}
		return nil
	}
}

// stop ends the child in good order and returns when it is gone.
func (k *keeper) stop() {
	k.cancel()
	<-k.finished
}

// restart ends the child in good order; keep starts the next one.
func (k *keeper) restart() error { return k.child.Load().stop() }

// kill ends the child at once; stop then returns soon.
func (k *keeper) kill() {
	if child := k.child.Load(); child != nil {
		child.kill()
	}
}

// awaitGone waits until the children of a supervisor that was killed have ended, as the kernel told them to.
func awaitGone(ctx context.Context, runDir string) error {
	ctx, cancel := context.WithTimeout(ctx, stopWithin)
	defer cancel()
	files, err := filepath.Glob(filepath.Join(runDir, "*.pid"))
	if err != nil {
		return err
	}
	for _, file := range files {
		for pid := livingPID(file); pid != 0; pid = livingPID(file) {
			select {
			case <-ctx.Done():
				return fmt.Errorf("%s names process %d, which a killed stack left behind and which still runs: stop it with `kill %d`", file, pid, pid)
			case <-time.After(50 * time.Millisecond):
			}
		}
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	return nil
}
