package workers_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"

	"mainstay/workers"
)

func TestCodecHidesPayloadsAndReadsOlderKeys(t *testing.T) {
	t.Parallel()
	old, current := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	before, err := workers.NewCodec(old)
	require.NoError(t, err)
	after, err := workers.NewCodec(current, old)
	require.NoError(t, err)
	plain := &commonpb.Payload{Metadata: map[string][]byte{"encoding": []byte("json/plain")}, Data: []byte(`"secret words"`)}

	sealed, err := before.Encode([]*commonpb.Payload{plain})
	require.NoError(t, err)
	require.NotContains(t, sealed[0].String(), "secret words")
	opened, err := after.Decode(sealed)
	require.NoError(t, err)
	require.Equal(t, plain.GetData(), opened[0].GetData())
	require.Equal(t, plain.GetMetadata(), opened[0].GetMetadata())

	newer, err := after.Encode([]*commonpb.Payload{plain})
	require.NoError(t, err)
	_, err = before.Decode(newer)
	require.ErrorContains(t, err, "MAINSTAY_PAYLOAD_PREVIOUS_KEYS")

	newer[0].GetData()[len(newer[0].GetData())-1] ^= 1
	_, err = after.Decode(newer)
	require.Error(t, err)

	passed, err := after.Decode([]*commonpb.Payload{plain})
	require.NoError(t, err)
	require.Equal(t, plain, passed[0])
}
