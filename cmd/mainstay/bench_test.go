//go:build bench

package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// The figures of `make bench`: one line each, `name value unit`. Ratios are measured side by side in one run, in alternating
// rounds, and are the median of the pairs; 1.00 means as fast as the bare shape. MAINSTAY_BENCH_ROUNDS and
// MAINSTAY_BENCH_SECONDS set how many pairs and how long each side runs.
var (
	benchRounds  = envInt("MAINSTAY_BENCH_ROUNDS", 8)
	benchSeconds = time.Duration(envInt("MAINSTAY_BENCH_SECONDS", 20)) * time.Second
)

func envInt(name string, fallback int) int {
	n, err := strconv.Atoi(os.Getenv(name))
	if err != nil {
		return fallback
	}
	return n
}

func figure(name string, value float64, unit string) {
	fmt.Printf("%s %.3f %s\n", name, value, unit)
}

// load runs work on clients at once for the given time and returns what was done, in order of duration.
func load(t testing.TB, clients int, during time.Duration, work func(client, turn int) error) []time.Duration {
	t.Helper()
	var lock sync.Mutex
	var all sync.WaitGroup
	var took []time.Duration
	var fault error
	end := time.Now().Add(during)
	for c := range clients {
		all.Go(func() {
			var mine []time.Duration
			for turn := 0; time.Now().Before(end); turn++ {
				began := time.Now()
				if err := work(c, turn); err != nil {
					lock.Lock()
					fault = cmp.Or(fault, err)
					lock.Unlock()
					return
				}
				mine = append(mine, time.Since(began))
			}
			lock.Lock()
			took = append(took, mine...)
			lock.Unlock()
		})
	}
	all.Wait()
	require.NoError(t, fault)
	require.NotEmpty(t, took)
	slices.Sort(took)
	return took
}

// caller posts one request after another over a connection of its own. It shares the cores with what it measures, so it has no goroutine
// beside it and takes of an answer only what is asked for.
type caller struct {
	world *world
	conn  net.Conn
	read  *bufio.Reader
	write *bufio.Writer
}

// posting is work of clients that each have a caller, which dials at the beginning of a round: the server may have ended a connection that was
// idle while the other side was measured.
func (w *world) posting(clients int, work func(call *caller, client int) error) func(client, turn int) error {
	callers := make([]*caller, clients)
	for i := range callers {
		callers[i] = &caller{world: w}
		w.t.Cleanup(callers[i].hangUp)
	}
	return func(client, turn int) error {
		if turn == 0 {
			if err := callers[client].dial(); err != nil {
				return err
			}
		}
		return work(callers[client], client)
	}
}

func (c *caller) dial() error {
	c.hangUp()
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.world.url, "http://"))
	if err != nil {
		return err
	}
	c.conn, c.read, c.write = conn, bufio.NewReader(conn), bufio.NewWriter(conn)
	return nil
}

func (c *caller) hangUp() {
	if c.conn != nil {
		_ = c.conn.Close()
	}
}

// post sends body, or none where it is nil, and reads the answer into into, which nil leaves unread. Another status is an error.
func (c *caller) post(status int, path string, body, into any) error {
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return err
		}
	}
	request, err := http.NewRequestWithContext(c.world.t.Context(), http.MethodPost, c.world.url+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+c.world.token)
	request.Header.Set("Idempotency-Key", uuid.NewString())
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if err := request.Write(c.write); err != nil {
		return err
	}
	if err := c.write.Flush(); err != nil {
		return err
	}
	response, err := http.ReadResponse(c.read, request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != status {
		return fmt.Errorf("%s: %d %s", path, response.StatusCode, answer)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}

func quantile(sorted []time.Duration, q float64) time.Duration {
	return sorted[min(len(sorted)-1, int(float64(len(sorted))*q))]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	if n%2 == 1 {
		return values[n/2]
	}
	return (values[n/2-1] + values[n/2]) / 2
}

// analyze does what autovacuum does within a minute of a database's life: until then the plans made for empty tables stay, those of
// foreign keys among them.
func (w *world) analyze() {
	w.t.Helper()
	_, err := w.db.Owner.ExecContext(w.t.Context(), `ANALYZE`)
	require.NoError(w.t, err)
}

// paired measures ours against bare in alternating rounds and prints the median ratio of their rates, and p50 and p99 of both.
func (w *world) paired(name string, clients int, ours, bare func(client, turn int) error) {
	t := w.t
	t.Helper()
	load(t, clients, benchSeconds/4, ours)
	load(t, clients, benchSeconds/4, bare)
	w.analyze()
	var ratios []float64
	var oursAll, bareAll []time.Duration
	for range benchRounds {
		o := load(t, clients, benchSeconds, ours)
		b := load(t, clients, benchSeconds, bare)
		ratios = append(ratios, float64(len(o))/float64(len(b)))
		oursAll, bareAll = append(oursAll, o...), append(bareAll, b...)
	}
	slices.Sort(oursAll)
	slices.Sort(bareAll)
	seconds := benchSeconds.Seconds() * float64(benchRounds)
	figure(name, median(ratios), "ratio")
	figure(name+"_min", ratios[0], "ratio")
	figure(name+"_max", ratios[len(ratios)-1], "ratio")
	figure(name+"_ours_per_s", float64(len(oursAll))/seconds, "1/s")
	figure(name+"_bare_per_s", float64(len(bareAll))/seconds, "1/s")
	figure(name+"_ours_p50", milliseconds(quantile(oursAll, 0.5)), "ms")
	figure(name+"_ours_p99", milliseconds(quantile(oursAll, 0.99)), "ms")
	figure(name+"_bare_p50", milliseconds(quantile(bareAll, 0.5)), "ms")
	figure(name+"_bare_p99", milliseconds(quantile(bareAll, 0.99)), "ms")
}
