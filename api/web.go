package api

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"

	"mainstay/models"
)

const (
	webIndex = "index.html"
	// webHashed is where files have the hash of their content in their names.
	webHashed = "_static/"
	// webFont is how the name of the type begins: the part of it that covers Western Europe.
	webFont = "InterVariable-subset-"
	// webStack stands in the index where it says whether a stack of the asker's machine serves it.
	webStack = "__STACK__"
	// webNonce stands in the index wherever the nonce of an answer belongs.
	webNonce = "__CSP_NONCE__"
)

// notWeb are the first segments of paths that belong to the server, whether there is anything or not.
var notWeb = map[string]bool{
	"v1": true, "docs": true, "openapi.json": true, "livez": true, "readyz": true, "metrics": true, ".well-known": true, "approve": true,
	"lan-ca.crt": true,
}

// webPolicy lets the frontend load nothing but its own files and what its nonce vouches for. Mantine positions with style
// attributes, which carry no nonce.
const webPolicy = "default-src 'none'; script-src 'self' 'nonce-%[1]s'; style-src 'self' 'nonce-%[1]s'; style-src-attr 'unsafe-inline'; " +
	"img-src 'self' data: blob:%[2]s; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; media-src 'self' blob:; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'; report-uri " + cspReportPath + "; report-to csp"

// webFiles is the frontend: its index, which answers every path that is nothing else, and the files beside it.
type webFiles struct {
	index []byte
	// storage is a blank and the origin that pictures come from where browsers reach the storage; empty where they do not.
	storage string
	files   map[string]webFile // by path without the leading slash
	// font is the path of the type, which pages beside the frontend are set in; empty where it has none.
	font string
}

// webFile is one file as it is sent, compressed at build time where that is worth it.
type webFile struct {
	contentType  string
	etag         string
	plain        []byte
	brotli, gzip []byte // nil where there is none
}

// newWebFiles reads the frontend into memory; nil where files is. storage is the origin of the files that downloads lead to.
func newWebFiles(files fs.FS, storage string) (*webFiles, error) {
	if files == nil {
		return nil, nil //nolint:nilnil // built without a frontend
	}
	index, err := fs.ReadFile(files, webIndex)
	if err != nil {
		return nil, fmt.Errorf("api: the frontend has no index: %w", err)
	}
	w := &webFiles{index: index, files: map[string]webFile{}}
	if storage != "" {
		w.storage = " " + storage
	}
	return w, fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		extension := path.Ext(name)
		if err != nil || entry.IsDir() || name == webIndex || extension == ".br" || extension == ".gz" {
			return err
		}
		if strings.HasPrefix(path.Base(name), webFont) {
			w.font = "/" + name
		}
		w.files[name], err = readWebFile(files, name)
		return err
	})
}

func readWebFile(files fs.FS, name string) (webFile, error) {
	plain, err := fs.ReadFile(files, name)
	if err != nil {
		return webFile{}, err
	}
	sum := sha256.Sum256(plain)
	f := webFile{contentType: webContentType(name), etag: hex.EncodeToString(sum[:16]), plain: plain}
	for suffix, compressed := range map[string]*[]byte{".br": &f.brotli, ".gz": &f.gzip} {
		if *compressed, err = fs.ReadFile(files, name+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return webFile{}, err
		}
	}
	return f, nil
}

// webContentType does not ask the machine's own table, which differs between machines.
func webContentType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".html":
		return "text/html; charset=utf-8"
	case ".txt":
		return "text/plain; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".webp":
		return "image/webp"
	case ".ico":
		return "image/x-icon"
	case ".woff2":
		return "font/woff2"
	case ".json", ".map":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".wasm":
		return "application/wasm"
	}
	return "application/octet-stream"
}

// unknownPath answers what no route does: a file of the frontend, its index for a page that it may know, or a problem.
func (s *Server) unknownPath(c *gin.Context) {
	if s.web != nil && (c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead) {
		name := strings.TrimPrefix(c.Request.URL.Path, "/")
		if file, ok := s.web.files[name]; ok {
			file.send(c, strings.HasPrefix(name, webHashed))
			return
		}
		if isWebPage(name, c.GetHeader("Accept")) {
			s.web.sendIndex(c, s.startsFor(c.ClientIP()))
			return
		}
	}
	writeProblem(c, newProblem(http.StatusNotFound, models.CodeNotFound, "There is nothing at this path.", requestID(c)))
}

func isWebPage(name, accept string) bool {
	first, _, _ := strings.Cut(name, "/")
	return name == "" || !notWeb[first] && !strings.HasPrefix(name, webHashed) && strings.Contains(accept, "text/html")
}

// sendIndex never lets an answer be used again: its nonce is good once. here says that a stack of the asker's own machine serves it.
func (w *webFiles) sendIndex(c *gin.Context, here bool) {
	nonce, stack := rand.Text(), "elsewhere"
	if here {
		stack = "here"
	}
	page := bytes.ReplaceAll(w.index, []byte(webNonce), []byte(nonce))
	header := c.Writer.Header()
	header.Set("Content-Security-Policy", fmt.Sprintf(webPolicy, nonce, w.storage))
	header.Set("Reporting-Endpoints", `csp="`+cspReportPath+`"`)
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=(), usb=()")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Cache-Control", "no-cache")
	header.Set("Vary", "Accept")
	c.Data(http.StatusOK, "text/html; charset=utf-8", bytes.ReplaceAll(page, []byte(webStack), []byte(stack)))
}

// send answers with the smallest form that the client takes. A hashed name is good for ever, any other is asked about each time.
func (f webFile) send(c *gin.Context, hashed bool) {
	header := c.Writer.Header()
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Vary", "Accept-Encoding")
	body, etag := f.plain, `"`+f.etag+`"`
	accepted := c.GetHeader("Accept-Encoding")
	switch {
	case f.brotli != nil && takesEncoding(accepted, "br"):
		body, etag = f.brotli, `"`+f.etag+`-br"`
		header.Set("Content-Encoding", "br")
	case f.gzip != nil && takesEncoding(accepted, "gzip"):
		body, etag = f.gzip, `"`+f.etag+`-gzip"`
		header.Set("Content-Encoding", "gzip")
	}
	header.Set("Cache-Control", "no-cache")
	if hashed {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	header.Set("ETag", etag)
	if c.GetHeader("If-None-Match") == etag {
		header.Del("Content-Encoding")
		c.Status(http.StatusNotModified)
		return
	}
	c.Data(http.StatusOK, f.contentType, body)
}

// takesEncoding reads Accept-Encoding (RFC 9110, 12.5.3) as far as browsers and proxies use it: a name, refused by q=0.
func takesEncoding(accepted, name string) bool {
	for one := range strings.SplitSeq(accepted, ",") {
		coding, weight, _ := strings.Cut(one, ";")
		if strings.TrimSpace(coding) == name {
			q := strings.TrimPrefix(strings.TrimSpace(weight), "q=")
			return q == "" || strings.Trim(q, "0.") != ""
		}
	}
	return false
}
