package mail

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const letter = "From: =?utf-8?q?J=C3=BCrgen?= <from@example.com>\r\n" +
	"To: First <one@example.com>\r\n" +
	"Subject: =?utf-8?b?R3LDvMOfZQ==?=\r\n" +
	"Message-ID: <a1@example.com>\r\n" +
	"Date: Tue, 03 Nov 2026 10:00:00 +0100\r\n" +
	"MIME-Version: 1.0\r\n" +
	"Content-Type: multipart/mixed; boundary=outer\r\n\r\n" +
	"--outer\r\nContent-Type: multipart/alternative; boundary=inner\r\n\r\n" +
	"--inner\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe an alle\r\n" +
	"--inner\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+R3LDvMOfZTwvYj4=\r\n" +
	"--inner--\r\n" +
	"--outer\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n1,2,3\r\n" +
	"--outer--\r\n"

func get(t *testing.T, h http.Handler, path string, status int) []byte {
	t.Helper()
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	require.Equal(t, status, answer.Code)
	return answer.Body.Bytes()
}

func TestMessageKeepsMailpitsShape(t *testing.T) {
	b := &box{}
	require.NoError(t, b.catch("bounce@example.com", []string{"one@example.com", "hidden@example.com"}, []byte(letter)))
	h := newHandler(b)

	var page list
	require.NoError(t, json.Unmarshal(get(t, h, "/api/v1/messages", http.StatusOK), &page))
	require.Equal(t, 1, page.Total)
	require.Len(t, page.Messages, 1)
	require.Equal(t, "Grüße", page.Messages[0].Subject)
	require.Equal(t, "Grüße an alle", page.Messages[0].Snippet)
	require.Equal(t, 1, page.Messages[0].Attachments)

	var m Message
	require.NoError(t, json.Unmarshal(get(t, h, "/api/v1/message/"+page.Messages[0].ID, http.StatusOK), &m))
	require.Equal(t, Address{Name: "Jürgen", Address: "from@example.com"}, m.From)
	require.Equal(t, []Address{{Name: "First", Address: "one@example.com"}}, m.To)
	require.Equal(t, []Address{{Address: "hidden@example.com"}}, m.Bcc)
	require.Equal(t, "bounce@example.com", m.ReturnPath)
	require.Equal(t, "a1@example.com", m.MessageID)
	require.Equal(t, "Grüße an alle", strings.TrimSpace(m.Text))
	require.Equal(t, "<b>Grüße</b>", m.HTML)
	require.Equal(t, []Attachment{{PartID: "1.2", FileName: "a.csv", ContentType: "text/csv", Size: 5}}, m.Attachments)
	require.Equal(t, letter, string(get(t, h, "/api/v1/message/latest/raw", http.StatusOK)))
}

func TestUnknownMessageIsNotFound(t *testing.T) {
	h := newHandler(&box{})
	get(t, h, "/api/v1/message/latest", http.StatusNotFound)
	get(t, h, "/view/none", http.StatusNotFound)
}

func TestPageEscapesWhatWasCaught(t *testing.T) {
	b := &box{}
	evil := "From: a@example.com\r\nTo: b@example.com\r\nSubject: <script>alert(1)</script>\r\nContent-Type: text/html\r\n\r\n\"><script>alert(2)</script>"
	require.NoError(t, b.catch("a@example.com", []string{"b@example.com"}, []byte(evil)))
	h := newHandler(b)
	require.NotContains(t, string(get(t, h, "/", http.StatusOK)), "<script>")
	require.NotContains(t, string(get(t, h, "/view/latest", http.StatusOK)), "<script>")
}

func TestListGoesFromNewestToOldest(t *testing.T) {
	b := &box{}
	for i := range 5 {
		require.NoError(t, b.catch("", nil, fmt.Appendf(nil, "Subject: %d\r\n\r\n", i)))
	}
	total, page := b.list(1, 2)
	require.Equal(t, 5, total)
	require.Equal(t, []string{"3", "2"}, []string{page[0].Subject, page[1].Subject})
	_, page = b.list(99, 2)
	require.Empty(t, page)
}

func TestBoxLetsGoOfTheOldest(t *testing.T) {
	b := &box{}
	for i := range maxMessages + 1 {
		require.NoError(t, b.catch("", nil, fmt.Appendf(nil, "Subject: %d\r\n\r\n", i)))
	}
	total, page := b.list(maxMessages-1, 10)
	require.Equal(t, maxMessages, total)
	require.Equal(t, "1", page[0].Subject)

	big := append([]byte("Subject: big\r\n\r\n"), make([]byte, maxBytes)...)
	require.NoError(t, b.catch("", nil, big))
	total, _ = b.list(0, 1)
	require.Equal(t, 1, total)
}

func TestRemoveTakesTheNamedOrAll(t *testing.T) {
	b := &box{}
	h := newHandler(b)
	for range 3 {
		require.NoError(t, b.catch("", nil, []byte("Subject: x\r\n\r\n")))
	}
	_, page := b.list(0, 1)
	remove := func(body io.Reader) int {
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodDelete, "/api/v1/messages", body))
		return answer.Code
	}
	require.Equal(t, http.StatusOK, remove(strings.NewReader(`{"IDs":["`+page[0].ID+`"]}`)))
	total, _ := b.list(0, 1)
	require.Equal(t, 2, total)
	require.Equal(t, http.StatusBadRequest, remove(strings.NewReader(`{"IDs":`)))
	require.Equal(t, http.StatusOK, remove(nil))
	total, _ = b.list(0, 1)
	require.Zero(t, total)
}

func TestServeCatchesMailOverSMTPAndStops(t *testing.T) {
	b := &box{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := newSMTPServer(b)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	addr := listener.Addr().String()
	require.NoError(t, smtp.SendMail(addr, nil, "from@example.com", []string{"one@example.com"}, []byte(letter)))
	require.ErrorContains(t, smtp.SendMail(addr, nil, "from@example.com", []string{"one@example.com"}, []byte("no header at all")), "554")
	total, _ := b.list(0, 1)
	require.Equal(t, 1, total)
	require.NoError(t, server.Close())
	<-ended

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, Serve(ctx, "127.0.0.1:0", "127.0.0.1:0"))
}

func TestServeNamesAnAddressThatIsTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	require.ErrorContains(t, Serve(t.Context(), "127.0.0.1:0", taken.Addr().String()), "address already in use")
}
