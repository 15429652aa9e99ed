package lan

import (
	"fmt"
	"net"
	"net/netip"
)

// networks are those that are nobody's on the internet (RFC 1918, 3927, 4193, 6598), and this machine. The authority may vouch for
// no other, so that its key is worth nothing elsewhere.
var networks = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("127.0.0.0/8"),
	netip.MustParsePrefix("fc00::/7"), netip.MustParsePrefix("fe80::/10"), netip.MustParsePrefix("::1/128"),
}

// Address returns this machine's address on its local network. It sends nothing: a datagram socket that is connected has the source
// that packets would take.
func Address() (netip.Addr, error) {
	connection, err := net.Dial("udp4", "192.0.2.1:9") //nolint:noctx // nothing is waited for
	if err != nil {
		return netip.Addr{}, fmt.Errorf("this machine is on no network: %w", err)
	}
	defer func() { _ = connection.Close() }()
	local, err := netip.ParseAddrPort(connection.LocalAddr().String())
	if err != nil {
		return netip.Addr{}, err
	}
	return local.Addr().Unmap(), Check(local.Addr())
}

// Check refuses an address that is not one of a local network.
func Check(address netip.Addr) error {
	for _, network := range networks {
		if network.Contains(address.Unmap()) {
			return nil
		}
	}
	return fmt.Errorf("%s is an address of the internet: only a local network is served this way", address)
}
