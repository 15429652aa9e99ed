package stack

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
)

// FreePorts returns n ports of 127.0.0.1, all different, for servers that start within a minute: as long the kernel gives them to nobody
// who asks for any port. A server that asks for one by its number gets it.
func FreePorts(n int) ([]int, error) {
	ports := make([]int, 0, n)
	held := make([]net.Listener, 0, n) // until all are found, or the same port comes twice
	defer func() {
		for _, l := range held {
			l.Close()
		}
	}()
	for range n {
		l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			return nil, err
		}
		held = append(held, l)
		address := l.Addr().(*net.TCPAddr) //nolint:forcetypeassert // a TCP listener has no other
		if err := linger(l, address); err != nil {
			return nil, err
		}
		ports = append(ports, address.Port)
	}
	return ports, nil
}

// linger leaves a closed connection on the listener's port, which the kernel remembers for a minute (TIME_WAIT) on the side that closes
// first.
func linger(l net.Listener, address *net.TCPAddr) error {
	client, err := net.DialTCP("tcp", nil, address)
	if err != nil {
		return err
	}
	defer client.Close()
	server, err := l.Accept()
	if err != nil {
		return err
	}
	if err := server.Close(); err != nil {
		return err
	}
	if _, err := client.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		return fmt.Errorf("a connection to %s did not end: %w", address, err)
	}
	return nil
}

// checkFree tells whether a part can listen on addr, and which setting moves it where it cannot.
func checkFree(part, addr, setting string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("%s cannot listen on %s (%w): stop what holds it or set %s to another address", part, addr, err, setting)
	}
	return l.Close()
}

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
