package api

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLANAuthorityIsHandedOutSafely(t *testing.T) {
	t.Parallel()
	s := newRouter(t)
	require.Equal(t, http.StatusNotFound, ask(t, s, http.MethodGet, lanAuthorityPath).Code)
	s, err := New(Options{Keys: s.keys, Telemetry: s.telemetry, LANAuthority: []byte("the certificate")})
	require.NoError(t, err)
	get := func(from string, state *tls.ConnectionState) *httptest.ResponseRecorder {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, lanAuthorityPath, nil)
		request.RemoteAddr, request.TLS = from, state
		recorder := httptest.NewRecorder()
		s.ServeHTTP(recorder, request)
		return recorder
	}
	require.Equal(t, http.StatusForbidden, get("192.168.1.7:4711", nil).Code)
	require.Equal(t, "the certificate", get("192.168.1.7:4711", &tls.ConnectionState{}).Body.String())
	local := get("127.0.0.1:4711", nil)
	require.Equal(t, "the certificate", local.Body.String())
	require.Equal(t, "application/x-x509-ca-cert", local.Header().Get("Content-Type"))
}
