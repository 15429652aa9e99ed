package stack

import (
	"net"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFreePortsAreForWhoAsksByNumber(t *testing.T) {
	ports, err := FreePorts(1)
	require.NoError(t, err)
	fresh := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error { // as the kernel sees a port that it picks itself
		var option error
		err := c.Control(func(fd uintptr) { option = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 0) })
		if err != nil {
			return err
		}
		return option
	}}
	_, err = fresh.Listen(t.Context(), "tcp", loopback(ports[0]))
	require.ErrorIs(t, err, syscall.EADDRINUSE)
	require.NoError(t, checkFree("postgres", loopback(ports[0]), "MAINSTAY_POSTGRES_PORT"))
}
