package store

import (
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"mainstay/models"
)

func TestWhatPostgreSQLCannotStoreIsTheInputsFault(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"22003", "22008", "22021", "22P05"} {
		require.Equal(t, models.CodeInvalid, models.ErrorCode(translate(&pgconn.PgError{Code: state})), state)
	}
	require.Equal(t, models.CodeInternal, models.ErrorCode(translate(&pgconn.PgError{Code: "22012"})), "a division by zero is ours")
}
