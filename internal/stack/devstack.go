package stack

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// devstackSource is the nested module, relative to the root of the checkout.
const devstackSource = "deploy/devstack"

// unusedFor is how long a binary nobody ran is kept in the cache.
const unusedFor = 30 * 24 * time.Hour

// binary is one program of the nested module.
type binary struct{ name, pkg string }

var (
	heavyBinary = binary{"devstack", "."}           // Temporal; minutes to compile
	lightBinary = binary{"devstack-lite", "./lite"} // S3 and mail; seconds to compile
)

// Build builds what the stack runs beside the application and returns when the cache holds it. progress gets a line now
// and then while there is something to compile.
func Build(ctx context.Context, progress func(string)) error {
	for _, b := range []binary{lightBinary, heavyBinary} {
		if _, err := b.build(ctx, nowAndThen(progress)); err != nil {
			return err
		}
	}
	return nil
}

// build returns the path of the program in the user's cache, compiling it where no build of the same sources is there.
// Programs that build the same at once wait for each other.
func (b binary) build(ctx context.Context, progress func(compiled)) (string, error) {
	source, target, err := b.target()
	if err != nil {
		return "", err
	}
	if inUse(target) {
		return target, nil
	}
	unlock, err := lockFile(target + ".lock")
	if err != nil {
		return "", err
	}
	defer unlock()
	if inUse(target) {
		return target, nil
	}
	forgetUnused(filepath.Dir(target), b.name)
	if err := b.compile(ctx, source, target, progress); err != nil {
		return "", err
	}
	return target, nil
}

// built says whether the cache holds the program.
func (b binary) built() bool {
	_, target, err := b.target()
	if err != nil {
		return false
	}
	_, err = os.Stat(target)
	return err == nil
}

// target returns where the module's sources are and where the cache holds their build.
func (b binary) target() (source, target string, err error) {
	if source, err = findSource(); err != nil {
		return "", "", err
	}
	hash, err := hashSource(source)
	if err != nil {
		return "", "", err
	}
	cache, err := cacheDir()
	return source, filepath.Join(cache, b.name+"-"+hash), err
}

// findSource returns the nested module of the checkout around the working directory or around the running program.
func findSource() (string, error) {
	starts := make([]string, 0, 2)
	if dir, err := os.Getwd(); err == nil {
		starts = append(starts, dir)
	}
	if program, err := os.Executable(); err == nil {
		starts = append(starts, filepath.Dir(program))
	}
	for _, dir := range starts {
		for ; ; dir = filepath.Dir(dir) {
			source := filepath.Join(dir, devstackSource)
			if _, err := os.Stat(filepath.Join(source, "go.mod")); err == nil {
				return source, nil
			}
			if dir == filepath.Dir(dir) {
				break
			}
		}
	}
	return "", errors.New("the embedded stack is built from " + devstackSource + " of the checkout: run this inside the checkout, or set the addresses of running parts")
}

// hashSource names a build by its sources and the compiler.
func hashSource(source string) (string, error) {
	sum := sha256.New()
	fmt.Fprintln(sum, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	err := filepath.WalkDir(source, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, "_test.go") {
			return err
		}
		content, err := os.ReadFile(path) //nolint:gosec // the module's own sources
		if err != nil {
			return err
		}
		fmt.Fprintln(sum, strings.TrimPrefix(path, source), len(content))
		_, err = sum.Write(content)
		return err
	})
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil))[:16], nil
}

// inUse tells whether the program is in the cache and notes that it is wanted.
func inUse(target string) bool {
	now := time.Now()
	return os.Chtimes(target, now, now) == nil
}

// forgetUnused removes builds of other sources that nobody ran for a while: each is up to 150 MB.
func forgetUnused(cache, name string) {
	old, err := filepath.Glob(filepath.Join(cache, name+"-????????????????"))
	if err != nil {
		return
	}
	for _, path := range old {
		if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > unusedFor {
			_ = os.Remove(path)
			_ = os.Remove(path + ".lock")
		}
	}
}

// buildFlags stay as they are: other flags would compile every package anew.
func buildFlags() []string { return []string{"-buildvcs=false", "-ldflags=-s -w"} }

func (b binary) compile(ctx context.Context, source, target string, progress func(compiled)) error {
	progress(compiled{name: b.name})
	total, err := b.countStale(ctx, source)
	if err != nil {
		return err
	}
	partial := target + ".part"
	args := slices.Concat([]string{"build", "-v"}, buildFlags(), []string{"-o", partial, b.pkg})
	cmd := goCommand(ctx, source, args...)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("build %s: %w", b.name, err)
	}
	// The build yields to whoever waits for the application meanwhile; where it may not, it is merely quicker.
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, cmd.Process.Pid, 10)
	tail := &tailWriter{}
	reportProgress(io.TeeReader(stderr, tail), b.name, total, progress)
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", b.name, err, tail)
	}
	return os.Rename(partial, target)
}

// countStale returns how many packages are not compiled yet.
func (b binary) countStale(ctx context.Context, source string) (int, error) {
	args := slices.Concat([]string{"list", "-deps", "-f", "{{if .Stale}}x{{end}}"}, buildFlags(), []string{b.pkg})
	out, err := goCommand(ctx, source, args...).Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return 0, fmt.Errorf("list the packages of %s: %w\n%s", b.name, err, exit.Stderr)
	}
	return strings.Count(string(out), "x"), err
}

func goCommand(ctx context.Context, source string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", append([]string{"-C", source}, args...)...) //nolint:gosec // fixed arguments
	cmd.Env = append(os.Environ(), "GOWORK=off")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	dieWithParent(cmd.SysProcAttr, syscall.SIGTERM)
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = stopWithin
	return cmd
}

// compiled is how far a build is. Total is 0 while the packages are still being counted.
type compiled struct {
	name        string
	done, total int
	left        time.Duration
}

func (c compiled) String() string {
	return fmt.Sprintf("building %s: %d of %d packages, about %s left", c.name, c.done, c.total, minutes(c.left))
}

// reportEvery is the share of the packages after which a progress line is due.
const reportEvery = 20

// nowAndThen passes a line on whenever one is due.
func nowAndThen(say func(string)) func(compiled) {
	return func(c compiled) {
		if c.total > reportEvery && c.done > 0 && c.done%(c.total/reportEvery) == 0 && c.done < c.total {
			say(c.String())
		}
	}
}

// reportProgress counts the lines of `go build -v`, one a package compiled.
func reportProgress(lines io.Reader, name string, total int, progress func(compiled)) {
	began := time.Now()
	done := 0
	for s := bufio.NewScanner(lines); s.Scan(); {
		done++
		left := time.Duration(float64(time.Since(began)) / float64(done) * float64(max(total-done, 0)))
		progress(compiled{name: name, done: min(done, total), total: total, left: left})
	}
}

func minutes(d time.Duration) string {
	if d < time.Minute {
		return "a minute"
	}
	return fmt.Sprintf("%.0f minutes", math.Ceil(d.Minutes()))
}
