package db

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// uuidCodec takes ids over as the sixteen bytes that they are. pgx alone would write each one out
// as text and have that read again, on the way in and out.
type uuidCodec struct{ pgtype.UUIDCodec }

// registerUUIDs has a connection use uuidCodec.
func registerUUIDs(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{Name: "uuid", OID: pgtype.UUIDOID, Codec: uuidCodec{}})
	return nil
}

// PlanScan is for a column that is read into a uuid.UUID.
func (c uuidCodec) PlanScan(types *pgtype.Map, oid uint32, format int16, target any) pgtype.ScanPlan {
	if _, is := target.(*uuid.UUID); is && format == pgtype.BinaryFormatCode {
		return scanUUID{}
	}
	return c.UUIDCodec.PlanScan(types, oid, format, target)
}

// PlanEncode is for a uuid.UUID among the arguments.
func (c uuidCodec) PlanEncode(types *pgtype.Map, oid uint32, format int16, value any) pgtype.EncodePlan {
	if _, is := value.(uuid.UUID); is && format == pgtype.BinaryFormatCode {
		return encodeUUID{}
	}
	return c.UUIDCodec.PlanEncode(types, oid, format, value)
}

type scanUUID struct{}

func (scanUUID) Scan(source []byte, target any) error {
	if len(source) != len(uuid.UUID{}) {
		return fmt.Errorf("a UUID of %d bytes", len(source))
	}
	copy(target.(*uuid.UUID)[:], source)
	return nil
}

type encodeUUID struct{}

func (encodeUUID) Encode(value any, buffer []byte) ([]byte, error) {
	id := value.(uuid.UUID)
	return append(buffer, id[:]...), nil
}
