// Package lan serves the local network: the machine's address there, a certificate authority of its own for TLS, and the QR code
// with which a phone opens a page. Cameras, service workers and __Host- cookies need a secure context even in a workshop.
package lan
