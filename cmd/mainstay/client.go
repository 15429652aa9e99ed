package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"
)

// remote is the API of a running installation, as the subcommands that work over it take it.
type remote struct {
	URL   string `env:"MAINSTAY_URL" default:"http://127.0.0.1:8080" help:"Address of the API."`
	Token string `env:"MAINSTAY_TOKEN" required:"" help:"Access token or API token."`
}

// problem is what the API answers when it refuses.
type problem struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Errors []struct {
		Pointer string `json:"pointer"`
		Detail  string `json:"detail"`
	} `json:"errors"`
}

func (p *problem) Error() string {
	var text strings.Builder
	text.WriteString(p.Detail)
	for _, e := range p.Errors {
		text.WriteString("\n  " + e.Pointer + ": " + e.Detail)
	}
	return text.String()
}

const (
	remoteTries = 5
	remotePause = 2 * time.Second
)

// send makes one request; body is called for each try, because a 503 is answered by the same request with the same key. The
// caller closes the response's body.
func (r remote) send(ctx context.Context, method, path, contentType string, body func() (io.ReadCloser, error)) (*http.Response, error) {
	key := uuid.NewString()
	for try := 1; ; try++ {
		response, err := r.sendOnce(ctx, method, path, contentType, key, body)
		passing := err != nil || response.StatusCode == http.StatusServiceUnavailable
		if !passing || try == remoteTries {
			return answered(response, err)
		}
		if response != nil {
			_ = response.Body.Close()
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(remotePause):
		}
	}
}

func (r remote) sendOnce(
	ctx context.Context, method, path, contentType, key string, body func() (io.ReadCloser, error),
) (*http.Response, error) {
	var content io.ReadCloser
	if body != nil {
		var err error
		if content, err = body(); err != nil {
			return nil, err
		}
		defer func() { _ = content.Close() }()
	}
	request, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(r.URL, "/")+path, content)
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	request.Header.Set("Authorization", "Bearer "+r.Token)
	if body != nil {
		request.Header.Set("Content-Type", contentType)
	}
	if method == http.MethodPost {
		request.Header.Set("Idempotency-Key", key)
	}
	return http.DefaultClient.Do(request)
}

// answered turns refusals and lost connections into errors with the exit code that fits.
func answered(response *http.Response, err error) (*http.Response, error) {
	if err != nil {
		if _, known := errors.AsType[*exitError](err); known {
			return nil, err
		}
		return nil, &exitError{exitDependency, fmt.Errorf("the API is away: %w", err)}
	}
	if response.StatusCode < http.StatusBadRequest {
		return response, nil
	}
	defer func() { _ = response.Body.Close() }()
	p := &problem{Status: response.StatusCode}
	if err := json.NewDecoder(response.Body).Decode(p); err != nil || p.Detail == "" {
		p.Detail = "The API answered " + response.Status + "."
	}
	code := exitFound
	if response.StatusCode == http.StatusServiceUnavailable {
		code = exitDependency
	}
	return nil, &exitError{code, p}
}

// call sends JSON and reads JSON.
func (r remote) call(ctx context.Context, method, path string, in, out any) error {
	var body func() (io.ReadCloser, error)
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
	}
	response, err := r.send(ctx, method, path, "application/json", body)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	return json.NewDecoder(response.Body).Decode(out)
}

const followEvery = 200 * time.Millisecond

// again reads what lies at path once more, a moment later.
func (r remote) again(ctx context.Context, path string, out any) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(followEvery):
	}
	return r.call(ctx, http.MethodGet, path, nil, out)
}

// carryOut asks for an operation of the installation and follows it until it is over.
func carryOut[T interface {
	progress() (id uuid.UUID, status string)
}](ctx context.Context, r remote, path string, asked map[string]any) (T, error) {
	var is T
	err := r.call(ctx, http.MethodPost, path, asked, &is)
	for err == nil {
		id, status := is.progress()
		if status == "completed" || status == "failed" {
			return is, nil
		}
		err = r.again(ctx, path+"/"+id.String(), &is)
	}
	return is, err
}

// progress draws one line over and over where a person watches; elsewhere it is silent.
type progress struct {
	out     io.Writer
	watched bool
}

func newProgress() progress {
	info, err := os.Stderr.Stat()
	return progress{out: os.Stderr, watched: err == nil && info.Mode()&os.ModeCharDevice != 0}
}

func (p progress) draw(label string, done, total int, rest string) {
	if !p.watched {
		return
	}
	const width = 30
	filled := 0
	if total > 0 {
		filled = min(width, done*width/total)
	}
	_, _ = fmt.Fprintf(p.out, "\r\033[K%-10s [%s%s] %d/%d %s", label, strings.Repeat("#", filled), strings.Repeat(".", width-filled), done, total, rest)
}

// say is draw for what has no end that is known.
func (p progress) say(format string, args ...any) {
	if p.watched {
		_, _ = fmt.Fprintf(p.out, "\r\033[K"+format, args...)
	}
}

func (p progress) end() {
	if p.watched {
		_, _ = fmt.Fprintln(p.out)
	}
}
