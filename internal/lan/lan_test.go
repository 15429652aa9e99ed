package lan

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var here = netip.MustParseAddr("127.0.0.2")

func TestDevicesThatTrustTheAuthorityTrustTheServer(t *testing.T) {
	dir, now := filepath.Join(t.TempDir(), "lan"), time.Now()
	authority, err := Open(dir, now)
	require.NoError(t, err)
	certificate, err := authority.Certificate([]netip.Addr{here}, now)
	require.NoError(t, err)
	for _, name := range []string{"ca.key", "leaf.key"} {
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(authority.PEM()))
	for _, name := range []string{"127.0.0.2", "127.0.0.1", "::1", "localhost"} {
		_, err := certificate.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name})
		require.NoError(t, err, name)
	}
	_, err = certificate.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: "192.168.1.2"})
	require.Error(t, err)

	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	require.NoError(t, err)
	answer, err := client.Do(request)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
}

func TestAuthorityStaysAndItsCertificateIsRenewed(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	first, err := Open(dir, now)
	require.NoError(t, err)
	leaf, err := first.Certificate([]netip.Addr{here}, now)
	require.NoError(t, err)
	again, err := Open(dir, now)
	require.NoError(t, err)
	require.Equal(t, first.Fingerprint(), again.Fingerprint())
	require.Regexp(t, `^([0-9A-F]{2}:){31}[0-9A-F]{2}$`, again.Fingerprint())
	serial := func(addresses []netip.Addr, at time.Time) string {
		c, err := again.Certificate(addresses, at)
		require.NoError(t, err)
		return c.Leaf.SerialNumber.String()
	}
	was := leaf.Leaf.SerialNumber.String()
	require.Equal(t, was, serial([]netip.Addr{here}, now.Add(leafLifetime-renewBefore-time.Hour)))
	late := serial([]netip.Addr{here}, now.Add(leafLifetime-renewBefore+time.Hour))
	require.NotEqual(t, was, late)
	moved := serial([]netip.Addr{netip.MustParseAddr("127.0.0.3")}, now)
	require.NotEqual(t, late, moved, "the machine has another address")
	old, err := Open(dir, now.Add(authorityLifetime-leafLifetime+time.Hour))
	require.NoError(t, err)
	require.NotEqual(t, first.Fingerprint(), old.Fingerprint())
}

func TestAuthorityIsForLocalNetworksOnly(t *testing.T) {
	dir := t.TempDir()
	authority, err := Open(dir, time.Now())
	require.NoError(t, err)
	_, err = authority.Certificate([]netip.Addr{netip.MustParseAddr("192.0.2.7")}, time.Now())
	require.ErrorContains(t, err, "local network")
	require.True(t, authority.certificate.PermittedDNSDomainsCritical)
	require.Len(t, authority.certificate.PermittedIPRanges, len(networks))
	require.NoError(t, Check(netip.MustParseAddr("::ffff:192.168.7.1")))

	require.NoError(t, os.WriteFile(authority.File(), []byte("x"), 0o600))
	_, err = Open(dir, time.Now())
	require.ErrorContains(t, err, "remove the folder")
}

func TestQRCodeIsSquare(t *testing.T) {
	code, err := QRCode("https://192.168.1.20:8443")
	require.NoError(t, err)
	lines := strings.Split(strings.TrimRight(code, "\n"), "\n")
	width := len([]rune(strings.TrimSuffix(strings.TrimPrefix(lines[0], "\x1b[30;107m"), "\x1b[0m")))
	require.Len(t, lines, (width+1)/2)
	require.Contains(t, code, "█")
	_, err = QRCode(strings.Repeat("x", 5000))
	require.Error(t, err)
}
