package auth

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func newThrottle(size int) (*Throttle, *clock) {
	at := &clock{at: noon}
	return NewThrottle(Limit{Burst: 3, Every: 30 * time.Second}, Limit{Burst: 5, Every: time.Second}, size, at.now), at
}

func TestThrottleLimitsAnAccount(t *testing.T) {
	throttle, at := newThrottle(100)
	for i := range 3 {
		require.Zero(t, throttle.Take("A@example.com", fmt.Sprintf("192.0.2.%d", i)))
	}
	require.Equal(t, 30*time.Second, throttle.Take(" a@EXAMPLE.com ", "192.0.2.9"))
	require.Zero(t, throttle.Take("b@example.com", "192.0.2.9"))

	at.advance(29 * time.Second)
	require.Equal(t, time.Second, throttle.Take("a@example.com", "192.0.2.9"))
	at.advance(time.Second)
	require.Zero(t, throttle.Take("a@example.com", "192.0.2.9"))
	require.Equal(t, 30*time.Second, throttle.Take("a@example.com", "192.0.2.9"))

	at.advance(time.Hour)
	for range 3 {
		require.Zero(t, throttle.Take("a@example.com", "192.0.2.9"))
	}
	require.NotZero(t, throttle.Take("a@example.com", "192.0.2.9"), "no more flows back than was taken")
}

func TestThrottleLimitsAnAddress(t *testing.T) {
	throttle, at := newThrottle(100)
	for i := range 5 {
		require.Zero(t, throttle.Take(fmt.Sprint(i), "2001:db8::1"))
	}
	require.Equal(t, time.Second, throttle.Take("x", "2001:db8::ffff"), "one IPv6 network is one address")
	require.Zero(t, throttle.Take("x", "2001:db8:0:1::1"))
	require.Zero(t, throttle.Take("x", "192.0.2.1"))
	require.Zero(t, throttle.Take("x", "no address"))
	at.advance(time.Second)
	require.Zero(t, throttle.Take("y", "2001:db8::2%eth0"))

	for i := range 5 {
		require.Zero(t, throttle.Take(fmt.Sprint("mapped", i), "::ffff:198.51.100.7"))
	}
	require.NotZero(t, throttle.Take("z", "198.51.100.7"))
}

func TestThrottleTakesNothingWhereItRefuses(t *testing.T) {
	throttle, at := newThrottle(100)
	for range 3 {
		require.Zero(t, throttle.Take("a", "192.0.2.1"))
	}
	for range 10 {
		require.NotZero(t, throttle.Take("a", "192.0.2.1"))
	}
	require.Zero(t, throttle.Take("b", "192.0.2.1"))
	at.advance(30 * time.Second)
	require.Zero(t, throttle.Take("a", "192.0.2.1"))
}

func TestThrottleForgivesOnSuccess(t *testing.T) {
	throttle, _ := newThrottle(100)
	for range 50 {
		require.Zero(t, throttle.Take("a", "192.0.2.1"))
		throttle.Succeeded("a", "192.0.2.1")
	}
	for range 3 {
		require.Zero(t, throttle.Take("a", "192.0.2.1"))
	}
	require.NotZero(t, throttle.Take("a", "192.0.2.1"))
	throttle.Succeeded("a", "192.0.2.1")
	require.Zero(t, throttle.Take("a", "192.0.2.1"))
	require.Zero(t, throttle.Take("b", "192.0.2.1"))
	require.Zero(t, throttle.Take("b", "192.0.2.1"))
	require.NotZero(t, throttle.Take("c", "192.0.2.1"), "another's failures from this address are not forgiven")
}

func TestThrottleIsBounded(t *testing.T) {
	throttle, _ := newThrottle(10)
	for i := range 3 {
		require.Zero(t, throttle.Take("a", fmt.Sprintf("192.0.2.%d", i)))
	}
	for i := range 1000 {
		require.NotZero(t, throttle.Take("a", fmt.Sprintf("198.51.100.%d", i%200)))
	}
	for i := range 1000 {
		throttle.Take(fmt.Sprint(i), fmt.Sprint("address", i))
		require.LessOrEqual(t, len(throttle.young)+len(throttle.old), 10)
	}
}
