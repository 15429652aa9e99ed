package api

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"mainstay/internal/blob"
)

// linkLifetime is how long a link into the storage is good: long enough to follow it.
const linkLifetime = time.Minute

// filePath names a record whose file is asked for.
type filePath struct {
	ID      uuid.UUID `path:"id"`
	browser bool
}

// Resolve implements huma.Resolver. Who signs in with a header would send it on to the storage, which takes one way to sign in only.
func (in *filePath) Resolve(hc huma.Context) []error {
	in.browser = hc.Header("Authorization") == ""
	return nil
}

// download sends a stored file, to be saved under filename: streamed or, to a browser that reaches the storage, by a link (303).
func (s *Server) download(ctx context.Context, in *filePath, key, filename, contentType string) (*huma.StreamResponse, error) {
	parsed, err := blob.ParseKey(key)
	if err != nil {
		return nil, err
	}
	link, direct, err := s.blob.PresignGet(ctx, parsed, filename, linkLifetime)
	if err != nil {
		return nil, err
	}
	if direct && in.browser {
		return &huma.StreamResponse{Body: func(hc huma.Context) {
			hc.SetHeader("Location", link)
			hc.SetHeader("Cache-Control", "no-store")
			hc.SetStatus(http.StatusSeeOther)
		}}, nil
	}
	file, object, err := s.blob.Get(ctx, parsed)
	if err != nil {
		return nil, err
	}
	return s.sendFile(ctx, filename, contentType, object.Size, file), nil
}

// sendDocument sends a file that was made for the request.
func (s *Server) sendDocument(ctx context.Context, filename, contentType string, content []byte) *huma.StreamResponse {
	return s.sendFile(ctx, filename, contentType, int64(len(content)), io.NopCloser(bytes.NewReader(content)))
}

// sendFile streams a file of that size, to be saved under filename, and closes it.
func (s *Server) sendFile(ctx context.Context, filename, contentType string, size int64, file io.ReadCloser) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer func() { _ = file.Close() }()
		hc.SetHeader("Content-Type", contentType)
		hc.SetHeader("Content-Length", strconv.FormatInt(size, 10))
		hc.SetHeader("Content-Disposition", blob.Disposition(filename))
		if _, err := io.Copy(hc.BodyWriter(), file); err != nil {
			s.telemetry.Logger.WarnContext(ctx, "a download broke off", "error", err)
		}
	}}
}
