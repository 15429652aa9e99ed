package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// speakUUID makes the connection send and read a uuid.UUID as its 16 bytes. pgx knows the type only as a driver.Valuer, and the
// way over its text costs more than the rest of a short statement's arguments.
func speakUUID(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{Name: "uuid", OID: pgtype.UUIDOID, Codec: uuidCodec{}})
	return nil
}

type uuidCodec struct{ pgtype.UUIDCodec }

// PlanEncode implements pgtype.Codec.
func (c uuidCodec) PlanEncode(m *pgtype.Map, oid uint32, format int16, value any) pgtype.EncodePlan {
	if _, ok := value.(uuid.UUID); ok && format == pgtype.BinaryFormatCode {
		return uuidBytes{}
	}
	return c.UUIDCodec.PlanEncode(m, oid, format, value)
}

// PlanScan implements pgtype.Codec.
func (c uuidCodec) PlanScan(m *pgtype.Map, oid uint32, format int16, target any) pgtype.ScanPlan {
	if _, ok := target.(*uuid.UUID); ok && format == pgtype.BinaryFormatCode {
		return uuidBytes{}
	}
	return c.UUIDCodec.PlanScan(m, oid, format, target)
}

type uuidBytes struct{}

// Encode implements pgtype.EncodePlan.
func (uuidBytes) Encode(value any, buf []byte) ([]byte, error) {
	id, _ := value.(uuid.UUID)
	return append(buf, id[:]...), nil
}

// Scan implements pgtype.ScanPlan. NULL is uuid.Nil, as it is for uuid.UUID's own Scan.
func (uuidBytes) Scan(src []byte, target any) error {
	id, _ := target.(*uuid.UUID)
	if src == nil {
		*id = uuid.Nil
		return nil
	}
	return id.UnmarshalBinary(src)
}
