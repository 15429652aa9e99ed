package main

import (
	"crypto/tls"
	"net/netip"
	"path/filepath"
	"time"

	"mainstay/internal/config"
	"mainstay/internal/lan"
)

// lanPort is where `make run LAN=1` serves the local network.
const lanPort = 8443

// openLAN makes ready what the listener of the local network needs; nil where there is none.
func openLAN(cfg config.Config) (*lan.Authority, *tls.Config, error) {
	if cfg.LANAddr == "" {
		return nil, nil, nil
	}
	address, err := netip.ParseAddrPort(cfg.LANAddr)
	if err != nil {
		return nil, nil, &exitError{exitUsage, err}
	}
	now := time.Now()
	authority, err := lan.Open(filepath.Join(cfg.DataDir, "lan"), now)
	if err != nil {
		return nil, nil, &exitError{exitUsage, err}
	}
	certificate, err := authority.Certificate([]netip.Addr{address.Addr()}, now)
	if err != nil {
		return nil, nil, &exitError{exitUsage, err}
	}
	return authority, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}, nil
}
