package stack

import (
	"fmt"
	"net"
	"strconv"
)

// freePorts returns n ports of 127.0.0.1 that were free a moment ago, all different.
func freePorts(n int) ([]int, error) {
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
		ports = append(ports, l.Addr().(*net.TCPAddr).Port) //nolint:forcetypeassert // a TCP listener has no other address
	}
	return ports, nil
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
