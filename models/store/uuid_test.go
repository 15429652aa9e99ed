package store //nolint:testpackage // how a value meets the wire is no part of the store's face

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/stretchr/testify/require"
)

func TestUUIDTravelsAsItsBytes(t *testing.T) {
	t.Parallel()
	types := pgtype.NewMap()
	types.RegisterType(&pgtype.Type{Name: "uuid", OID: pgtype.UUIDOID, Codec: uuidCodec{}})
	id := uuid.New()
	for _, value := range []any{id, &id, [16]byte(id)} {
		wire, err := types.Encode(pgtype.UUIDOID, pgtype.BinaryFormatCode, value, nil)
		require.NoError(t, err)
		require.Equal(t, id[:], wire, "%T", value)
	}
	none, err := types.Encode(pgtype.UUIDOID, pgtype.BinaryFormatCode, (*uuid.UUID)(nil), nil)
	require.NoError(t, err)
	require.Nil(t, none)

	var one uuid.UUID
	require.NoError(t, types.Scan(pgtype.UUIDOID, pgtype.BinaryFormatCode, id[:], &one))
	require.Equal(t, id, one)
	require.NoError(t, types.Scan(pgtype.UUIDOID, pgtype.BinaryFormatCode, nil, &one))
	require.Equal(t, uuid.Nil, one)
	require.Error(t, types.Scan(pgtype.UUIDOID, pgtype.BinaryFormatCode, id[:15], &one))
	maybe := &one
	require.NoError(t, types.Scan(pgtype.UUIDOID, pgtype.BinaryFormatCode, nil, &maybe))
	require.Nil(t, maybe)

	list, err := types.Encode(pgtype.UUIDArrayOID, pgtype.BinaryFormatCode, []uuid.UUID{id, uuid.Nil}, nil)
	require.NoError(t, err)
	var many []uuid.UUID
	require.NoError(t, types.Scan(pgtype.UUIDArrayOID, pgtype.BinaryFormatCode, list, &many))
	require.Equal(t, []uuid.UUID{id, uuid.Nil}, many)
}
