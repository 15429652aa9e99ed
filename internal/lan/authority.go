package lan

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	authorityLifetime = 10 * 365 * 24 * time.Hour
	leafLifetime      = 365 * 24 * time.Hour
	renewBefore       = 30 * 24 * time.Hour
	backdate          = time.Hour // a phone's clock may be behind
)

// Authority vouches for this machine on its local network. It is made once, ECDSA on P-256, and its key never leaves its folder.
type Authority struct {
	dir         string
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// Open reads the authority of a folder, or makes one there; only the owner can read the folder.
func Open(dir string, now time.Time) (*Authority, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("lan: %w", err)
	}
	a := &Authority{dir: dir}
	pair, err := tls.LoadX509KeyPair(a.File(), filepath.Join(dir, "ca.key"))
	if errors.Is(err, fs.ErrNotExist) {
		return a, a.create(now)
	}
	if err != nil {
		return nil, fmt.Errorf("lan: the authority in %s cannot be read; remove the folder to have another made: %w", dir, err)
	}
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok || !pair.Leaf.IsCA {
		return nil, fmt.Errorf("lan: %s holds no authority of ours; remove the folder to have one made", dir)
	}
	if !now.Before(pair.Leaf.NotAfter.Add(-leafLifetime)) {
		return a, a.create(now) // what it would sign would outlive it
	}
	a.certificate, a.key = pair.Leaf, key
	return a, nil
}

// File is the path of the authority's certificate, which devices install.
func (a *Authority) File() string { return filepath.Join(a.dir, "ca.crt") }

// PEM is the authority's certificate.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})
}

// Fingerprint is the SHA-256 of the authority's certificate as devices show it, to be compared before it is trusted.
func (a *Authority) Fingerprint() string {
	sum := sha256.Sum256(a.certificate.Raw)
	pairs := make([]string, len(sum))
	for i, b := range sum {
		pairs[i] = fmt.Sprintf("%02X", b)
	}
	return strings.Join(pairs, ":")
}

// Certificate returns one for these addresses and localhost. The last one is used again while it is good for a month more and names
// them all.
func (a *Authority) Certificate(addresses []netip.Addr, now time.Time) (tls.Certificate, error) {
	for _, address := range addresses {
		if err := Check(address); err != nil {
			return tls.Certificate{}, fmt.Errorf("lan: %w", err)
		}
	}
	file, keyFile := filepath.Join(a.dir, "leaf.crt"), filepath.Join(a.dir, "leaf.key")
	if pair, err := tls.LoadX509KeyPair(file, keyFile); err == nil && a.serves(pair.Leaf, addresses, now) {
		return pair, nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := template("Mainstay", now, leafLifetime)
	template.KeyUsage, template.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	template.DNSNames = []string{"localhost"}
	for _, address := range withLoopback(addresses) {
		template.IPAddresses = append(template.IPAddresses, net.IP(address.AsSlice()))
	}
	if err := write(file, keyFile, template, a.certificate, key, a.key); err != nil {
		return tls.Certificate{}, err
	}
	return tls.LoadX509KeyPair(file, keyFile)
}

func (a *Authority) serves(leaf *x509.Certificate, addresses []netip.Addr, now time.Time) bool {
	if leaf.CheckSignatureFrom(a.certificate) != nil || now.Before(leaf.NotBefore) || now.Add(renewBefore).After(leaf.NotAfter) {
		return false
	}
	return !slices.ContainsFunc(withLoopback(addresses), func(address netip.Addr) bool { return leaf.VerifyHostname(address.String()) != nil })
}

func withLoopback(addresses []netip.Addr) []netip.Addr {
	return append(slices.Clone(addresses), netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1"))
}

func (a *Authority) create(now time.Time) (err error) {
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return err
	}
	host, err := os.Hostname()
	if err != nil {
		host = "this machine"
	}
	t := template("Mainstay on "+host, now, authorityLifetime)
	t.IsCA, t.BasicConstraintsValid, t.MaxPathLenZero = true, true, true
	t.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	t.PermittedDNSDomainsCritical, t.PermittedDNSDomains = true, []string{"localhost"}
	for _, network := range networks {
		t.PermittedIPRanges = append(t.PermittedIPRanges, &net.IPNet{
			IP: network.Addr().AsSlice(), Mask: net.CIDRMask(network.Bits(), network.Addr().BitLen()),
		})
	}
	if err := write(a.File(), filepath.Join(a.dir, "ca.key"), t, t, a.key, a.key); err != nil {
		return err
	}
	text, err := os.ReadFile(a.File())
	if err != nil {
		return err
	}
	block, _ := pem.Decode(text)
	a.certificate, err = x509.ParseCertificate(block.Bytes)
	return err
}

func template(name string, now time.Time, lifetime time.Duration) *x509.Certificate {
	serial := make([]byte, 16)
	_, _ = rand.Read(serial)
	return &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial), Subject: pkix.Name{CommonName: name, Organization: []string{"Mainstay local network"}},
		NotBefore: now.Add(-backdate), NotAfter: now.Add(lifetime),
	}
}

// write signs t and writes key and certificate, the key first: a certificate without its key would be found and not work.
func write(file, keyFile string, t, parent *x509.Certificate, key, signer *ecdsa.PrivateKey) error {
	signed, err := x509.CreateCertificate(rand.Reader, t, parent, &key.PublicKey, signer)
	if err != nil {
		return fmt.Errorf("lan: sign a certificate: %w", err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600),
		os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}), 0o600),
	)
}
