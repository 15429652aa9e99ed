package mail

import (
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"strconv"
)

//go:embed *.html
var pages embed.FS

var templates = template.Must(template.ParseFS(pages, "*.html"))

// list is the shape of Mailpit's `GET /api/v1/messages`.
type list struct {
	Total          int       `json:"total"`
	Unread         int       `json:"unread"`
	Count          int       `json:"count"`
	MessagesCount  int       `json:"messages_count"`
	MessagesUnread int       `json:"messages_unread"`
	Start          int       `json:"start"`
	Tags           []string  `json:"tags"`
	Messages       []Summary `json:"messages"`
}

type handler struct{ box *box }

func newHandler(b *box) http.Handler {
	h := handler{b}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/messages", h.list)
	mux.HandleFunc("DELETE /api/v1/messages", h.remove)
	mux.HandleFunc("GET /api/v1/message/{id}", h.message)
	mux.HandleFunc("GET /api/v1/message/{id}/headers", h.headers)
	mux.HandleFunc("GET /api/v1/message/{id}/raw", h.raw)
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("GET /{$}", h.listPage)
	mux.HandleFunc("GET /view/{id}", h.messagePage)
	return mux
}

func (h handler) list(w http.ResponseWriter, r *http.Request) {
	start, limit := number(r, "start", 0), number(r, "limit", 50)
	total, page := h.box.list(start, limit)
	writeJSON(w, list{
		Total: total, Count: len(page), MessagesCount: total, Unread: total, MessagesUnread: total,
		Start: start, Tags: []string{}, Messages: page,
	})
}

func (h handler) remove(w http.ResponseWriter, r *http.Request) {
	var body struct{ IDs []string }
	if r.ContentLength != 0 {
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	h.box.remove(body.IDs)
	w.Header().Set("Content-Type", "text/plain")
	_, _ = w.Write([]byte("ok"))
}

func (h handler) message(w http.ResponseWriter, r *http.Request) {
	if m, ok := h.find(w, r); ok {
		writeJSON(w, m)
	}
}

func (h handler) headers(w http.ResponseWriter, r *http.Request) {
	if m, ok := h.find(w, r); ok {
		writeJSON(w, m.header)
	}
}

func (h handler) raw(w http.ResponseWriter, r *http.Request) {
	if m, ok := h.find(w, r); ok {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write(m.raw)
	}
}

func (h handler) listPage(w http.ResponseWriter, _ *http.Request) {
	total, page := h.box.list(0, 200)
	render(w, "list.html", map[string]any{"Total": total, "Messages": page})
}

func (h handler) messagePage(w http.ResponseWriter, r *http.Request) {
	if m, ok := h.find(w, r); ok {
		render(w, "message.html", m)
	}
}

func (h handler) find(w http.ResponseWriter, r *http.Request) (*Message, bool) {
	m, ok := h.box.get(r.PathValue("id"))
	if !ok {
		http.Error(w, "Message not found", http.StatusNotFound)
	}
	return m, ok
}

// render writes a page that may load nothing: what was caught comes from anywhere.
func render(w http.ResponseWriter, page string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; form-action 'none'; base-uri 'none'")
	if err := templates.ExecuteTemplate(w, page, data); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func writeJSON(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}

func number(r *http.Request, key string, otherwise int) int {
	n, err := strconv.Atoi(r.URL.Query().Get(key))
	if err != nil || n < 0 {
		return otherwise
	}
	return n
}
