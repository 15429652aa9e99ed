package postgres

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/stretchr/testify/require"
)

func newKey(t *testing.T) RecoveryKey {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	key, err := ParseRecoveryKey(identity.String())
	require.NoError(t, err)
	return key
}

const rows = "Pump P-101 of the cooling tower, serial 4711\n"

func sealed(t *testing.T, key RecoveryKey) (*bytes.Buffer, Sum) {
	t.Helper()
	var stored bytes.Buffer
	sum, err := key.seal(&stored, func(w io.Writer) error {
		_, err := io.Copy(w, strings.NewReader(strings.Repeat(rows, 20_000)))
		return err
	})
	require.NoError(t, err)
	return &stored, sum
}

func TestASealedDumpOpensToWhatWentIn(t *testing.T) {
	key := newKey(t)
	stored, in := sealed(t, key)
	require.NotContains(t, stored.String(), "P-101")
	var opened bytes.Buffer
	out, err := key.Open(bytes.NewReader(stored.Bytes()), &opened)
	require.NoError(t, err)
	require.Equal(t, in, out)
	require.Equal(t, strings.Repeat(rows, 20_000), opened.String())
}

func TestADamagedOrForeignDumpDoesNotOpen(t *testing.T) {
	key := newKey(t)
	stored, _ := sealed(t, key)
	whole := stored.Bytes()
	_, err := newKey(t).Open(bytes.NewReader(whole), io.Discard)
	require.ErrorIs(t, err, ErrWrongKey)
	for _, cut := range []int{1, len(whole) / 2, len(whole) - 1} {
		_, err := key.Open(bytes.NewReader(whole[:len(whole)-cut]), io.Discard)
		require.ErrorIs(t, err, ErrBroken, "cut by %d", cut)
	}
	flipped := bytes.Clone(whole)
	flipped[len(flipped)-20] ^= 1
	_, err = key.Open(bytes.NewReader(flipped), io.Discard)
	require.ErrorIs(t, err, ErrBroken)
}

func TestADumpThatBrokeOffDoesNotOpen(t *testing.T) {
	key := newKey(t)
	var stored bytes.Buffer
	died := errors.New("pg_dump was killed")
	_, err := key.seal(&stored, func(w io.Writer) error {
		_, err := io.WriteString(w, rows)
		return errors.Join(err, died)
	})
	require.ErrorIs(t, err, died)
	_, err = key.Open(&stored, io.Discard)
	require.ErrorIs(t, err, ErrBroken)
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestAFullDiskIsNoDamage(t *testing.T) {
	key := newKey(t)
	stored, _ := sealed(t, key)
	_, err := key.Open(stored, full{})
	require.ErrorContains(t, err, "no space left")
	require.NotErrorIs(t, err, ErrBroken)
}
