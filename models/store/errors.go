package store

import (
	"context"
	"errors"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"mainstay/models"
)

// SQLSTATEs that translate and InTx know.
const (
	uniqueViolation      = "23505"
	foreignKeyViolation  = "23503"
	checkViolation       = "23514"
	notNullViolation     = "23502"
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	lockNotAvailable     = "55P03"
	numberOutOfRange     = "22003"
	dateOutOfRange       = "22008"
	notInEncoding        = "22021"
	untranslatable       = "22P05"
)

// translate turns what PostgreSQL says into the vocabulary of models. Constraints are named <table>_<column>_key and
// <table>_<column>_fkey, so that the field at fault can be named; an error it does not know is returned as it is (the API
// answers «internal» and logs it).
func translate(err error) error {
	if err == nil {
		return nil
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return translatePostgres(pg, err)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if pgconn.SafeToRetry(err) || isNetwork(err) {
		return unavailable(err)
	}
	return err
}

func translatePostgres(pg *pgconn.PgError, err error) error {
	switch pg.Code {
	case uniqueViolation:
		field := constraintField(pg, "_key")
		return models.InvalidConflict("/"+field, "taken", "Another one has this %s already.", words(field))
	case foreignKeyViolation:
		field := constraintField(pg, "_fkey")
		if strings.Contains(pg.Message, "update or delete") {
			return models.Conflict("It is still in use.")
		}
		return models.InvalidField("/"+field, "not_found", "There is no such %s.", words(strings.TrimSuffix(field, "_id")))
	case checkViolation, notNullViolation:
		field := pg.ColumnName
		if field == "" {
			field = constraintField(pg, "_check")
		}
		return models.InvalidField("/"+field, "invalid", "The value is not allowed here.")
	case numberOutOfRange, dateOutOfRange, notInEncoding, untranslatable:
		return models.InvalidField("", "range", "A value cannot be stored: a number or a date is too large, or a text holds what is none.")
	}
	// 08: connection exceptions; 57P: the server shuts down or starts; 53: no resources left.
	if strings.HasPrefix(pg.Code, "08") || strings.HasPrefix(pg.Code, "57P") || strings.HasPrefix(pg.Code, "53") {
		return unavailable(err)
	}
	return err
}

// constraintField takes the column out of a constraint's name.
func constraintField(pg *pgconn.PgError, suffix string) string {
	return strings.TrimSuffix(strings.TrimPrefix(pg.ConstraintName, pg.TableName+"_"), suffix)
}

func words(field string) string { return strings.ReplaceAll(field, "_", " ") }

func isNetwork(err error) bool {
	var n net.Error
	return errors.As(err, &n)
}

// unavailable is a models.Error that keeps its cause for the log.
func unavailable(cause error) error {
	return errors.Join(&models.Error{Code: models.CodeUnavailable, Detail: "The database is away."}, cause)
}

// mayRetry reports whether a transaction lost only a race and can be run again from its start.
func mayRetry(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == serializationFailure || pg.Code == deadlockDetected || pg.Code == lockNotAvailable)
}

// badCursor names the cursor where PostgreSQL could not read its text as the sort key's type (class 22: data exception).
func badCursor(err error) error {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && strings.HasPrefix(pg.Code, "22") {
		return models.InvalidField("cursor", "invalid", "This is not a cursor of this list.")
	}
	return err
}
